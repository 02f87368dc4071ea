import fc from 'fast-check'
import { expect, test } from 'vitest'
import { downsample } from '#renderer/pure/downsample.ts'

test('a short curve is drawn as it is, and what was not measured is left out', () => {
  expect(downsample(new Float32Array([3, NaN, 1, Infinity]), 100)).toEqual([
    { x: 1, y: 3 },
    { x: 3, y: 1 }
  ])
})

test('a long curve keeps its extremes, its order and about the asked number of points', () => {
  fc.assert(
    fc.property(
      fc.float32Array({ minLength: 300, maxLength: 3000, noNaN: true, noDefaultInfinity: true }),
      (values) => {
        const points = downsample(values, 200)
        const ys = points.map((point) => point.y)
        expect(Math.max(...ys)).toBe(values.reduce((most, value) => Math.max(most, value), -Infinity))
        expect(Math.min(...ys)).toBe(values.reduce((least, value) => Math.min(least, value), Infinity))
        expect(points.length).toBeLessThanOrEqual(203)
        for (const [index, point] of points.entries()) {
          expect(point.y).toBe(values[point.x - 1])
          if (index > 0) expect(point.x).toBeGreaterThan(points[index - 1]?.x ?? 0)
        }
      }
    )
  )
})

test('points stand still while a curve grows within the same bucket width', () => {
  const values = Float32Array.from({ length: 1500 }, (_, index) => Math.sin(index / 7) + 1 / (index + 1))
  const before = downsample(values.subarray(0, 1100), 400)
  const after = downsample(values, 400)
  expect(after.slice(0, before.length - 2)).toEqual(before.slice(0, -2))
})
