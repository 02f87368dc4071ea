import { expect, test } from 'vitest'
import { PerceptronModel } from '#renderer/parts/foundations/perceptron/model.svelte.ts'

function played(model: PerceptronModel, most = 1000): PerceptronModel {
  for (let step = 0; step < most && model.update(); step++);
  return model
}

const of = (set: 'or' | 'and' | 'nand' | 'xor') => {
  const model = new PerceptronModel('')
  model.choose(set)
  return model
}

test.each(['or', 'and', 'nand'] as const)('learns %s in no more updates than the bound', (set) => {
  const model = played(of(set))
  expect(model.run.learned).toBe(true)
  expect(model.run.wrong).toEqual([])
  expect(model.run.updates).toBeGreaterThan(0)
  expect(model.run.updates).toBeLessThanOrEqual(model.margin?.mostUpdates ?? 0)
})

test.each([0.5, 0.1, 0.3])(
  'finds the cycle of XOR at rate %d: the same weights, and the same updates from there',
  (rate) => {
    const model = of('xor')
    model.setRate(rate)
    played(model)
    const { cycle, updates, learned } = model.run
    expect(learned).toBe(false)
    expect(model.margin).toBeNull()
    expect(cycle).not.toBeNull()
    if (!cycle) return
    expect(cycle.from + cycle.length).toBe(updates)
    const first = cycle.units[0]
    for (let round = 0; round < 3; round++) {
      for (let step = 0; step < cycle.length; step++) model.update()
      model.run.unit.weights.forEach((weight, index) => expect(weight).toBeCloseTo(first?.weights[index] ?? NaN, 9))
    }
  }
)

test('an address restores the exact weights, mistakes and points', () => {
  const model = new PerceptronModel('')
  model.setPoints(model.points.map((point, index) => (index === 3 ? { ...point, x: 2.5, t: 0 } : point)))
  for (let step = 0; step < 9; step++) model.update()
  const again = new PerceptronModel(model.address)
  expect(again.problem).toBeNull()
  expect(again.points).toEqual(model.points)
  expect(again.run.unit).toEqual(model.run.unit)
  expect(again.run.updates).toBe(model.run.updates)
  expect(again.run.wrongByPass).toEqual(model.run.wrongByPass)
  expect(again.address).toBe(model.address)
})

test('points that move keep the number of updates: the way is made anew on them', () => {
  const model = of('xor')
  for (let step = 0; step < 5; step++) model.update()
  model.setPoints([...model.points, { x: 1.5, y: 1.5, t: 0 }])
  expect(model.set).toBe('own')
  expect(model.run.updates).toBe(5)
  expect(model.domain).toEqual([-0.6, 1.6])
})

test('without points there is nothing to learn', () => {
  const model = of('or')
  model.setPoints([])
  expect(model.update()).toBe(false)
  expect(model.run.learned).toBe(true)
  expect(new PerceptronModel(model.address).points).toEqual([])
})
