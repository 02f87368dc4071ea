/**
 * First file of the engine process in every host, and of each thread of the engine: gives it its channel, its arguments
 * and its priority. No decision about training is made here.
 */
import { constants, setPriority } from 'node:os'
import { parseArgs } from 'node:util'
import { isMainThread } from 'node:worker_threads'
import { type Platform, serveEngine } from '#engine/process/coordinator.ts'
import { serveThread } from '#engine/process/thread.ts'
import type { FromEngine, ToEngine } from '#engine/process/protocol.ts'
import { createPlatform } from '#lab/engine/platform.ts'
import { joinVectors } from '#lab/engine/wide-vectors.ts'

/** What Electron adds to `process` in a utility process; its own types belong to the desktop host. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

// Training takes all cores for hours: whoever waits for a window or for the lab goes first. On Linux a priority is a
// thread's, and its children's; elsewhere the process's.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
if (isMainThread) start()
else serveThread({ now: () => performance.now(), beforeKernels: joinVectors })

function start(): void {
  const { values } = parseArgs({
    options: { kernels: { type: 'string' }, threads: { type: 'string' }, 'memory-pages': { type: 'string' } }
  })
  if (values.kernels === undefined) throw new Error('The engine process needs --kernels=FILE.')
  // Ctrl+C in a terminal, its closing and the end of a session reach every process; the lab ends this one when its runs
  // are in order. Electron ends one that hangs by SIGTERM, and has no other way.
  const signals = ['SIGINT', 'SIGHUP', ...('parentPort' in process ? [] : ['SIGTERM'])]
  signals.forEach((signal) => process.on(signal, () => undefined))
  serveEngine({
    ...createPlatform({
      kernelsFile: values.kernels,
      threads: numberOf(values.threads),
      memoryPages: numberOf(values['memory-pages'])
    }),
    channel: openChannel(),
    workerUrl: new URL(import.meta.url),
    onShutdown: () => process.exit(),
    onFault(error) {
      throw error
    }
  })
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}

/** Electron's port where there is one, else the channel of a forked Node process; its end is the end of this process. */
function openChannel(): Platform['channel'] {
  const { parentPort } = process as { parentPort?: ParentPort }
  if (parentPort) {
    return {
      post: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data as ToEngine))
    }
  }
  process.once('disconnect', () => process.exit())
  return {
    // A failed send means that the lab is gone, which 'disconnect' tells.
    post: (message: FromEngine) => process.send?.(message, undefined, undefined, () => undefined),
    onMessage: (listener) => process.on('message', (message) => listener(message as ToEngine))
  }
}
