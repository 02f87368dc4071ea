import { describe, expect, it } from 'vitest'
import { fire, type McCullochPittsUnit } from '#engine/units/mcculloch-pitts.ts'
import { binaryGate, type Gate, linearGates } from '#test/unit/engine/units/gates.ts'

const byHand: Record<(typeof linearGates)[number], McCullochPittsUnit> = {
  AND: { weights: [1, 1], threshold: 2 },
  OR: { weights: [1, 1], threshold: 1 },
  NAND: { weights: [-1, -1], threshold: -1 }
}

const outputs = (gate: Gate, unit: (x: readonly number[]) => number) => binaryGate(gate).rows.map(unit)

describe('set by hand', () => {
  it.each(linearGates)('computes %s', (gate) => {
    expect(outputs(gate, (x) => fire(byHand[gate], x))).toEqual(binaryGate(gate).targets)
  })

  it('computes XOR with two layers: x1 without x2, or x2 without x1', () => {
    const onlyFirst: McCullochPittsUnit = { weights: [1, -1], threshold: 1 }
    const onlySecond: McCullochPittsUnit = { weights: [-1, 1], threshold: 1 }
    const xor = (x: readonly number[]) => fire(byHand.OR, [fire(onlyFirst, x), fire(onlySecond, x)])
    expect(outputs('XOR', xor)).toEqual(binaryGate('XOR').targets)
  })

  it('lets a strong inhibitory input veto', () => {
    const unit = { weights: [1, 1, -2], threshold: 1 }
    expect([fire(unit, [1, 1, 0]), fire(unit, [1, 1, 1]), fire(unit, [1, 0, 0])]).toEqual([1, 0, 1])
  })

  it('fails XOR alone for every choice of weights and threshold up to 4', () => {
    const values = [-4, -3, -2, -1, 0, 1, 2, 3, 4]
    const units = values.flatMap((a) => values.flatMap((b) => values.map((c) => ({ weights: [a, b], threshold: c }))))
    const solving = units.filter((unit) => {
      return outputs('XOR', (x) => fire(unit, x)).join() === binaryGate('XOR').targets.join()
    })
    expect(solving).toEqual([])
  })
})

it('takes 0 and 1 only, one for each weight', () => {
  expect(() => fire(byHand.AND, [1, 0.5])).toThrow('takes 0 and 1 only, not 0.5')
  expect(() => fire(byHand.AND, [1])).toThrow("with 2 weights can't take 1 inputs")
})
