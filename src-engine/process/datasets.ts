/**
 * Data sets in the shared memory: each is loaded once, held by the lab and by its runs, and given back with the last hold.
 * Files go straight into the memory that the kernels read; nothing is copied on the way.
 */
import type { Allocator } from '#engine/process/allocator.ts'
import type { EngineDataset, MatrixFile } from '#engine/process/protocol.ts'
import { describeBytes } from '#engine/process/sentences.ts'
import type { PartView } from '#engine/training/evaluation.ts'
import type { Region } from '#engine/training/network-arena.ts'

/** Reads a whole file into `target`, in pieces; rejects with a sentence where the file has another size. */
export type ReadInto = (path: string, target: Uint8Array) => Promise<void>

export interface LoadedDataset {
  readonly dataset: EngineDataset
  readonly train: PartView
  readonly validation: PartView | null
}

/** One part in the memory: `free` gives its region back. */
export interface LoadedPart {
  readonly view: PartView
  free(): void
}

/** Brings a part's file into the memory; rejects with a sentence where there is no room or the file can't be read. */
export type LoadPart = (file: MatrixFile, inputs: number) => Promise<LoadedPart>

export interface Datasets {
  /**
   * Loads a data set, or joins the load of another caller, and holds it once more.
   * Errors: rejects with a sentence where the memory is full or a file can't be read; then nothing is held.
   */
  load(dataset: EngineDataset): Promise<void>
  /** Holds a loaded data set once more; null where none of that id is loaded. */
  hold(datasetId: string): LoadedDataset | null
  /** Gives one hold back; an unknown id is ignored, because its load may have failed. */
  release(datasetId: string): void
}

interface Entry {
  holds: number
  readonly loading: Promise<void>
  loaded: LoadedDataset | null
  parts: readonly LoadedPart[]
}

/** Creates the table of data sets, empty. */
export function createDatasets(loadPart: LoadPart): Datasets {
  const entries = new Map<string, Entry>()

  async function read(entry: Entry, dataset: EngineDataset): Promise<void> {
    const train = await loadPart(dataset.train, dataset.inputs)
    entry.parts = [train]
    const validation = dataset.validation && (await loadPart(dataset.validation, dataset.inputs))
    if (validation) entry.parts = [train, validation]
    entry.loaded = { dataset, train: train.view, validation: validation?.view ?? null }
  }

  function remove(datasetId: string, entry: Entry): void {
    entries.delete(datasetId)
    entry.parts.forEach((part) => part.free())
  }

  function begin(dataset: EngineDataset): Entry {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const entry: Entry = { holds: 0, loading: promise, loaded: null, parts: [] }
    entries.set(dataset.id, entry)
    read(entry, dataset).then(resolve, (error: unknown) => {
      remove(dataset.id, entry)
      reject(error instanceof Error ? error : new Error(String(error)))
    })
    return entry
  }

  /** While it loads, its files are being written into its regions: they are kept until then. */
  function freeIfUnheld(datasetId: string, entry: Entry): void {
    if (entry.holds === 0 && entry.loaded) remove(datasetId, entry)
  }

  return {
    async load(dataset) {
      const entry = entries.get(dataset.id) ?? begin(dataset)
      entry.holds++
      await entry.loading
      freeIfUnheld(dataset.id, entry)
    },
    hold(datasetId) {
      const entry = entries.get(datasetId)
      if (!entry?.loaded) return null
      entry.holds++
      return entry.loaded
    },
    release(datasetId) {
      const entry = entries.get(datasetId)
      if (!entry || entry.holds === 0) return
      entry.holds--
      freeIfUnheld(datasetId, entry)
    }
  }
}

/** Makes the loader of parts for one memory. */
export function createPartLoader(memory: WebAssembly.Memory, allocator: Allocator, readInto: ReadInto): LoadPart {
  return async ({ path, rows, isWeighted = false }, inputs) => {
    const bytes = rows * (inputs + (isWeighted ? 2 : 1)) * Float32Array.BYTES_PER_ELEMENT
    const region = allocateOrThrow(allocator, bytes, `A part of ${rows} rows and ${inputs} inputs`)
    try {
      await readInto(path, new Uint8Array(memory.buffer, region.offset, bytes))
    } catch (error) {
      allocator.free(region)
      throw error
    }
    const targets = region.offset + rows * inputs * Float32Array.BYTES_PER_ELEMENT
    const weights = targets + rows * Float32Array.BYTES_PER_ELEMENT
    const view = { inputs: region.offset, targets, rows, ...(isWeighted && { weights }) }
    return { view, free: () => allocator.free(region) }
  }
}

/**
 * Allocates, or says in words what did not fit and what to do.
 * Errors: throws RangeError where the memory is full; `what` begins the sentence.
 */
export function allocateOrThrow(allocator: Allocator, bytes: number, what: string): Region {
  const region = allocator.allocate(bytes)
  if (region) return region
  const free = describeBytes(allocator.largestFree())
  throw new RangeError(
    `${what} needs ${describeBytes(bytes)} of the engine's memory, where ${free} are free in one piece: ` +
      'stop other runs, or use fewer rows or a smaller network.'
  )
}
