/** A run's measured loss as the ground of a station: smooth through its places, with its lowest one, and the address. */
import { expect, test } from 'vitest'
import type { LossSlice } from '#contract/loss-slice.ts'
import { kindOf } from '#renderer/parts/foundations/saddle/functions.ts'
import { SaddleModel } from '#renderer/parts/foundations/saddle/model.svelte.ts'
import { landscapeOf } from '#renderer/parts/foundations/saddle/slice.ts'

/** A bowl about (0.2, -0.4), measured at 31 x 31 places from -1.5 to 1.5. */
function bowl(change: (losses: Float32Array<ArrayBuffer>) => void = () => undefined): LossSlice {
  const [size, span] = [31, 1.5]
  const at = (step: number) => (step * 2 * span) / (size - 1) - span
  const losses = Float32Array.from({ length: size * size }, (_, place) => {
    const [x, y] = [at(place % size), at(Math.floor(place / size))]
    return 0.3 + (x - 0.2) ** 2 + 2 * (y + 0.4) ** 2
  })
  change(losses)
  const way = [
    { epoch: 0, a: 1, b: 0 },
    { epoch: 9, a: 0, b: 0 }
  ]
  return { type: 'done', epoch: 9, part: 'train', rows: 10, ofRows: 10, size, span, losses, way }
}

test('between its places the ground is what was measured there, with its gradient and curvature', () => {
  const ground = landscapeOf(bowl())
  expect(ground.value(0.33, 0.71)).toBeCloseTo(0.3 + 0.13 ** 2 + 2 * 1.11 ** 2, 4)
  expect(ground.gradient(0.33, 0.71)[0]).toBeCloseTo(2 * 0.13, 3)
  expect(ground.gradient(0.33, 0.71)[1]).toBeCloseTo(4 * 1.11, 3)
  ground.curvature(0.3, 0.5).forEach((value, place) => expect(value).toBeCloseTo([2, 0, 4][place] ?? NaN, 2))
  expect(ground.lowest.map((value) => Number(value.toFixed(3)))).toEqual([0.2, -0.4])
  expect(kindOf(ground, ...ground.lowest)).toBe('minimum')
  expect(kindOf(ground, 1, 1)).toBe('slope')
})

test('where the loss is no number any more, the ground is as high as anywhere, and all levels stay finite', () => {
  const ground = landscapeOf(bowl((losses) => losses.fill(NaN, 0, 31)))
  expect(ground.value(0, -1.5)).toBeGreaterThan(5)
  expect(ground.levels.every(Number.isFinite)).toBe(true)
  expect(ground.levels.every((level, index) => index === 0 || level > (ground.levels[index - 1] ?? 0))).toBe(true)
})

test('all three ways go down on it from the start of training, and the address brings them back', () => {
  const model = new SaddleModel('of=run&run=7&start=1,0')
  expect(model.request).toEqual({ runId: 7, plane: 'way', seed: 1, part: 'train' })
  expect(model.step()).toBe(false)
  model.lay(bowl())
  for (let step = 0; step < 200; step++) model.step()
  for (const { at } of model.ways) expect(model.landscape.value(...at)).toBeLessThan(0.31)
  const { address } = model
  const again = new SaddleModel(address)
  // The steps wait for the ground; until it has come, the address is what it was.
  expect(again.address).toBe(address)
  again.lay(bowl())
  expect(again.steps).toBe(200)
  expect(again.ways.map(({ at }) => at)).toEqual(model.ways.map(({ at }) => at))
  again.ask({ plane: 'random', seed: 2 })
  expect(again.slice).toBeNull()
  expect(again.request).toMatchObject({ plane: 'random', seed: 2 })
})
