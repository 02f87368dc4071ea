import { expect, it } from 'vitest'
import { lookAtUnits } from '#lab/insight/understanding/units.ts'

it('finds units that never change and units that say the same', async () => {
  const rows = 50
  const outputs = Float32Array.from({ length: rows * 5 }, (_, at) => {
    const x = Math.sin(Math.floor(at / 5) * 1.7)
    return [x, 0, -3 * x + 2, x * x, 1][at % 5] ?? 0
  })
  const { still, twins, deviations } = await lookAtUnits(outputs, 5)
  expect(still).toEqual([1, 4])
  expect(twins).toEqual([{ unit: 2, twin: 0 }])
  expect(deviations[2]).toBeCloseTo(3 * (deviations[0] ?? 0), 5)
})
