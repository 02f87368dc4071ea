/** Normalisation written from elementary operations, for batch and layer normalisation alike. */
import type { Graph, Node } from '#engine/graph/graph.ts'
import { NORMALISATION_EPSILON } from '#engine/network/constants.ts'

/** Adds (v - mean) / sqrt(variance + epsilon) for each of some values. */
export function normaliseColumn(graph: Graph, values: readonly Node[]): Node[] {
  const count = graph.input('count', values.length)
  const meanOf = (nodes: readonly Node[]) => graph.compute('divide', [graph.compute('add', nodes), count])
  const centre = meanOf(values)
  const distances = values.map((value) => graph.compute('subtract', [value, centre]))
  const variance = meanOf(distances.map((distance) => graph.compute('square', [distance])))
  const epsilon = graph.input('epsilon', NORMALISATION_EPSILON)
  const deviation = graph.compute('square_root', [graph.compute('add', [variance, epsilon])])
  return distances.map((distance) => graph.compute('divide', [distance, deviation]))
}
