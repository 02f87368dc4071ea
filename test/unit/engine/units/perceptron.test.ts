import { describe, expect, it } from 'vitest'
import { perceptronOutput, perceptronStep, trainPerceptron } from '#engine/units/perceptron.ts'
import { separabilityOf } from '#engine/units/separability.ts'
import { Random } from '#engine/random.ts'
import { binaryGate, bipolarGate, linearGates } from '#test/unit/engine/units/gates.ts'

it('moves by a x (t - y), and only where the output is wrong', () => {
  const unit = { weights: [0.5, -0.5], bias: 0 }
  expect(perceptronStep(unit, [1, 2], 1, 0.25)).toEqual({ weights: [0.75, 0], bias: 0.25 })
  expect(perceptronStep(unit, [2, 1], 0, 0.25)).toEqual({ weights: [0, -0.75], bias: -0.25 })
  expect(perceptronStep(unit, [2, 1], 1, 0.25)).toEqual(unit)
})

describe.each([1, 0.1])('with learning rate %d', (learningRate) => {
  it.each(linearGates)('learns %s', (gate) => {
    const table = binaryGate(gate)
    const outcome = trainPerceptron(table, { learningRate, epochs: 20 })
    expect(outcome.isLearned).toBe(true)
    expect(table.rows.map((x) => perceptronOutput(outcome.unit, x))).toEqual(table.targets)
    expect(outcome.wrong.at(-1)).toBe(0)
    expect(outcome.reason).toMatch(/^Every row is right after \d+ epochs?\.$/)
  })

  it('fails XOR in a bounded run, and says why', () => {
    const outcome = trainPerceptron(binaryGate('XOR'), { learningRate, epochs: 50 })
    expect(outcome.isLearned).toBe(false)
    expect(outcome.wrong).toHaveLength(50)
    expect(Math.min(...outcome.wrong)).toBeGreaterThan(0)
    expect(outcome.reason).toMatch(
      /^Not learned in 50 epochs; the best ended with [1-3] of 4 rows wrong\. No straight line separates/
    )
  })
})

it('asks for more epochs where a line exists but was not found yet', () => {
  const { reason } = trainPerceptron(binaryGate('AND'), { learningRate: 1, epochs: 2 })
  expect(reason).toContain('more epochs will find one')
})

it('keeps the weights with the fewest wrong rows, not the last ones', () => {
  const table = binaryGate('AND')
  const { unit, wrong } = trainPerceptron(table, { learningRate: 1, epochs: 3 })
  const ofUnit = table.rows.filter((x, index) => perceptronOutput(unit, x) !== table.targets[index]).length
  expect(ofUnit).toBe(Math.min(...wrong))
})

describe('a straight line', () => {
  it('separates AND, OR and NAND, but not XOR', () => {
    const found = [...linearGates, 'XOR' as const].map((gate) => separabilityOf(binaryGate(gate)))
    expect(found).toEqual(['separable', 'separable', 'separable', 'inseparable'])
    expect(separabilityOf(bipolarGate('XOR'))).toBe('inseparable')
  })

  it('is judged as by hand for all 16 functions of two bits: all but XOR and its opposite', () => {
    const { rows } = binaryGate('AND')
    const inseparable = Array.from({ length: 16 }, (_, code) => rows.map((_, bit) => (code >> bit) & 1))
      .filter((targets) => separabilityOf({ rows, targets }) === 'inseparable')
      .map((targets) => targets.join(''))
    expect(inseparable).toEqual(['0110', '1001'])
  })

  it('is found for random points on two sides of one', () => {
    const random = new Random(6)
    const rows = Array.from({ length: 40 }, () => [random.normal(), random.normal(), random.normal()])
    const targets = rows.map(([a = 0, b = 0, c = 0]) => (a - 2 * b + 0.5 * c > 0.3 ? 1 : 0))
    expect(separabilityOf({ rows, targets })).toBe('separable')
  })

  it('stays unknown where arithmetic is not exact and none was found', () => {
    expect(separabilityOf({ rows: [[0.1], [0.2], [0.3]], targets: [1, 0, 1] })).toBe('unknown')
    // a line lies between 0 and 1e-20, but 1 + 1e-20 is rounded to 1, which brings the weights back to some they had
    expect(separabilityOf({ rows: [[0], [1], [1e-20]], targets: [0, 1, 1] })).toBe('unknown')
  })
})

it('refuses tables it can not learn from, in words', () => {
  const settings = { learningRate: 1, epochs: 1 }
  expect(() => trainPerceptron(binaryGate('OR'), { ...settings, epochs: 0 })).toThrow('at least 1 epoch; 0 were')
  expect(() => trainPerceptron({ rows: [], targets: [] }, settings)).toThrow('at least one row')
  expect(() => trainPerceptron({ rows: [[1]], targets: [] }, settings)).toThrow('1 rows, but 0 targets')
  expect(() => trainPerceptron({ rows: [[1], [1, 2]], targets: [0, 1] }, settings)).toThrow('Row 2 must hold 1 finite')
  expect(() => trainPerceptron({ rows: [[1]], targets: [-1] }, settings)).toThrow('row 1 must be 0 or 1; it is -1')
})
