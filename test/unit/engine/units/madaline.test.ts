import { describe, expect, it } from 'vitest'
import { Random } from '#engine/random.ts'
import { adalineOutput } from '#engine/units/adaline.ts'
import { weightedSum } from '#engine/units/linear-unit.ts'
import { combine, fixedMadalineOutput, ruleOneStep, trainRuleOne } from '#engine/units/madaline-rule-one.ts'
import { learnedMadalineOutput, ruleTwoStep, trainRuleTwo } from '#engine/units/madaline-rule-two.ts'
import { bipolarGate, linearGates } from '#test/unit/engine/units/gates.ts'

const gates = [...linearGates, 'XOR'] as const
const seeds = Array.from({ length: 20 }, (_, seed) => seed)

describe('rule I', () => {
  describe.each([
    ['or', 2],
    ['and', 2],
    ['majority', 3]
  ] as const)('with a fixed %s of %d Adalines', (output, units) => {
    it.each(gates)('learns %s from any of 20 seeds', (gate) => {
      const table = bipolarGate(gate)
      for (const seed of seeds) {
        const settings = { units, output, learningRate: 1, epochs: 100, random: new Random(seed) }
        const { unit, isLearned } = trainRuleOne(table, settings)
        expect(isLearned, `seed ${seed}`).toBe(true)
        expect(table.rows.map((x) => fixedMadalineOutput(unit, x))).toEqual(table.targets)
      }
    })
  })

  it('moves only the Adaline closest to changing, where one is enough', () => {
    const near = { weights: [0.1, 0], bias: -0.3 }
    const far = { weights: [0, 0.2], bias: -2 }
    const before = { hidden: [far, near], output: 'or' } as const
    const after = ruleOneStep(before, [1, 1], 1, 1)
    expect(after.hidden[0]).toBe(far)
    expect(weightedSum(after.hidden[1] ?? far, [1, 1])).toBeCloseTo(1, 14)
  })

  it('moves all that must change, and none where the output is right', () => {
    const before = { hidden: [1, 2, -3].map((bias) => ({ weights: [0], bias })), output: 'or' } as const
    expect(ruleOneStep(before, [1], 1, 1)).toBe(before)
    const after = ruleOneStep(before, [1], -1, 1)
    expect(after.hidden.map((unit) => adalineOutput(unit, [1]))).toEqual([-1, -1, -1])
    expect(after.hidden[2]).toBe(before.hidden[2])
  })

  it('combines outputs by or, and, majority', () => {
    const votes = [
      [-1, -1, -1],
      [1, -1, -1],
      [1, 1, -1],
      [1, 1, 1]
    ]
    expect(votes.map((signs) => combine('or', signs))).toEqual([-1, 1, 1, 1])
    expect(votes.map((signs) => combine('majority', signs))).toEqual([-1, -1, 1, 1])
    expect(votes.map((signs) => combine('and', signs))).toEqual([-1, -1, -1, 1])
  })

  it('fails XOR with a single Adaline, within its bound', () => {
    const settings = { units: 1, output: 'or', learningRate: 1, epochs: 30, random: new Random(1) } as const
    const { isLearned, wrong, reason } = trainRuleOne(bipolarGate('XOR'), settings)
    expect(isLearned).toBe(false)
    expect(wrong).toHaveLength(30)
    expect(reason).toMatch(/^Not learned in 30 epochs; the best ended with .* try another seed, or more Adalines\.$/)
  })

  it('refuses a majority that can tie, and no Adalines', () => {
    const settings = { learningRate: 1, epochs: 1, random: new Random(1) }
    const train = (units: number, output: 'or' | 'majority') => () =>
      trainRuleOne(bipolarGate('XOR'), { ...settings, units, output })
    expect(train(4, 'majority')).toThrow('odd number of Adalines, or votes can tie; 4 were asked for')
    expect(train(0, 'or')).toThrow('at least one Adaline; 0 were asked for')
  })
})

describe('rule II', () => {
  const settings = (units: number, seed: number) => ({ units, learningRate: 1, epochs: 100, random: new Random(seed) })

  it.each(linearGates)('learns %s with two hidden Adalines', (gate) => {
    const table = bipolarGate(gate)
    const { unit, isLearned } = trainRuleTwo(table, settings(2, 3))
    expect(isLearned).toBe(true)
    expect(table.rows.map((x) => learnedMadalineOutput(unit, x))).toEqual(table.targets)
  })

  it('learns XOR with two hidden Adalines from some seeds, as it can get stuck, and with eight from nearly all', () => {
    const table = bipolarGate('XOR')
    const learned = (units: number) =>
      seeds.filter((seed) => {
        const { unit, isLearned } = trainRuleTwo(table, settings(units, seed))
        const outputs = table.rows.map((x) => learnedMadalineOutput(unit, x))
        expect(outputs.join() === table.targets.join()).toBe(isLearned)
        return isLearned
      }).length
    expect(learned(2)).toBeGreaterThanOrEqual(5)
    expect(learned(8)).toBeGreaterThanOrEqual(18)
  })

  it('turns over the hidden Adaline that is closest to it, where that makes the output right', () => {
    const near = { weights: [0], bias: -0.2 }
    const far = { weights: [0], bias: -0.9 }
    const output = { weights: [1, 1], bias: 0.5 }
    const after = ruleTwoStep({ hidden: [far, near], output }, [1], 1, 1)
    expect(after.hidden[0]).toBe(far)
    expect(adalineOutput(after.hidden[1] ?? far, [1])).toBe(1)
    expect(after.output).toBe(output)
  })

  it('turns over two where one is not enough', () => {
    const hidden = [-0.2, -0.3, -0.9].map((bias) => ({ weights: [0], bias }))
    const after = ruleTwoStep({ hidden, output: { weights: [1, 1, 1], bias: 0 } }, [1], 1, 1)
    expect(after.hidden.map((unit) => adalineOutput(unit, [1]))).toEqual([1, 1, -1])
  })

  it('teaches the output Adaline where no trial helps', () => {
    const hidden = [{ weights: [0], bias: -1 }]
    const after = ruleTwoStep({ hidden, output: { weights: [0], bias: -1 } }, [1], 1, 1)
    expect(after.hidden).toEqual(hidden)
    expect(learnedMadalineOutput(after, [1])).toBe(1)
  })
})
