import { describe, expect, it, test } from 'vitest'
import {
  backpropagate,
  type BackpropagationSettings,
  checkGradients,
  mostExplained,
  targetVector,
  unexplained
} from '#engine/graph/backpropagation.ts'
import { hiddenActivationNames } from '#engine/network/activations.ts'
import type { ReferenceLoss } from '#engine/kernels/reference/losses.ts'
import { unflatten } from '#engine/kernels/reference/parameters.ts'
import type { ReferenceTopology } from '#engine/kernels/reference/network.ts'
import { parameterCount } from '#engine/network/topology.ts'
import { Random } from '#engine/random.ts'

function drawn(topology: ReferenceTopology, loss: ReferenceLoss, t: number[], seed = 3): BackpropagationSettings {
  const random = new Random(seed)
  const values = Array.from({ length: parameterCount(topology) }, () => 1.2 * random.uniform() - 0.6)
  const x = Array.from({ length: topology.inputs }, () => random.normal())
  return { topology, loss, parameters: unflatten(topology, values), x, t, rate: 0.1 }
}

describe.each(hiddenActivationNames)('behind two layers of %s', (activation) => {
  it.each([
    ['mean_squared_error', 'linear', [0.3]],
    ['binary_cross_entropy', 'sigmoid', [1]],
    ['cross_entropy', 'softmax', [0, 1, 0]]
  ] as const)('the gradients of %s are those of the graph and of differences', (name, output, t) => {
    const layers = [
      { units: 4, activation },
      { units: 3, activation },
      { units: t.length, activation: output }
    ]
    const check = checkGradients(drawn({ inputs: 2, layers }, { name }, [...t]))
    expect(check.fromGraph).toBeLessThanOrEqual(1e-6)
    expect(check.fromDifferences).toBeLessThanOrEqual(1e-4)
    expect(check.passed).toBe(true)
    expect(check.looked).toBe(check.ofParameters)
  })
})

test('each weight gets the error of its unit times what came in, and the step lowers the loss', () => {
  const layers = [
    { units: 3, activation: 'tanh' as const },
    { units: 2, activation: 'softmax' as const }
  ]
  const settings = drawn({ inputs: 2, layers }, { name: 'cross_entropy' }, [1, 0])
  const pass = backpropagate(settings)
  for (const { gradient, delta, inputs, before, after } of pass.layers) {
    gradient.weights.forEach((row, unit) =>
      row.forEach((value, input) => {
        expect(value).toBeCloseTo((delta[unit] ?? NaN) * (inputs[input] ?? NaN), 14)
        expect(after.weights[unit]?.[input]).toBeCloseTo((before.weights[unit]?.[input] ?? NaN) - 0.1 * value, 14)
      })
    )
  }
  // A fused loss starts from a - t.
  const [p = NaN, q = NaN] = pass.outputs
  expect(pass.layers.at(-1)?.delta).toEqual([p - 1, q].map((value) => expect.closeTo(value, 12) as number))
  expect(pass.lossAfter).toBeLessThan(pass.loss)
})

test('what is not told of a single row is refused with a sentence', () => {
  expect(unexplained({ inputs: 2, layers: [{ units: 1, activation: 'sigmoid' }] })).toBeNull()
  expect(unexplained({ inputs: mostExplained, layers: [{ units: 2, activation: 'relu' }] })).toMatch(/parameters/)
  expect(
    unexplained({
      inputs: 2,
      layers: [
        { units: 2, activation: 'relu', normalisation: 'batch' },
        { units: 1, activation: 'linear' }
      ]
    })
  ).toMatch(/normalises/)
})

test('a class is a one among zeros, a number itself', () => {
  expect(targetVector(1, 3)).toEqual([0, 1, 0])
  expect(targetVector(0.7, 1)).toEqual([0.7])
})
