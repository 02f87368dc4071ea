import { expect, test } from 'vitest'
import { referenceGradients, referenceOutputs } from '#engine/kernels/reference/network.ts'
import { flatten, unflatten } from '#engine/kernels/reference/parameters.ts'
import { parameterCount } from '#engine/network/topology.ts'
import { Random } from '#engine/random.ts'
import { optimizers } from '#engine/training/optimizers.ts'
import { MultilayerPerceptron, type PerceptronTopology } from '#engine/graph/multilayer-perceptron.ts'

const random = new Random(5)
const drawn = (count: number) => Array.from({ length: count }, () => random.normal())

const cases: [string, PerceptronTopology, 'mean_squared_error' | 'binary_cross_entropy'][] = [
  ['a line', { inputs: 1, layers: [{ units: 1, activation: 'linear' }] }, 'mean_squared_error'],
  [
    'a curve',
    {
      inputs: 1,
      layers: [
        { units: 5, activation: 'tanh' },
        { units: 1, activation: 'linear' }
      ]
    },
    'mean_squared_error'
  ],
  [
    'two outputs',
    {
      inputs: 3,
      layers: [
        { units: 4, activation: 'relu' },
        { units: 2, activation: 'tanh' }
      ]
    },
    'mean_squared_error'
  ],
  [
    'a region',
    {
      inputs: 2,
      layers: [
        { units: 4, activation: 'tanh' },
        { units: 3, activation: 'sigmoid' },
        { units: 1, activation: 'sigmoid' }
      ]
    },
    'binary_cross_entropy'
  ]
]

test.each(cases)('outputs and gradients of %s are those of the reference', (_, topology, loss) => {
  const parameters = drawn(parameterCount(topology))
  const outputs = topology.layers.at(-1)?.units ?? 1
  const rows = Array.from({ length: 6 }, () => drawn(topology.inputs))
  const targets = rows.map(() => Array.from({ length: outputs }, () => random.below(2)))
  const network = new MultilayerPerceptron(topology, parameters)
  const chosen = [4, 0, 3]
  const pick = (from: number[][]) => chosen.map((row) => from[row] ?? [])
  const own = unflatten(topology, parameters)
  const wanted = flatten(referenceGradients(topology, { name: loss }, own, pick(rows), pick(targets)).layers)
  const data = { x: Float64Array.from(rows.flat()), t: Float64Array.from(targets.flat()) }
  network.gradients(data, chosen).forEach((value, index) => expect(value).toBeCloseTo(wanted[index] ?? NaN, 12))
  for (const x of rows) {
    const [said = []] = referenceOutputs(topology, own, [x])
    network.output(x).forEach((value, index) => expect(value).toBeCloseTo(said[index] ?? NaN, 12))
  }
})

test('it learns XOR', () => {
  const topology: PerceptronTopology = {
    inputs: 2,
    layers: [
      { units: 2, activation: 'tanh' },
      { units: 1, activation: 'sigmoid' }
    ]
  }
  const network = new MultilayerPerceptron(topology, [0.9, -0.7, 0.6, 0.8, 0.1, -0.2, 0.5, -0.4, 0.1])
  const data = { x: Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1), t: Float64Array.of(0, 1, 1, 0) }
  for (let step = 0; step < 800; step++)
    network.learn(data, [0, 1, 2, 3], { ...optimizers.adam.defaults, learningRate: 0.05 })
  const said = [0, 1, 2, 3].map((row) => network.output(data.x.subarray(2 * row, 2 * row + 2))[0] ?? NaN)
  expect(said.map(Math.round)).toEqual([0, 1, 1, 0])
})

test('parameters that do not fit are refused', () => {
  const topology: PerceptronTopology = { inputs: 2, layers: [{ units: 1, activation: 'sigmoid' }] }
  expect(() => new MultilayerPerceptron(topology, [1, 2])).toThrow('This network has 3 parameters; 2 were given.')
})
