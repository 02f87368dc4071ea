/** Launches the engine process as a utilityProcess: same program, arguments and protocol as in the other hosts. */
import type { utilityProcess } from 'electron'
import type { FromEngine } from '#engine/process/protocol.ts'
import type { EngineExit, EngineLauncher, HostServices } from '#lab/hosts/services.ts'

const graceMs = 1000

/** Creates the launcher; usable once the app is ready. What the process writes on stderr goes to the log. */
export function createUtilityLauncher(
  processes: Pick<typeof utilityProcess, 'fork'>,
  program: { readonly file: string; readonly args: string[] },
  log: HostServices['log']
): EngineLauncher {
  return () => {
    const stdio = ['ignore', 'ignore', 'pipe'] as const
    const child = processes.fork(program.file, program.args, { serviceName: 'Topology Lab engine', stdio: [...stdio] })
    child.stderr?.on('data', (text: Buffer) => log('error', `engine: ${text.toString().trimEnd()}`))
    let asked = false
    let isGone = false
    const gone = new Promise<EngineExit>((resolve) => {
      child.once('exit', (code) => {
        isGone = true
        resolve({ kind: asked || code === 0 ? 'exit' : 'crash', code, signal: null })
      })
    })
    return {
      post(message) {
        if (!isGone) child.postMessage(message)
      },
      onMessage(listener) {
        child.on('message', (message) => listener(message as FromEngine))
      },
      onExit(listener) {
        void gone.then(listener)
      },
      async stop() {
        asked = true
        if (!isGone) child.postMessage({ type: 'shutdown' })
        const force = setTimeout(() => child.kill(), graceMs)
        await gone
        clearTimeout(force)
      }
    }
  }
}
