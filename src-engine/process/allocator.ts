/**
 * Hands out regions of the one shared memory: a free list in order of offsets, merged on release, grown on demand.
 * It lives on the coordinator alone; threads get offsets. The kernels' first page is never handed out.
 */
import type { Region } from '#engine/training/network-arena.ts'

export const pageBytes = 65_536
/** Regions start and end on a cache line, so that two threads never write to the same one. */
export const regionAlignment = 64

export interface Allocator {
  /** Finds room for `bytes`, growing the memory where needed; null where the memory is full. Content is undefined. */
  allocate(bytes: number): Region | null
  /**
   * Takes a region back.
   * Errors: throws RangeError for a region that was not handed out or was given back before.
   */
  free(region: Region): void
  /** Bytes handed out at present. */
  bytesInUse(): number
  /** The largest region that could still be handed out. */
  largestFree(): number
}

/**
 * Creates the allocator of a memory nobody else hands out.
 * Units: `maximumPages` is the memory's own maximum, in pages of 64 KiB.
 */
export function createAllocator(memory: WebAssembly.Memory, maximumPages: number): Allocator {
  // Page 0 belongs to the module: AssemblyScript places static data below __heap_base, and 0 is its null pointer.
  let end = memory.buffer.byteLength
  const free: Region[] = end > pageBytes ? [{ offset: pageBytes, bytes: end - pageBytes }] : []
  const used = new Map<number, number>()
  let inUse = 0

  function take(index: number, bytes: number): Region {
    const { offset, bytes: available } = free[index] as Region
    const rest = available > bytes ? [{ offset: offset + bytes, bytes: available - bytes }] : []
    free.splice(index, 1, ...rest)
    used.set(offset, bytes)
    inUse += bytes
    return { offset, bytes }
  }

  /** Bytes of the free stretch at the end of the memory, which growing makes longer. */
  function tail(): number {
    const last = free.at(-1)
    return last && last.offset + last.bytes === end ? last.bytes : 0
  }

  /** Adds pages until the free stretch at the end of the memory has `bytes`. */
  function grow(bytes: number): boolean {
    const pages = Math.ceil((bytes - tail()) / pageBytes)
    if (end / pageBytes + pages > maximumPages) return false
    try {
      memory.grow(pages)
    } catch {
      return false // the operating system has no more to give
    }
    insert({ offset: end, bytes: pages * pageBytes })
    end += pages * pageBytes
    return true
  }

  function insert(region: Region): void {
    let at = free.findIndex((other) => other.offset > region.offset)
    if (at < 0) at = free.length
    const before = free[at - 1]
    const after = free[at]
    const joinsBefore = before !== undefined && before.offset + before.bytes === region.offset
    const joinsAfter = after !== undefined && region.offset + region.bytes === after.offset
    const offset = joinsBefore ? before.offset : region.offset
    const bytes = region.bytes + (joinsBefore ? before.bytes : 0) + (joinsAfter ? after.bytes : 0)
    free.splice(joinsBefore ? at - 1 : at, Number(joinsBefore) + Number(joinsAfter), { offset, bytes })
  }

  return {
    allocate(bytes) {
      const wanted = Math.max(regionAlignment, Math.ceil(bytes / regionAlignment) * regionAlignment)
      const fits = () => smallestThatFits(free, wanted)
      if (fits() < 0 && !grow(wanted)) return null
      return take(fits(), wanted)
    },
    free(region) {
      const bytes = used.get(region.offset)
      if (bytes !== region.bytes)
        throw new RangeError(`No region of ${region.bytes} bytes is held at ${region.offset}.`)
      used.delete(region.offset)
      inUse -= bytes
      insert(region)
    },
    bytesInUse: () => inUse,
    largestFree: () => Math.max(maximumPages * pageBytes - end + tail(), ...free.map(({ bytes }) => bytes))
  }
}

/** The tightest fit keeps large stretches whole for data sets. */
function smallestThatFits(free: readonly Region[], bytes: number): number {
  let best = -1
  free.forEach((region, index) => {
    if (region.bytes >= bytes && (best < 0 || region.bytes < (free[best] as Region).bytes)) best = index
  })
  return best
}
