import { describe, expect, it } from 'vitest'
import { scalarActivations } from '#engine/kernels/reference/activations.ts'
import type { ReferenceLoss } from '#engine/kernels/reference/losses.ts'
import {
  type ForwardOptions,
  referenceGradients,
  referenceLoss,
  referenceOutputs,
  type ReferenceTopology
} from '#engine/kernels/reference/network.ts'
import { newRunningStatistics } from '#engine/kernels/reference/normalisation.ts'
import { flatten, unflatten } from '#engine/kernels/reference/parameters.ts'
import type { ActivationName } from '#engine/network/activations.ts'
import { outputLayer } from '#engine/network/topology.ts'
import { Random } from '#engine/random.ts'
import {
  centralDifferences,
  expectClose,
  randomMatrix,
  randomParameters,
  randomTargets
} from '#test/unit/engine/reference/support.ts'

const losses: ReferenceLoss[] = [
  { name: 'mean_squared_error' },
  { name: 'mean_absolute_error' },
  { name: 'huber', delta: 0.7 },
  { name: 'binary_cross_entropy', labelSmoothing: 0.05 },
  { name: 'cross_entropy', labelSmoothing: 0.1, rowWeights: [1, 2, 0.5] }
]
const outputs = {
  mean_squared_error: ['linear', 'relu', 'sigmoid', 'softmax'],
  mean_absolute_error: ['linear', 'softplus'],
  huber: ['linear', 'tanh'],
  binary_cross_entropy: ['sigmoid'],
  cross_entropy: ['softmax']
} as const satisfies Record<ReferenceLoss['name'], ActivationName[]>

const hidden = (Object.keys(scalarActivations) as ActivationName[]).filter(
  (name) => name !== 'threshold' && name !== 'sign'
)

function expectGradients(
  topology: ReferenceTopology,
  loss: ReferenceLoss,
  seed: number,
  options: (random: Random) => Pick<ForwardOptions, 'masks'> = () => ({})
): void {
  const random = new Random(seed)
  const parameters = randomParameters(topology, random)
  const x = randomMatrix(random, 3, topology.inputs)
  const t = randomTargets(random, loss.name, 3, outputLayer(topology).units)
  const given = options(random)
  const result = referenceGradients(topology, loss, parameters, x, t, given)
  expect(result.loss).toBe(referenceLoss(topology, loss, parameters, x, t, given))

  const byParameters = centralDifferences(
    (values) => referenceLoss(topology, loss, unflatten(topology, values), x, t, given),
    flatten(parameters)
  )
  const tolerance = { absolute: 1e-8, relative: 1e-6 }
  expectClose('layers', flatten(result.layers), byParameters, tolerance)

  const rowsOf = (flat: number[]) => x.map((row, index) => flat.slice(index * row.length, (index + 1) * row.length))
  const byInputs = centralDifferences(
    (values) => referenceLoss(topology, loss, parameters, rowsOf(values), t, given),
    x.flat()
  )
  expectClose('inputs', result.inputs.flat(), byInputs, tolerance)
}

const pairs = losses.flatMap((loss) => outputs[loss.name].map((output) => ({ loss, output })))

describe.each(pairs)('$loss.name behind $output', ({ loss, output }) => {
  it.each(hidden)('has the gradients that central differences find, hidden %s', (activation) => {
    const layers = [
      { units: 5, activation },
      { units: 1, activation },
      { units: 3, activation: output }
    ]
    expectGradients({ inputs: 3, layers }, loss, 11)
  })

  it.each(['batch', 'layer'] as const)('has them with %s normalisation', (normalisation) => {
    const layers = [
      { units: 5, activation: 'tanh', normalisation },
      { units: 4, activation: 'silu', normalisation },
      { units: 3, activation: output, normalisation }
    ] as const
    expectGradients({ inputs: 3, layers }, loss, 5)
  })
})

it('sends no gradient through outputs that dropout took away', () => {
  const topology = {
    inputs: 2,
    layers: [
      { units: 3, activation: 'tanh' },
      { units: 1, activation: 'linear' }
    ]
  } as const
  const mask = [
    [0, 2, 2],
    [2, 0, 2],
    [0, 0, 2]
  ]
  expectGradients(topology, { name: 'mean_squared_error' }, 2, () => ({ masks: [mask] }))
  const random = new Random(2)
  const parameters = randomParameters(topology, random)
  const result = referenceGradients(topology, { name: 'mean_squared_error' }, parameters, [[1, 2]], [[5]], {
    masks: [[[0, 2, 2]]]
  })
  expect(result.layers[0]?.weights[0]?.map(Math.abs)).toEqual([0, 0])
  expect(result.layers[0]?.weights[1]).not.toContain(0)
})

it("gives a logistic neuron the lecture's gradient: sum of x (h - t), over m", () => {
  const random = new Random(8)
  const topology = { inputs: 4, layers: [{ units: 1, activation: 'sigmoid' }] } as const
  const parameters = randomParameters(topology, random)
  const x = randomMatrix(random, 6, 4)
  const t = randomTargets(random, 'binary_cross_entropy', 6, 1)
  const { layers, outputs } = referenceGradients(topology, { name: 'binary_cross_entropy' }, parameters, x, t)
  const expected = [0, 1, 2, 3].map((input) =>
    x.reduce((total, row, i) => total + ((row[input] ?? NaN) * ((outputs[i]?.[0] ?? NaN) - (t[i]?.[0] ?? NaN))) / 6, 0)
  )
  expectClose('weights', layers[0]?.weights[0] ?? [], expected, { absolute: 1e-15, relative: 1e-12 })
})

it('evaluates with running figures instead of those of the batch', () => {
  const topology = { inputs: 1, layers: [{ units: 1, activation: 'linear', normalisation: 'batch' }] } as const
  const parameters = [{ weights: [[1]], biases: [0], gain: [2], shift: [1] }]
  const running = [newRunningStatistics(1)]
  const alone = referenceOutputs(topology, parameters, [[3]], { running })
  expect(alone[0]?.[0]).toBeCloseTo((2 * 3) / Math.sqrt(1 + 1e-5) + 1, 14)
  expect(() => referenceOutputs(topology, parameters, [[3]])).toThrow('at least 2 rows')
})

it('refuses parameters that do not belong to the topology', () => {
  const topology = { inputs: 2, layers: [{ units: 1, activation: 'linear' }] } as const
  expect(() => unflatten(topology, [1, 2])).toThrow('This network has 3 parameters; 2 were given.')
  expect(() => referenceOutputs(topology, [], [[1, 2]])).toThrow('Layer 1 has no parameters.')
  expect(() => referenceOutputs(topology, unflatten(topology, [1, 2, 3]), [[1]])).toThrow('do not fit')
})
