import { expect, test } from 'vitest'
import { layoutDiagram, linkPath, nearestHidden, unitsAfterDrag } from '#renderer/parts/topology/diagram-layout.ts'

const size = { width: 400, height: 140, margin: 34 }

test('columns stand from margin to margin at equal steps', () => {
  const columns = layoutDiagram([4, 8, 2, 3], size)
  expect(columns[0]?.x).toBe(34)
  expect(columns[3]?.x).toBe(366)
  expect((columns[1]?.x ?? 0) - 34).toBeCloseTo(332 / 3)
})

test('a small layer shows every unit, a large one both ends and a gap, all within the picture', () => {
  const [small, large] = layoutDiagram([3, 5000], size)
  expect(small?.ys).toHaveLength(3)
  expect(small?.gapY).toBeNull()
  expect(large?.ys).toHaveLength(8)
  expect(large?.gapY).toBe(70)
  for (const y of [...(small?.ys ?? []), ...(large?.ys ?? [])]) {
    expect(y).toBeGreaterThan(6)
    expect(y).toBeLessThan(134)
  }
})

test('each drawn unit is linked with each of the next column', () => {
  const [from, to] = layoutDiagram([3, 2], size)
  if (!from || !to) throw new Error('There are two columns.')
  expect(linkPath(from, to).match(/M/g)).toHaveLength(6)
})

test('a dragged layer lands on the hidden column nearest to it', () => {
  const columns = layoutDiagram([4, 8, 8, 8, 2], size)
  expect(nearestHidden(columns, 0)).toBe(0)
  expect(nearestHidden(columns, 205)).toBe(1)
  expect(nearestHidden(columns, 999)).toBe(2)
})

test('a dragged edge goes unit by unit in a small layer and by doubling in a large one, there and back', () => {
  expect(unitsAfterDrag(3, 8)).toBe(4)
  expect(unitsAfterDrag(3, -100)).toBe(1)
  expect(unitsAfterDrag(64, 28)).toBe(128)
  expect(unitsAfterDrag(8000, 100)).toBe(8192)
  for (const units of [1, 5, 9, 10, 33, 700, 8192]) {
    expect(unitsAfterDrag(units, 0)).toBe(units)
    const further = unitsAfterDrag(units, -40)
    expect(Math.abs(unitsAfterDrag(further, 40) - units) / units).toBeLessThan(further === 1 ? 5.01 : 0.1)
  }
})
