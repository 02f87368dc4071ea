/** What an epoch record says of each layer; metricColumns() names and explains the columns. */
import type { ArenaMap } from '#engine/kernels/arena.ts'
import type { Program } from '#engine/kernels/program.ts'
import { hiddenLayers, type Topology } from '#engine/network/topology.ts'

/**
 * Computes the norms of gradients and weights of every layer, and the quiet share of hidden ones.
 * Units: measuredRows is how many rows were measured this epoch; 0 where none were.
 */
export function layerMetrics(program: Program, map: ArenaMap, topology: Topology, measuredRows: number): number[] {
  const gradients = map.layers.map((_, index) => program.gradientNorm(index))
  const weights = map.layers.map((layer) => weightNorm(program.floats(layer.weights, layer.weightFloats), layer))
  const quiet = hiddenLayers(topology).map(({ activation, units }, index) => {
    if (measuredRows === 0) return NaN
    const counts = program.quiet(index)
    if (activation === 'relu') return counts.filter((count) => count === measuredRows).length / units
    if (activation !== 'sigmoid' && activation !== 'tanh') return NaN
    return counts.reduce((sum, count) => sum + count, 0) / (units * measuredRows)
  })
  return [...gradients, ...weights, ...quiet]
}

/** The norm of the weights in panels; the last row of each panel has the biases. */
function weightNorm(panels: Float32Array, layer: { readonly inputs: number; readonly units: number }): number {
  let squares = 0
  for (let unit = 0; unit < layer.units; unit += 8) {
    const width = layer.units - unit > 4 ? 8 : 4
    const start = unit * (layer.inputs + 1)
    const end = start + layer.inputs * width
    for (let index = start; index < end; index++) squares += (panels[index] ?? 0) ** 2
  }
  return Math.sqrt(squares)
}
