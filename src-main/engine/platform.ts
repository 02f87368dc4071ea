/**
 * What the engine needs of the platform wherever its coordinator runs, in a process of its own or in a command's: its
 * files, the clock, and what suits the processor. No decision about training is made here.
 */
import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import type { Platform } from '#engine/process/coordinator.ts'
import { suitableTile } from '#lab/engine/wide-vectors.ts'

/** Large enough to keep the disk busy, small enough that control messages get in between. */
const pieceBytes = 8 * 1024 * 1024
/** All that 32-bit addresses reach: 4 GiB. Only what is touched takes memory of the machine. */
const mostMemoryPages = 65_536

export interface PlatformSettings {
  /** The compiled kernels. */
  readonly kernelsFile: string
  /** Size of the thread pool; left out, a thread a core. */
  readonly threads?: number | undefined
  /** Most memory that data sets and runs may take together, in pages of 64 KiB; left out, all that WASM addresses. */
  readonly memoryPages?: number | undefined
}

/** Errors: throws where the kernels can't be read. */
export function createPlatform({
  kernelsFile,
  threads = availableParallelism(),
  memoryPages = mostMemoryPages
}: PlatformSettings): Pick<Platform, 'readInto' | 'kernels' | 'tileRows' | 'threads' | 'memoryPages' | 'now'> {
  return {
    readInto,
    kernels: readFileSync(kernelsFile),
    tileRows: suitableTile(),
    threads,
    memoryPages,
    now: () => performance.now()
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
