import { describe, expect, it } from 'vitest'
import { buildNetworkGraph, parameterGradients } from '#engine/graph/network.ts'
import { scalarActivations } from '#engine/kernels/reference/activations.ts'
import type { ReferenceLoss } from '#engine/kernels/reference/losses.ts'
import { referenceGradients, type ReferenceLayer, type ReferenceTopology } from '#engine/kernels/reference/network.ts'
import { addPenalty, penaltyOf } from '#engine/kernels/reference/regularisation.ts'
import { flatten } from '#engine/kernels/reference/parameters.ts'
import type { ActivationName } from '#engine/network/activations.ts'
import { outputLayer } from '#engine/network/topology.ts'
import { Random } from '#engine/random.ts'
import { expectClose, randomMatrix, randomParameters, randomTargets } from '#test/unit/engine/reference/support.ts'

const exact = { absolute: 1e-13, relative: 1e-11 }

const losses: ReferenceLoss[] = [
  { name: 'mean_squared_error' },
  { name: 'mean_absolute_error', rowWeights: [0.5, 2, 1] },
  { name: 'huber', delta: 0.6 },
  { name: 'binary_cross_entropy', labelSmoothing: 0.1, classWeights: [2, 0.5] },
  { name: 'cross_entropy', labelSmoothing: 0.1, classWeights: [1, 0.3, 2] }
]
const allActivations = [...Object.keys(scalarActivations), 'softmax'] as ActivationName[]
const outputs: Record<ReferenceLoss['name'], ActivationName[]> = {
  mean_squared_error: allActivations,
  mean_absolute_error: allActivations,
  huber: allActivations,
  binary_cross_entropy: ['sigmoid'],
  cross_entropy: ['softmax']
}
const normalisations = [undefined, 'batch', 'layer'] as const
const penalties = { l1: 0.02, l2: 0.3 }

function expectSame(topology: ReferenceTopology, loss: ReferenceLoss): void {
  const random = new Random(21)
  const parameters = randomParameters(topology, random)
  const x = randomMatrix(random, 3, topology.inputs)
  const t = randomTargets(random, loss.name, 3, outputLayer(topology).units)
  const reference = referenceGradients(topology, loss, parameters, x, t)

  const network = buildNetworkGraph(topology, loss, parameters, x, t, penalties)
  const gradients = network.graph.gradients(network.loss)
  expectClose('loss', network.loss.value, reference.loss + penaltyOf(parameters, penalties), exact)
  expectClose(
    'outputs',
    network.samples.map((sample) => sample.outputs.map((node) => node.value)),
    reference.outputs,
    exact
  )
  expectClose(
    'parameters',
    flatten(parameterGradients(network)),
    flatten(addPenalty(reference.layers, parameters, penalties)),
    exact
  )
  expectClose(
    'inputs',
    network.samples.map((sample) => sample.inputs.map(gradients.of)),
    reference.inputs,
    exact
  )
}

describe.each(losses)('$name has the gradients of the reference', (loss) => {
  const pairs = outputs[loss.name].flatMap((output) =>
    normalisations.map((normalisation) => ({ output, normalisation }))
  )

  it.each(pairs)('behind $output, with $normalisation normalisation, for every hidden activation', (pair) => {
    const extra = pair.normalisation ? { normalisation: pair.normalisation } : {}
    for (const activation of allActivations) {
      const layer = (units: number, name: ActivationName): ReferenceLayer => {
        return { units, activation: name, ...extra }
      }
      expectSame({ inputs: 3, layers: [layer(5, activation), layer(2, activation), layer(3, pair.output)] }, loss)
    }
  })
})

it('names the nodes of a single row as a person would', () => {
  const topology: ReferenceTopology = { inputs: 2, layers: [{ units: 1, activation: 'sigmoid' }] }
  const parameters = [{ weights: [[0.5, -1]], biases: [0.25] }]
  const { graph } = buildNetworkGraph(topology, { name: 'binary_cross_entropy' }, parameters, [[1, 2]], [[1]])
  const labels = graph.nodes.map((node) => node.label).filter((label) => label !== '')
  expect(labels).toEqual(['w1.1.1', 'w1.1.2', 'b1.1', 'x1', 'x2', 't1', 'z1.1', 'a1.1', '1', 'rows', 'loss'])
})

it('stays finite where a probability rounds to 0', () => {
  const topology: ReferenceTopology = { inputs: 1, layers: [{ units: 2, activation: 'softmax' }] }
  const parameters = [{ weights: [[1000], [0]], biases: [0, 0] }]
  const network = buildNetworkGraph(topology, { name: 'cross_entropy' }, parameters, [[1]], [[0, 1]])
  expect(network.loss.value).toBe(1000)
  expect(parameterGradients(network)[0]?.weights).toEqual([[1], [-1]])
})

it('refuses parameters and rows that do not fit', () => {
  const topology: ReferenceTopology = { inputs: 2, layers: [{ units: 1, activation: 'linear' }] }
  const loss = { name: 'mean_squared_error' } as const
  expect(() => buildNetworkGraph(topology, loss, [], [[1, 2]], [[1]])).toThrow('Layer 1 has 1 units')
  const parameters = [{ weights: [[1, 1]], biases: [0] }]
  expect(() => buildNetworkGraph(topology, loss, parameters, [[1]], [[1]])).toThrow("can't take 1 inputs")
  expect(() => buildNetworkGraph(topology, loss, parameters, [[1, 2]], [[1, 2]])).toThrow('with 2 targets')
})
