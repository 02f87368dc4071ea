/**
 * Launches the engine process as a forked Node process: for the web host and tests.
 * The desktop host forks a utilityProcess instead, with the same program and arguments.
 */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { FromEngine } from '#engine/process/protocol.ts'
import { portOf } from '#lab/engine/child-port.ts'
import type { EngineLauncher, HostServices } from '#lab/hosts/services.ts'

export interface EngineOptions {
  /** The repository's or the app's root. */
  readonly root: string
  /** Size of the thread pool; left out, a thread a core. */
  readonly threads?: number
  /** Most memory that data sets and runs may take together, in pages of 64 KiB; left out, all that WASM addresses. */
  readonly memoryPages?: number
  /** Whether to run the TypeScript files rather than the built one; left out, as this file itself is run. */
  readonly fromSource?: boolean
}

/**
 * Names the first file of the engine process and of its threads, and the arguments, the same for every kind of process.
 * From source (tests) it is the TypeScript file, from a bundle the built one.
 */
export function engineProgram(options: EngineOptions): { file: string; kernelsFile: string; args: string[] } {
  const { root, threads, memoryPages, fromSource = import.meta.url.endsWith('.ts') } = options
  const kernelsFile = join(root, 'out', 'wasm', 'kernels.wasm')
  return {
    file: fromSource ? join(root, 'src-main', 'engine', 'entry.ts') : join(root, 'out', 'main', 'engine-entry.js'),
    kernelsFile,
    args: [
      `--kernels=${kernelsFile}`,
      ...(threads === undefined ? [] : [`--threads=${threads}`]),
      ...(memoryPages === undefined ? [] : [`--memory-pages=${memoryPages}`])
    ]
  }
}

/** Creates a launcher of forked Node processes; what they write on stderr goes to the log. */
export function createEngineLauncher(options: EngineOptions, log: HostServices['log']): EngineLauncher {
  return () => {
    const { file, args } = engineProgram(options)
    const child = fork(file, args, {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc']
    })
    log('info', `The training engine was started as process ${child.pid ?? 'unknown'}.`)
    child.stderr?.setEncoding('utf8').on('data', (text: string) => log('error', `engine: ${text.trimEnd()}`))

    return portOf({
      send: (message) => child.connected && child.send(message, () => undefined),
      onMessage: (listener) => child.on('message', (message) => listener(message as FromEngine)),
      onGone(listener) {
        child.once('error', (error) => {
          log('error', `engine: ${error.stack ?? error.message}`)
          if (child.pid === undefined) listener(null, null, true)
        })
        // The pipe may still hold messages when the process is gone: the end is told after the last of them.
        child.once('close', (code, signal) => listener(code, signal))
      },
      kill: () => child.kill('SIGKILL')
    })
  }
}
