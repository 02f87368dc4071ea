/** Launches the engine process as a utilityProcess: same program, arguments and protocol as in the other hosts. */
import type { utilityProcess } from 'electron'
import type { FromEngine } from '#engine/process/protocol.ts'
import { portOf } from '#lab/engine/child-port.ts'
import type { EngineLauncher, HostServices } from '#lab/hosts/services.ts'

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
    let isGone = false
    child.once('exit', () => (isGone = true))
    return portOf({
      send: (message) => !isGone && child.postMessage(message),
      onMessage: (listener) => child.on('message', (message) => listener(message as FromEngine)),
      onGone: (listener) => child.once('exit', (code) => listener(code, null)),
      kill: () => child.kill()
    })
  }
}
