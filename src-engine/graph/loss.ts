/**
 * Losses written from elementary operations on the nodes of a network.
 * Cross-entropies start from the weighted sums, as the kernels do, so that no logarithm of a rounded 0 appears.
 */
import type { Graph, Node } from '#engine/graph/graph.ts'
import type { ReferenceLoss } from '#engine/kernels/reference/losses.ts'

/** The losses that are written here from elementary operations; one that is new need not be. */
export type GraphLoss = Extract<
  ReferenceLoss,
  { name: 'mean_squared_error' | 'mean_absolute_error' | 'huber' | 'binary_cross_entropy' | 'cross_entropy' }
>

/** The nodes of one row: what went in, what is wanted, the output layer's (normalised) sums, and its outputs. */
export interface SampleNodes {
  readonly inputs: readonly Node[]
  readonly targets: readonly Node[]
  readonly sums: readonly Node[]
  readonly outputs: readonly Node[]
}

/**
 * Adds the mean loss over some rows.
 * Errors: throws RangeError where a row has not one target for each output.
 */
export function addLoss(graph: Graph, loss: GraphLoss, samples: readonly SampleNodes[]): Node {
  const rows = samples.map((sample, index) => {
    const { outputs, targets } = sample
    if (outputs.length !== targets.length) {
      throw new RangeError(`${outputs.length} outputs can't be compared with ${targets.length} targets.`)
    }
    const total = graph.compute('add', addRow(graph, loss, sample))
    const weight = loss.rowWeights?.[index]
    return weight === undefined ? total : graph.compute('multiply', [graph.input(`weight${index + 1}`, weight), total])
  })
  const sum = graph.compute('add', rows)
  return graph.compute('divide', [sum, graph.input('rows', samples.length)], 'loss')
}

/** The terms of one row, one an output. */
function addRow(graph: Graph, loss: GraphLoss, { targets, sums, outputs }: SampleNodes): Node[] {
  const terms = (starts: readonly Node[], term: (start: Node, target: Node, index: number) => Node) =>
    starts.flatMap((start, index) => targets.slice(index, index + 1).map((target) => term(start, target, index)))

  switch (loss.name) {
    case 'mean_squared_error':
      return terms(outputs, (a, t) => scale(graph, 0.5, graph.compute('square', [graph.compute('subtract', [a, t])])))
    case 'mean_absolute_error':
      return terms(outputs, (a, t) => graph.compute('absolute', [graph.compute('subtract', [a, t])]))
    case 'huber':
      return terms(outputs, (a, t) => addHuber(graph, graph.compute('subtract', [a, t]), loss.delta))
    case 'binary_cross_entropy': {
      const [weight0, weight1] = [loss.classWeights?.[0] ?? 1, loss.classWeights?.[1] ?? 1]
      return terms(sums, (z, t) => {
        const wanted = smooth(graph, t, loss.labelSmoothing ?? 0, 2)
        const unwanted = graph.compute('subtract', [graph.input('1', 1), wanted])
        // -log h = softplus(-z) = softplus(z) - z, and -log(1 - h) = softplus(z)
        const softplus = graph.compute('softplus', [z])
        const minusLogH = graph.compute('subtract', [softplus, z])
        return graph.compute('add', [
          scale(graph, weight1, graph.compute('multiply', [wanted, minusLogH])),
          scale(graph, weight0, graph.compute('multiply', [unwanted, softplus]))
        ])
      })
    }
    case 'cross_entropy': {
      const largest = graph.compute('maximum', sums)
      const moved = sums.map((z) => graph.compute('subtract', [z, largest]))
      const logTotal = graph.compute('log', [
        graph.compute(
          'add',
          moved.map((z) => graph.compute('exp', [z]))
        )
      ])
      return terms(moved, (z, t, index) => {
        const minusLogP = graph.compute('subtract', [logTotal, z])
        const wanted = smooth(graph, t, loss.labelSmoothing ?? 0, sums.length)
        return scale(graph, loss.classWeights?.[index] ?? 1, graph.compute('multiply', [wanted, minusLogP]))
      })
    }
  }
}

/**
 * With c = min(|e|, delta): c (|e| - c / 2) is 1/2 e^2 inside and delta (|e| - delta / 2) beyond.
 * Source: Huber 1964.
 */
function addHuber(graph: Graph, error: Node, delta: number): Node {
  const size = graph.compute('absolute', [error])
  const cut = graph.compute('minimum', [size, graph.input('delta', delta)])
  return graph.compute('multiply', [cut, graph.compute('subtract', [size, scale(graph, 0.5, cut)])])
}

/** t (1 - s) + s / classes. */
function smooth(graph: Graph, target: Node, smoothing: number, classes: number): Node {
  if (smoothing === 0) return target
  return graph.compute('add', [scale(graph, 1 - smoothing, target), graph.input('smoothing', smoothing / classes)])
}

function scale(graph: Graph, factor: number, node: Node): Node {
  return factor === 1 ? node : graph.compute('multiply', [graph.input(`${factor}`, factor), node])
}
