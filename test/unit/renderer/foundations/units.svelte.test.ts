/** The stations of units that are wired, and of those that learn on their sums. */
import { expect, test } from 'vitest'
import { Madaline } from '#renderer/parts/foundations/adaline/madaline.ts'
import { AdalineModel } from '#renderer/parts/foundations/adaline/model.svelte.ts'
import { signedXor, tableOf } from '#renderer/parts/foundations/clouds.ts'
import {
  type Gate,
  gateNames,
  McCullochPittsModel,
  solutions
} from '#renderer/parts/foundations/mcculloch-pitts/model.svelte.ts'

test.each(gateNames)('the way shown for %s is one', (gate: Gate) => {
  const model = new McCullochPittsModel('')
  model.want(gate)
  model.solve()
  expect(model.solved).toBe(true)
  expect(model.units).toEqual(solutions[gate])
})

test('no single unit is XOR, whatever its weights and threshold', () => {
  const model = new McCullochPittsModel('gate=xor')
  for (let threshold = -4; threshold <= 4; threshold++) {
    for (let first = -3; first <= 3; first++) {
      for (let second = -3; second <= 3; second++) {
        ;[threshold, first, second].forEach((value, place) => model.setNumber(0, place, value))
        expect(model.solved).toBe(false)
      }
    }
  }
})

test('wired units come back from their address; one that does not fit is refused', () => {
  const model = new McCullochPittsModel('')
  model.want('xor')
  model.solve()
  model.setNumber(2, 4, -2)
  model.show([1, 0])
  const again = new McCullochPittsModel(model.address)
  expect([again.units, again.x, again.gate]).toEqual([model.units, model.x, model.gate])
  const wrong = new McCullochPittsModel('units=1,1;2,1,1,1')
  expect(wrong.problem).toMatch(/more or fewer weights/)
  expect(wrong.units).toHaveLength(1)
})

test('an Adaline comes to the least squares, and its error never below theirs', () => {
  const model = new AdalineModel('set=overlap&rate=0.001')
  for (let epoch = 0; epoch < 1500; epoch++) model.epoch()
  expect(model.distance).toBeLessThan(0.02)
  expect(model.errorOf(model.pair.adaline)).toBeGreaterThanOrEqual(model.errorOf(model.best ?? model.pair.adaline))
})

test('far points turn the least squares so that others are wrong, where the perceptron is right on all', () => {
  const model = new AdalineModel('')
  for (let epoch = 0; epoch < 400; epoch++) model.epoch()
  expect(model.wrongOf('perceptron')).toEqual([])
  expect(model.wrongOf('adaline').length).toBeGreaterThan(0)
})

test('a rate that is too high ends in a sentence, not in numbers without end', () => {
  const model = new AdalineModel('rate=1')
  for (let epoch = 0; epoch < 400 && model.epoch(); epoch++);
  expect(model.pair.diverged).toBe(true)
  expect(new AdalineModel(model.address).pair.diverged).toBe(true)
})

test.each(['or', 'and', 'two'] as const)(
  'a Madaline of two Adalines solves XOR by rule %s, from one of ten seeds at least',
  (rule) => {
    const table = tableOf(signedXor, true)
    const solved = Array.from({ length: 10 }, (_, seed) => {
      const net = new Madaline(table, { rule, units: 2, seed: seed + 1 })
      for (let step = 0; step < 400 && net.step(); step++);
      return net.learned && net.wrong.length === 0
    })
    expect(solved).toContain(true)
  }
)

test('no single Adaline solves XOR', () => {
  const net = new Madaline(tableOf(signedXor, true), { rule: 'or', units: 1, seed: 3 })
  for (let step = 0; step < 400 && net.step(); step++);
  expect(net.learned).toBe(false)
})

test('Adaline and Madaline come back from their address', () => {
  const model = new AdalineModel('')
  model.set({ part: 'madaline', rule: 'two', units: 3 })
  for (let step = 0; step < 7; step++) model.madalineStep()
  for (let epoch = 0; epoch < 5; epoch++) model.epoch()
  const again = new AdalineModel(model.address)
  expect(again.pair.adaline).toEqual(model.pair.adaline)
  expect(again.madaline.hidden).toEqual(model.madaline.hidden)
  expect(again.address).toBe(model.address)
})
