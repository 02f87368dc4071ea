import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAllocator, pageBytes, regionAlignment } from '#engine/process/allocator.ts'
import type { Region } from '#engine/training/network-arena.ts'

function setup(maximumPages = 16) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: maximumPages, shared: true })
  return { memory, allocator: createAllocator(memory, maximumPages) }
}

const wholeMemory = (pages: number) => (pages - 1) * pageBytes

test('regions are aligned, lie beyond the first page and inside the memory', () => {
  const { memory, allocator } = setup()
  for (const bytes of [0, 1, 64, 65, 100_000]) {
    const region = allocator.allocate(bytes)
    if (!region) throw new Error('There was room.')
    expect(region.offset % regionAlignment).toBe(0)
    expect(region.bytes % regionAlignment).toBe(0)
    expect(region.bytes).toBeGreaterThanOrEqual(bytes)
    expect(region.offset).toBeGreaterThanOrEqual(pageBytes)
    expect(region.offset + region.bytes).toBeLessThanOrEqual(memory.buffer.byteLength)
  }
})

test('a full memory gives null and takes nothing', () => {
  const { allocator } = setup(4)
  const before = allocator.bytesInUse()
  expect(allocator.allocate(wholeMemory(4) + 1)).toBeNull()
  expect(allocator.bytesInUse()).toBe(before)
  expect(allocator.allocate(wholeMemory(4))).not.toBeNull()
  expect(allocator.largestFree()).toBe(0)
  expect(allocator.allocate(1)).toBeNull()
})

test('the largest region that is said to be free can be had, and none larger', () => {
  const { allocator } = setup(6)
  const regions = [2, 1, 1].map((pages) => allocator.allocate(pages * pageBytes) as Region)
  allocator.free(regions[0] as Region)
  const bytes = allocator.largestFree()
  expect(bytes).toBe(2 * pageBytes)
  expect(allocator.allocate(bytes + 1)).toBeNull()
  expect(allocator.allocate(bytes)).not.toBeNull()
})

test('released neighbours join, whatever the order of release', () => {
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [0, 2, 1],
    [1, 0, 2]
  ]) {
    const { allocator } = setup(4)
    const regions = [0, 1, 2].map(() => allocator.allocate(pageBytes) as Region)
    for (const index of order) allocator.free(regions[index] as Region)
    expect(allocator.allocate(wholeMemory(4))).not.toBeNull()
  }
})

test('a region is given back once, and only as it was handed out', () => {
  const { allocator } = setup()
  const region = allocator.allocate(640) as Region
  expect(() => allocator.free({ offset: region.offset, bytes: 64 })).toThrow(RangeError)
  allocator.free(region)
  expect(() => allocator.free(region)).toThrow('No region of 640 bytes')
})

test('any order of requests and releases keeps regions apart and loses nothing', () => {
  const steps = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 3 * pageBytes }), drop: fc.nat(7) }), {
    maxLength: 60
  })
  fc.assert(
    fc.property(steps, (requests) => {
      const { allocator } = setup(8)
      const held: Region[] = []
      for (const { bytes, drop } of requests) {
        const region = allocator.allocate(bytes)
        if (region) {
          const end = region.offset + region.bytes
          for (const other of held)
            expect(end <= other.offset || other.offset + other.bytes <= region.offset).toBe(true)
          held.push(region)
        }
        const dropped = held.splice(drop, 1)[0]
        if (dropped) allocator.free(dropped)
      }
      held.forEach((region) => allocator.free(region))
      expect(allocator.bytesInUse()).toBe(0)
      expect(allocator.allocate(wholeMemory(8))).not.toBeNull()
    })
  )
})
