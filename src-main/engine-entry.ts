/**
 * First file of the engine process in every host, and of each of its threads: gives the engine what only the platform
 * has (channel, files, clock, arguments). No decision about training is made here.
 */
import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { availableParallelism, constants, setPriority } from 'node:os'
import { parseArgs } from 'node:util'
import { isMainThread } from 'node:worker_threads'
import { type Platform, serveEngine } from '#engine/process/coordinator.ts'
import { serveThread } from '#engine/process/thread.ts'
import type { FromEngine, ToEngine } from '#engine/process/protocol.ts'
import { joinVectors, suitableTile } from '#lab/wide-vectors.ts'

/** What Electron adds to `process` in a utility process; its own types belong to the desktop host. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

const now = () => performance.now()

/** Large enough to keep the disk busy, small enough that control messages get in between. */
const pieceBytes = 8 * 1024 * 1024
/** All that 32-bit addresses reach: 4 GiB. Only what is touched takes memory of the machine. */
const mostMemoryPages = 65_536

if (isMainThread) start()
else serveThread({ now, beforeKernels: joinVectors })

function start(): void {
  const { values } = parseArgs({
    options: { kernels: { type: 'string' }, threads: { type: 'string' }, 'memory-pages': { type: 'string' } }
  })
  // Training takes all cores for hours: whoever waits for a window or for the lab goes first. The threads inherit it.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
  if (values.kernels === undefined) throw new Error('The engine process needs --kernels=FILE.')
  // Ctrl+C in a terminal reaches every process of the group; the lab ends this one when its runs are in order.
  process.on('SIGINT', () => undefined)
  serveEngine({
    channel: openChannel(),
    readInto,
    kernels: readFileSync(values.kernels),
    tileRows: suitableTile(),
    workerUrl: new URL(import.meta.url),
    threads: Number(values.threads ?? availableParallelism()),
    memoryPages: Number(values['memory-pages'] ?? mostMemoryPages),
    now,
    exit: () => process.exit()
  })
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

async function readInto(path: string, target: Uint8Array): Promise<void> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    if (size !== target.byteLength) {
      throw new RangeError(`${path} has ${size} bytes where its table needs ${target.byteLength}; prepare it again.`)
    }
    for (let done = 0; done < size;) {
      const { bytesRead } = await file.read(target, done, Math.min(pieceBytes, size - done), done)
      if (bytesRead === 0) throw new RangeError(`${path} became shorter while it was being read; prepare it again.`)
      done += bytesRead
    }
  } finally {
    await file.close()
  }
}
