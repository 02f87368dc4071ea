/** The stations of descent: a line through points, and landscapes with saddles. */
import { expect, test } from 'vitest'
import {
  costOf,
  gradientOf,
  largestCurvature,
  leastSquares,
  levelCurve,
  LineDescent,
  linePoints,
  sumsOf
} from '#renderer/parts/foundations/descent/line.ts'
import { DescentModel } from '#renderer/parts/foundations/descent/model.svelte.ts'
import { curvatures, kindOf, landscapeNames, landscapes } from '#renderer/parts/foundations/saddle/functions.ts'
import { SaddleModel } from '#renderer/parts/foundations/saddle/model.svelte.ts'

const points = linePoints(40, 3)
const sums = sumsOf(points)

test('the cost from sums is the cost from points, and its gradient that of central differences', () => {
  const w = [0.3, -0.7] as const
  const direct = points.reduce((sum, { x, y }) => sum + (w[0] + w[1] * x - y) ** 2, 0) / (2 * points.length)
  expect(costOf(sums, w)).toBeCloseTo(direct, 12)
  const h = 1e-5
  const [g0, g1] = gradientOf(sums, w)
  expect((costOf(sums, [w[0] + h, w[1]]) - costOf(sums, [w[0] - h, w[1]])) / (2 * h)).toBeCloseTo(g0, 6)
  expect((costOf(sums, [w[0], w[1] + h]) - costOf(sums, [w[0], w[1] - h])) / (2 * h)).toBeCloseTo(g1, 6)
})

test('every place of a level curve has that cost, and one x for all points has no such curve', () => {
  const [least, curve] = [costOf(sums, leastSquares(sums) ?? [NaN, NaN]), levelCurve(sums, 0.7)]
  expect(curve).toHaveLength(72)
  curve?.forEach((w) => expect(costOf(sums, w)).toBeCloseTo(least + 0.7, 9))
  expect(levelCurve(sumsOf([1, 2].map((y) => ({ x: 1, y, t: 0 }))), 1)).toBeNull()
})

test('a thousand points in batches of fifty are twenty batches an epoch', () => {
  const model = new DescentModel('points=1000&method=mini&batch=50')
  expect(model.run.batches).toBe(20)
  for (let step = 0; step < 20; step++) model.step()
  expect(model.run.epochs).toBe(1)
})

test('full-batch descent goes down just below 2 over the curvature, and diverges just above', () => {
  const limit = 2 / largestCurvature(sums)
  const descend = (rate: number) => {
    const run = new LineDescent(points, sums, {
      start: [-2, 2],
      rate,
      schedule: { name: 'constant' },
      batch: 40,
      seed: 1
    })
    for (let step = 0; step < 3000 && run.step(); step++);
    return run
  }
  const best = leastSquares(sums) ?? [NaN, NaN]
  const good = descend(0.98 * limit)
  expect(good.diverged).toBe(false)
  expect(good.weights[0]).toBeCloseTo(best[0], 6)
  expect(good.weights[1]).toBeCloseTo(best[1], 6)
  expect(descend(1.02 * limit).diverged).toBe(true)
})

test('a rate that falls as c1 / (k + c2) brings single steps closer to the least cost than a fixed one', () => {
  const after = (address: string) => {
    const model = new DescentModel(address)
    for (let step = 0; step < 2000; step++) model.step()
    return model.cost
  }
  const least = costOf(sums, leastSquares(sums) ?? [NaN, NaN])
  const fixed = after('points=40&method=stochastic&rate=0.2') - least
  const falling = after('points=40&method=stochastic&decay=1&c1=1&c2=4') - least
  expect(falling).toBeGreaterThanOrEqual(0)
  expect(falling).toBeLessThan(fixed)
})

test('descent comes back from its address, bit by bit', () => {
  const model = new DescentModel('points=200&method=mini&batch=16')
  for (let step = 0; step < 31; step++) model.step()
  const again = new DescentModel(model.address)
  expect(again.run.weights).toEqual(model.run.weights)
  expect(again.run.path).toEqual(model.run.path)
  model.setPoints(model.points.slice(0, 5))
  const own = new DescentModel(model.address)
  expect(own.points).toEqual(model.points)
  expect(own.run.weights).toEqual(model.run.weights)
})

test.each(landscapeNames)('%s: gradient and curvature are those of central differences', (name) => {
  const { value, gradient, curvature } = landscapes[name]
  const h = 1e-4
  for (const [x, y] of [
    [0.4, -1.1],
    [-1.3, 0.2],
    [1.7, 1.9]
  ] as const) {
    const [gx, gy] = gradient(x, y)
    expect((value(x + h, y) - value(x - h, y)) / (2 * h)).toBeCloseTo(gx, 4)
    expect((value(x, y + h) - value(x, y - h)) / (2 * h)).toBeCloseTo(gy, 4)
    const [xx, xy, yy] = curvature(x, y)
    expect((gradient(x + h, y)[0] - gradient(x - h, y)[0]) / (2 * h)).toBeCloseTo(xx, 4)
    expect((gradient(x, y + h)[0] - gradient(x, y - h)[0]) / (2 * h)).toBeCloseTo(xy, 4)
    expect((gradient(x, y + h)[1] - gradient(x, y - h)[1]) / (2 * h)).toBeCloseTo(yy, 4)
  }
})

test("the saddle's gradient is zero at the origin, its curvature has both signs, and nothing moves from there", () => {
  const { saddle } = landscapes
  expect(saddle.gradient(0, 0).map(Math.abs)).toEqual([0, 0])
  expect(curvatures(saddle, 0, 0)).toEqual([-2, 2])
  expect(kindOf(saddle, 0, 0)).toBe('saddle')
  const model = new SaddleModel('start=0,0')
  for (let step = 0; step < 50; step++) model.step()
  for (const way of model.ways) way.at.forEach((value) => expect(Math.abs(value)).toBe(0))
})

test('from the ridge plain descent comes to rest on the saddle; a hair beside it leaves', () => {
  const ridge = new SaddleModel('start=1.6,0')
  const beside = new SaddleModel('start=1.6,0.001')
  for (let step = 0; step < 200; step++) {
    ridge.step()
    beside.step()
  }
  expect(Math.hypot(...(ridge.ways[0]?.at ?? [9, 9]))).toBeLessThan(1e-6)
  expect(Math.abs(beside.ways[0]?.at[1] ?? 0)).toBeGreaterThan(1)
})

test("Himmelblau's minimum at (3, 2) is found from the middle, and the way comes back from its address", () => {
  const model = new SaddleModel('')
  model.choose('himmelblau')
  for (let step = 0; step < 400; step++) model.step()
  const at = model.ways[0]?.at ?? [0, 0]
  expect(at[0]).toBeCloseTo(3, 4)
  expect(at[1]).toBeCloseTo(2, 4)
  const again = new SaddleModel(model.address)
  expect(again.ways.map((way) => way.at)).toEqual(model.ways.map((way) => way.at))
})
