/** A network as a picture: which units count, how they are linked, what they give, and which do nothing. */
import { parameterSpans } from '#engine/network/parameters.ts'
import { outputLayer } from '#engine/network/topology.ts'
import type { NetworkColumn, NetworkPicture } from '#contract/understand.ts'
import { detectImage } from '#lab/datasets/image.ts'
import { inputNames } from '#lab/datasets/preparation-steps.ts'
import { cutBehind, type Network } from '#lab/insight/understanding/slice.ts'
import { type Grid, type Predicting, respond, type Viewed } from '#lab/insight/understanding/surface.ts'
import { evenly } from '#lab/insight/understanding/training-rows.ts'
import { lookAtUnits, type UnitFacts } from '#lab/insight/understanding/units.ts'

/** Most numbers that the units of one layer may make over the rows looked at: 16 MB on their way from the engine. */
const mostOutputs = 4_000_000

/** Draws a network with at most `most` units of a layer: those that move the layer behind them most. */
export async function drawNetwork(
  engine: Predicting,
  viewed: Viewed,
  grid: Grid,
  most: number
): Promise<NetworkPicture> {
  const { network, rows, width, epoch } = viewed
  const { layers } = network.topology
  const inputs = rowsFor(viewed)
  const looked = inputs.length / width
  const facts: UnitFacts[] = [lookAtInputs(inputs, width)]
  for (const [index, layer] of layers.entries()) {
    const outputs = await engine.predict({ ...cutBehind(network, index + 1), inputs })
    facts.push(await lookAtUnits(outputs, layer.units))
  }
  const drawn = facts.map(({ deviations }, column) =>
    column === layers.length ? firstOf(deviations.length, most) : strongest(network, column, deviations, most)
  )
  const responses = await Promise.all(layers.map((_, index) => respond(engine, viewed, grid, index + 1)))
  const columns = facts.map((fact, column): NetworkColumn => {
    const units = drawn[column] ?? []
    const layer = layers[column - 1]
    const span = parameterSpans(network.topology)[column - 1]
    return {
      units: fact.deviations.length,
      activation: layer?.activation ?? null,
      drawn: units,
      labels: labelsOf(viewed, column, units),
      biases: span ? units.map((unit) => network.parameters[span.biases + unit] ?? 0) : [],
      still: layer ? fact.still : [],
      // Classes are what they are; only hidden units can be spared.
      twins: layer && column < layers.length ? fact.twins : [],
      responses: layer ? chosenResponses(responses[column - 1] ?? new Float32Array(), layer.units, units) : null,
      images: column === 1 ? imagesOf(viewed, units) : null
    }
  })
  return {
    epoch,
    rows: looked,
    ofRows: rows.ofRows,
    columns,
    links: layers.map((_, index) => linksBetween(network, index, drawn[index] ?? [], drawn[index + 1] ?? [])),
    resolution: grid.x.values.length
  }
}

/** The rows that units are looked at over: so many that the widest layer's outputs stay within bounds. */
function rowsFor({ rows, width, network }: Viewed): Float32Array {
  const widest = Math.max(...network.topology.layers.map(({ units }) => units))
  const count = rows.targets.length
  const chosen = evenly(count, Math.max(1, Math.floor(mostOutputs / widest)))
  if (chosen.length === count) return rows.inputs
  const inputs = new Float32Array(chosen.length * width)
  chosen.forEach((row, place) => inputs.set(rows.inputs.subarray(row * width, (row + 1) * width), place * width))
  return inputs
}

/** Of the inputs only how much they vary is of use. */
function lookAtInputs(inputs: Float32Array, width: number): UnitFacts {
  const rows = inputs.length / width
  const sums = new Float64Array(width)
  const squares = new Float64Array(width)
  inputs.forEach((value, at) => {
    const input = at % width
    sums[input] = (sums[input] ?? 0) + value
    squares[input] = (squares[input] ?? 0) + value * value
  })
  const deviations = squares.map((square, input) =>
    Math.sqrt(Math.max(0, square / rows - ((sums[input] ?? 0) / rows) ** 2))
  )
  return { deviations, still: [], twins: [] }
}

/** The units whose outputs move the layer behind most: their deviation times the norm of their outgoing weights. */
function strongest(network: Network, column: number, deviations: Float64Array, most: number): number[] {
  const span = parameterSpans(network.topology)[column]
  const strength = deviations.map((deviation, from) => {
    if (!span) return deviation
    let squares = 0
    for (let to = 0; to < span.units; to++) {
      squares += (network.parameters[span.weights + to * span.inputs + from] ?? 0) ** 2
    }
    return deviation * Math.sqrt(squares)
  })
  const order = firstOf(strength.length, strength.length).sort((a, b) => (strength[b] ?? 0) - (strength[a] ?? 0))
  return order.slice(0, most).sort((a, b) => a - b)
}

function firstOf(count: number, most: number): number[] {
  return Array.from({ length: Math.min(count, most) }, (_, index) => index)
}

/** Names inputs by their columns, outputs by their classes; hidden units have no names. */
export function labelsOf(
  { slots, network, classes, task }: Viewed,
  column: number,
  units: readonly number[]
): string[] {
  if (column === 0) {
    const names = slots.flatMap(({ encoding }) => inputNames(encoding))
    return units.map((unit) => names[unit] ?? `input ${unit + 1}`)
  }
  if (column < network.topology.layers.length) return []
  if (task === 'regression') return units.map(() => 'output')
  return units.map(
    (unit) => (outputLayer(network.topology).units === 1 ? classes?.[1] : classes?.[unit]) ?? `${unit + 1}`
  )
}

/** Shapes: responses (places, all) row-major; returns (chosen, places) row-major. */
function chosenResponses(responses: Float32Array, all: number, chosen: readonly number[]): Float32Array<ArrayBuffer> {
  const places = responses.length / all
  return Float32Array.from({ length: chosen.length * places }, (_, at) => {
    const unit = chosen[Math.floor(at / places)] ?? 0
    return responses[(at % places) * all + unit] ?? 0
  })
}

/** The weights of units over the pixels that they look at; null where rows are no images. */
function imagesOf({ network, slots, width }: Viewed, units: readonly number[]): Float32Array<ArrayBuffer> | null {
  const image = detectImage(slots.map(({ encoding }) => encoding.column))
  if (!image || image.width * image.height !== width) return null
  const images = new Float32Array(units.length * width)
  units.forEach((unit, place) =>
    images.set(network.parameters.subarray(unit * width, (unit + 1) * width), place * width)
  )
  return images
}

/** Shapes: returns (to, from) row-major. */
function linksBetween(
  network: Network,
  layer: number,
  from: readonly number[],
  to: readonly number[]
): Float32Array<ArrayBuffer> {
  const span = parameterSpans(network.topology)[layer]
  return Float32Array.from({ length: from.length * to.length }, (_, at) => {
    const unit = to[Math.floor(at / from.length)] ?? 0
    const input = from[at % from.length] ?? 0
    return span ? (network.parameters[span.weights + unit * span.inputs + input] ?? 0) : 0
  })
}
