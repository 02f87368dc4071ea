import { describe, expect, it } from 'vitest'
import { referenceOutputs } from '#engine/kernels/reference/network.ts'
import type { Layer } from '#engine/network/topology.ts'
import { evaluate, evaluationArenaBytes, predict } from '#engine/training/evaluation.ts'
import { Bench, generate, type Given, referenceParameters, setupOf, trainToEnd } from '#test/unit/engine/support.ts'

const rows = 333
const given: Given = {
  train: generate(rows, 5, 1, ([x = 0]) => (x > 0.5 ? 2 : x > -0.5 ? 1 : 0)),
  classes: 3,
  hidden: [{ units: 9, activation: 'sigmoid' }],
  plan: { stopping: { epochs: 5, patience: null } }
}

it('measures a part exactly as the run did at its end', () => {
  const bench = new Bench()
  const setup = setupOf(given, bench)
  const outcome = trainToEnd(given).finish()
  const arena = bench.take(evaluationArenaBytes(setup.topology))
  const parameters = outcome.checkpoint?.best.parameters ?? new Float32Array()
  expect(evaluate({ ...setup, arena, parameters, part: setup.train })).toEqual(outcome.train)
})

describe('predict', () => {
  it.each<[string, Layer]>([
    ['probabilities of classes', { units: 3, activation: 'softmax' }],
    ['one probability', { units: 1, activation: 'sigmoid' }],
    ['a number', { units: 1, activation: 'linear' }],
    ['a number that is not negative', { units: 1, activation: 'relu' }]
  ])('gives %s, row by row', (_, output) => {
    const bench = new Bench()
    const { topology: base, kernels, train } = setupOf(given, bench)
    const topology = { ...base, layers: [{ units: 9, activation: 'leaky_relu' } as const, output] }
    const count = 9 * 6 + output.units * 10
    const parameters = Float32Array.from({ length: count }, (_, index) => Math.sin(index))
    const arena = bench.take(evaluationArenaBytes(topology))
    const out = bench.take(rows * output.units * 4)
    predict({ kernels, arena, topology, parameters, inputs: train.inputs, rows, outputs: out.offset })
    const outputs = bench.floats(out.offset, rows * output.units)
    referenceOutputs(topology, referenceParameters(topology, parameters), given.train.rows).forEach((row, index) => {
      row.forEach((wanted, unit) => {
        expect(outputs[index * output.units + unit]).toBeCloseTo(wanted, 5)
      })
    })
  })

  it('refuses parameters of another network', () => {
    const bench = new Bench()
    const { topology, kernels } = setupOf(given, bench)
    const arena = bench.take(evaluationArenaBytes(topology))
    const parameters = new Float32Array(7)
    expect(() => {
      predict({ kernels, arena, topology, parameters, inputs: 64, rows: 1, outputs: 64 })
    }).toThrow('7 were given')
  })
})
