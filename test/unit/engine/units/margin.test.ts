import { expect, test } from 'vitest'
import { perceptronOutput, perceptronStep } from '#engine/units/perceptron.ts'
import { zeroUnit } from '#engine/units/linear-unit.ts'
import { marginOf } from '#engine/units/margin.ts'
import { Random } from '#engine/random.ts'

const corners = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1]
]

test('the margin of one input is known: rows 1 and -1 are at distance 1 from the line x = 0', () => {
  const found = marginOf({ rows: [[1], [-1]], targets: [1, 0] })
  expect(found?.margin).toBeCloseTo(1, 6)
  expect(found?.radius).toBeCloseTo(Math.SQRT2, 12)
  expect(found?.mostUpdates).toBeCloseTo(2, 5)
})

test('XOR has no margin, whatever is tried', () => {
  expect(marginOf({ rows: corners, targets: [0, 1, 1, 0] })).toBeNull()
})

test('no perceptron makes more updates than the bound', () => {
  const random = new Random(7)
  for (let round = 0; round < 20; round++) {
    const rows = Array.from({ length: 20 }, () => [random.normal(), random.normal()])
    // A line that parts them with some room.
    const sums = rows.map(([x = 0, y = 0]) => x + 0.5 * y + 0.2)
    const kept = rows.filter((_, index) => Math.abs(sums[index] ?? 0) > 0.15)
    const targets = kept.map(([x = 0, y = 0]) => (x + 0.5 * y + 0.2 > 0 ? 1 : 0))
    const bound = marginOf({ rows: kept, targets })
    expect(bound).not.toBeNull()
    let [unit, updates, clean] = [zeroUnit(2), 0, 0]
    for (let at = 0; clean < kept.length; at = (at + 1) % kept.length) {
      const [x = [], t = 0] = [kept[at], targets[at]]
      if (perceptronOutput(unit, x) === t) clean++
      else {
        unit = perceptronStep(unit, x, t, 0.3)
        updates++
        clean = 0
      }
    }
    expect(updates).toBeLessThanOrEqual(bound?.mostUpdates ?? 0)
  }
})
