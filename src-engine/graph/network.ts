/**
 * Builds the computation graph of a network: any topology, loss and row, or several rows that share the parameters.
 * Written from elementary operations, apart from the layer-wise formulas of kernels/reference/, which it checks.
 */
import { Graph, type Node, type ParameterNode } from '#engine/graph/graph.ts'
import { addLoss, type GraphLoss, type SampleNodes } from '#engine/graph/loss.ts'
import { normaliseColumn } from '#engine/graph/normalisation.ts'
import { startsFromSums } from '#engine/kernels/reference/losses.ts'
import type { Matrix, Vector } from '#engine/kernels/reference/matrix.ts'
import type { LayerParameters, ReferenceLayer, ReferenceTopology } from '#engine/kernels/reference/network.ts'
import type { Penalties } from '#engine/kernels/reference/regularisation.ts'
import type { ActivationName } from '#engine/network/activations.ts'
import { outputLayer } from '#engine/network/topology.ts'

/** The parameter nodes of one layer, shaped as its parameters; gain and shift are empty where it is not normalised. */
export interface LayerNodes {
  readonly weights: readonly (readonly ParameterNode[])[]
  readonly biases: readonly ParameterNode[]
  readonly gain: readonly ParameterNode[]
  readonly shift: readonly ParameterNode[]
}

export interface NetworkGraph {
  readonly graph: Graph
  readonly layers: readonly LayerNodes[]
  /** By row. */
  readonly samples: readonly SampleNodes[]
  /** The mean loss over the rows, with penalties where there are any. */
  readonly loss: Node
}

const noPenalties: Penalties = { l1: 0, l2: 0 }

/**
 * Builds the graph of a network over some rows, with its loss.
 * Shapes: x (B,inputs), t (B,outputs), classes as one-hot rows.
 * Errors: throws RangeError where parameters, rows and topology do not fit.
 */
export function buildNetworkGraph(
  topology: ReferenceTopology,
  loss: GraphLoss,
  parameters: readonly LayerParameters[],
  x: Matrix,
  t: Matrix,
  penalties = noPenalties
): NetworkGraph {
  const graph = new Graph()
  // labels name the row only where there are several
  const rowName = (row: number) => (x.length > 1 ? `[${row + 1}]` : '')
  const layers = topology.layers.map((layer, index) => addParameters(graph, layer, parameters[index], index + 1))
  const inputs = x.map((row, index) => row.map((value, i) => graph.input(`x${i + 1}${rowName(index)}`, value)))
  const targets = t.map((row, index) => row.map((value, i) => graph.input(`t${i + 1}${rowName(index)}`, value)))

  let values: Node[][] = inputs
  let sums: Node[][] = inputs
  topology.layers.forEach((layer, index) => {
    const own = layers[index]
    if (!own) throw new RangeError(`Layer ${index + 1} has no parameters.`)
    const name = (letter: string, unit: number, row: number) => `${letter}${index + 1}.${unit + 1}${rowName(row)}`
    sums = values.map((row, r) => own.weights.map((_, unit) => weightedSum(graph, row, own, unit, name('z', unit, r))))
    sums = normalise(graph, layer, own, sums)
    values = sums.map((row, r) => addActivation(graph, layer.activation, row, (unit) => name('a', unit, r)))
  })

  const output = outputLayer(topology).activation
  startsFromSums(loss.name, output)
  const samples = inputs.map((row, index) => ({
    inputs: row,
    targets: targets[index] ?? [],
    sums: sums[index] ?? [],
    outputs: values[index] ?? []
  }))
  const mean = addLoss(graph, loss, samples)
  return { graph, layers, samples, loss: addPenalties(graph, mean, layers, penalties) }
}

/** Reads the gradients of the loss by all parameters, shaped as the parameters. */
export function parameterGradients({ graph, layers, loss }: NetworkGraph): LayerParameters[] {
  const gradients = graph.gradients(loss)
  return layers.map(({ weights, biases, gain, shift }) => ({
    weights: weights.map((row) => row.map(gradients.of)),
    biases: biases.map(gradients.of),
    ...(gain.length > 0 ? { gain: gain.map(gradients.of), shift: shift.map(gradients.of) } : {})
  }))
}

function addParameters(
  graph: Graph,
  layer: ReferenceLayer,
  values: LayerParameters | undefined,
  number: number
): LayerNodes {
  if (values?.weights.length !== layer.units || values.biases.length !== layer.units) {
    throw new RangeError(`Layer ${number} has ${layer.units} units, but not weights and a bias for each.`)
  }
  const list = (letter: string, numbers: Vector = []) =>
    numbers.map((value, unit) => graph.parameter(`${letter}${number}.${unit + 1}`, value))
  return {
    weights: values.weights.map((row, unit) =>
      row.map((value, input) => graph.parameter(`w${number}.${unit + 1}.${input + 1}`, value))
    ),
    biases: list('b', values.biases),
    gain: list('gain', layer.normalisation ? values.gain : []),
    shift: list('shift', layer.normalisation ? values.shift : [])
  }
}

function weightedSum(graph: Graph, inputs: readonly Node[], own: LayerNodes, unit: number, label: string): Node {
  const weights = own.weights[unit] ?? []
  const bias = own.biases[unit]
  if (!bias || weights.length !== inputs.length) {
    throw new RangeError(`A unit with ${weights.length} weights can't take ${inputs.length} inputs.`)
  }
  const products = weights.map((weight, index) =>
    graph.compute('multiply', [weight, ...inputs.slice(index, index + 1)])
  )
  return graph.compute('add', [...products, bias], label)
}

function normalise(graph: Graph, layer: ReferenceLayer, own: LayerNodes, sums: Node[][]): Node[][] {
  if (!layer.normalisation) return sums
  const across = layer.normalisation === 'batch' ? transpose(sums) : sums
  const standard = across.map((column) => normaliseColumn(graph, column))
  const byRow = layer.normalisation === 'batch' ? transpose(standard) : standard
  return byRow.map((row) =>
    row.map((value, unit) => {
      const [gain, shift] = [own.gain[unit], own.shift[unit]]
      if (!gain || !shift) throw new RangeError('A normalised layer needs a gain and a shift for each unit.')
      return graph.compute('add', [graph.compute('multiply', [value, gain]), shift])
    })
  )
}

function addActivation(
  graph: Graph,
  name: ActivationName,
  sums: readonly Node[],
  label: (unit: number) => string
): Node[] {
  if (name !== 'softmax') return sums.map((sum, unit) => graph.compute(name, [sum], label(unit)))
  const largest = graph.compute('maximum', sums)
  const exps = sums.map((sum) => graph.compute('exp', [graph.compute('subtract', [sum, largest])]))
  const total = graph.compute('add', exps)
  return exps.map((exp, unit) => graph.compute('divide', [exp, total], label(unit)))
}

/** l1 sum |w| + l2 / 2 sum w^2 over the weights, biases left out. */
function addPenalties(graph: Graph, loss: Node, layers: readonly LayerNodes[], { l1, l2 }: Penalties): Node {
  const weights = layers.flatMap((layer) => layer.weights.flat())
  const penalty = (strength: number, label: string, operation: 'absolute' | 'square') => {
    if (strength === 0) return []
    const terms = weights.map((weight) => graph.compute(operation, [weight]))
    return [graph.compute('multiply', [graph.input(label, strength), graph.compute('add', terms)])]
  }
  const terms = [...penalty(l1, 'l1', 'absolute'), ...penalty(l2 / 2, 'l2 / 2', 'square')]
  return terms.length > 0 ? graph.compute('add', [loss, ...terms], 'loss with penalties') : loss
}

function transpose(rows: Node[][]): Node[][] {
  return (rows[0] ?? []).map((_, index) => rows.flatMap((row) => row.slice(index, index + 1)))
}
