/**
 * Launches the engine inside this process: for the commands of the CLI. A process of its own needs about 0.1 s to start,
 * as long as a command needs for all else; and no window waits here for what the coordinator shares a thread with.
 */
import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import { MessageChannel } from 'node:worker_threads'
import { serveEngine } from '#engine/process/coordinator.ts'
import type { FromEngine, ToEngine } from '#engine/process/protocol.ts'
import { type EngineOptions, engineProgram } from '#lab/engine/launcher.ts'
import { createPlatform } from '#lab/engine/platform.ts'
import type { EngineExit, EngineLauncher, HostServices } from '#lab/hosts/services.ts'

/** Creates a launcher of engines in this process; one that can't go on ends as if its process had crashed. */
export function createEngineInProcess(options: EngineOptions, log: HostServices['log']): EngineLauncher {
  return () => {
    // A real channel, so that messages are clones and come in later turns, as those of a process do.
    const { port1: labEnd, port2: engineEnd } = new MessageChannel()
    let gone: Promise<EngineExit> | null = null
    const exits: ((exit: EngineExit) => void)[] = []
    const { file, kernelsFile } = engineProgram(options)

    const engine = serveEngine({
      ...createPlatform({ kernelsFile, threads: options.threads, memoryPages: options.memoryPages }),
      channel: {
        post: (message) => engineEnd.postMessage(message),
        onMessage: (listener) => engineEnd.on('message', (message: ToEngine) => listener(message))
      },
      workerUrl: pathToFileURL(file),
      onShutdown: () => void end('exit'),
      onFault(error) {
        log('error', `engine: ${error.stack ?? error.message}`)
        void end('crash')
      }
    })
    log('info', 'The training engine was started in this process.')

    /** Both an end that was asked for and a fault may come to this: the first decides. */
    function end(kind: EngineExit['kind']): Promise<EngineExit> {
      gone ??= close(kind)
      return gone
    }

    async function close(kind: EngineExit['kind']): Promise<EngineExit> {
      await engine.end()
      const closed = Promise.all([once(labEnd, 'close'), once(engineEnd, 'close')])
      labEnd.close()
      await closed
      const exit = { kind, code: null, signal: null }
      exits.forEach((listener) => listener(exit))
      return exit
    }

    return {
      post: (message) => labEnd.postMessage(message),
      onMessage(listener) {
        labEnd.on('message', (message: FromEngine) => listener(message))
      },
      onExit(listener) {
        exits.push(listener)
      },
      async stop() {
        await end('exit')
      }
    }
  }
}
