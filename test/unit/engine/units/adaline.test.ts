import { describe, expect, it } from 'vitest'
import { adalineOutput, adalineStep, trainAdaline } from '#engine/units/adaline.ts'
import { binaryGate, bipolarGate, linearGates } from '#test/unit/engine/units/gates.ts'

const settings = { learningRate: 0.01, epochs: 5000, tolerance: 1e-9 }

it('moves by a (t - z) x on the linear output, also where the sign is right already', () => {
  const unit = { weights: [1, 0], bias: 0.5 }
  expect(adalineOutput(unit, [0.5, 1])).toBe(1)
  expect(adalineStep(unit, [0.5, 1], 1, 0.5)).toEqual({ weights: [1, 0], bias: 0.5 })
  expect(adalineStep(unit, [1.5, 1], 1, 0.5)).toEqual({ weights: [0.25, -0.5], bias: 0 })
})

describe.each(linearGates)('%s', (gate) => {
  const table = bipolarGate(gate)
  const outcome = trainAdaline(table, settings)

  it('is learned', () => {
    expect(outcome.isLearned).toBe(true)
    expect(table.rows.map((x) => adalineOutput(outcome.unit, x))).toEqual(table.targets)
    expect(outcome.reason).toMatch(/settled after \d+ epochs.*with every row right\.$/)
  })

  it('comes to the least squared error, 1/4 of a row', () => {
    // least squares by hand for AND: w = (1/2, 1/2), b = -1/2, residuals of 1/2 on all rows; OR and NAND by symmetry
    expect(outcome.squaredErrors.at(-1)).toBeCloseTo(0.25, 2)
    const size = [...outcome.unit.weights, outcome.unit.bias].map(Math.abs)
    for (const value of size) expect(value).toBeCloseTo(0.5, 1)
  })
})

it('fails XOR in a bounded run: its squared error settles at 1, and it says why', () => {
  const outcome = trainAdaline(bipolarGate('XOR'), settings)
  expect(outcome.isLearned).toBe(false)
  expect(Math.min(...outcome.wrong)).toBeGreaterThan(0)
  expect(outcome.squaredErrors.at(-1)).toBeCloseTo(1, 2)
  expect(outcome.reason).toMatch(/settled after .* error of 1\.00 and with [1-3] of 4 rows wrong\. No straight/)
})

it('never takes more epochs than it is given', () => {
  expect(trainAdaline(bipolarGate('XOR'), { ...settings, epochs: 7 }).wrong).toHaveLength(7)
  expect(trainAdaline(bipolarGate('AND'), { ...settings, epochs: 7 }).reason).toContain('not settled in 7 epochs')
})

it('tells that least squares need not separate classes that a line separates', () => {
  const rows = [[0], [1], [2], [9]]
  const outcome = trainAdaline(
    { rows, targets: [-1, -1, 1, 1] },
    { learningRate: 0.002, epochs: 5000, tolerance: 1e-9 }
  )
  expect(outcome.isLearned).toBe(false)
  expect(outcome.reason).toContain(
    '1 of 4 rows wrong. A straight line separates the classes, but least squares need not find one.'
  )
})

it('ends where the learning rate is too large, and says so', () => {
  const outcome = trainAdaline(bipolarGate('AND'), { ...settings, learningRate: 3 })
  expect(outcome.isLearned).toBe(false)
  expect([...outcome.unit.weights, outcome.unit.bias].every(Number.isFinite)).toBe(true)
  expect(outcome.reason).toBe('The weights grow without bound at learning rate 3; take a smaller one.')
})

it('refuses targets 0 and 1', () => {
  expect(() => trainAdaline(binaryGate('AND'), settings)).toThrow('must be -1 or 1; it is 0')
})
