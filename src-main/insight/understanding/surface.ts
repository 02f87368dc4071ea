/** The outputs of a network, or of one of its units, over a grid of one or two columns. */
import type { Task } from '#engine/network/losses.ts'
import { outputLayer } from '#engine/network/topology.ts'
import type { Axis, Surface } from '#contract/understand.ts'
import { LabError } from '#contract/errors.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import {
  axisOf,
  describeColumn,
  encodeAxis,
  placeOf,
  type Slot,
  writeValue
} from '#lab/insight/understanding/columns.ts'
import { cutBehind, holdInputs, type Network } from '#lab/insight/understanding/slice.ts'
import { evenly, type TrainingRows } from '#lab/insight/understanding/training-rows.ts'

export type Predicting = Pick<EngineHost, 'predict'>

/** A network with given weights, and the rows that it was trained on. */
export interface Viewed {
  readonly network: Network
  readonly epoch: number
  readonly slots: readonly Slot[]
  /** Inputs of the network. */
  readonly width: number
  readonly rows: TrainingRows
  readonly rowNumbers: Uint32Array
  readonly task: Task
  readonly classes: readonly string[] | null
  readonly targetScale: { readonly mean: number; readonly deviation: number }
}

/** Places to look at: all combinations of the axes' values, with the other columns held. */
export interface Grid {
  readonly x: Axis
  readonly y: Axis | null
  readonly xSlot: Slot
  readonly ySlot: Slot | null
  /** The encoded row that the other columns are held at. */
  readonly held: Float32Array
  /** The inputs that move, in the order of `inputs`. */
  readonly free: readonly number[]
  /** (y rows, x columns, free) row-major, from the lowest y. */
  readonly inputs: Float32Array
}

/** Most rows drawn as points, and most numbers that they may make. */
const mostPoints = 1000
const mostPointNumbers = 200_000
const mostHeld = 60

/** Lays a grid over the axes. Errors: LabError 'not_found' for an unknown column. */
export function gridOver(
  { slots, rows, width }: Pick<Viewed, 'slots' | 'rows' | 'width'>,
  held: Float32Array,
  axes: { readonly x: string; readonly y: string | null; readonly resolution: number }
): Grid {
  const along = (name: string) => {
    const slot = slots.find(({ encoding }) => encoding.column === name)
    if (!slot) throw new LabError('not_found', `"${name}" is no input column of this experiment.`)
    const axis = axisOf(describeColumn(slot, rows.inputs, width), axes.resolution)
    return { slot, axis, encoded: encodeAxis(slot, axis) }
  }
  const x = along(axes.x)
  const y = axes.y === null || axes.y === axes.x ? null : along(axes.y)
  const ySteps = y?.axis.values.length ?? 1
  const xSteps = x.axis.values.length
  const free = [x.slot, ...(y ? [y.slot] : [])].flatMap(({ offset, count }) =>
    Array.from({ length: count }, (_, input) => offset + input)
  )
  const inputs = new Float32Array(ySteps * xSteps * free.length)
  for (let row = 0; row < ySteps; row++) {
    const ofY = y?.encoded.subarray(row * y.slot.count, (row + 1) * y.slot.count)
    for (let column = 0; column < xSteps; column++) {
      const at = (row * xSteps + column) * free.length
      inputs.set(x.encoded.subarray(column * x.slot.count, (column + 1) * x.slot.count), at)
      if (ofY) inputs.set(ofY, at + x.slot.count)
    }
  }
  return { x: x.axis, y: y?.axis ?? null, xSlot: x.slot, ySlot: y?.slot ?? null, held, free, inputs }
}

/**
 * Computes the outputs of a layer's units over a grid.
 * Shapes: returns (places, units) row-major.
 */
export function respond(engine: Predicting, { network }: Pick<Viewed, 'network'>, grid: Grid, layer: number) {
  return engine.predict({ ...cutBehind(holdInputs(network, grid.held, grid.free), layer), inputs: grid.inputs })
}

/** Draws the surface of the network, or of one unit of a layer. */
export async function drawSurface(
  engine: Predicting,
  viewed: Viewed,
  grid: Grid,
  unit: { readonly layer: number; readonly unit: number } | null
): Promise<Surface> {
  const { layers } = viewed.network.topology
  const [outputs, points] = await Promise.all([
    respond(engine, viewed, grid, unit?.layer ?? layers.length),
    unit ? null : drawPoints(engine, viewed, grid)
  ])
  const units = layers[(unit?.layer ?? layers.length) - 1]?.units ?? 1
  const isOwnScale = viewed.task === 'regression' && (unit === null || unit.layer === layers.length)
  const { mean, deviation } = isOwnScale ? viewed.targetScale : { mean: 0, deviation: 1 }
  const values = unit
    ? Float32Array.from({ length: outputs.length / units }, (_, at) => {
        return (outputs[at * units + unit.unit] ?? 0) * deviation + mean
      })
    : viewed.task === 'regression'
      ? outputs.map((value) => value * deviation + mean)
      : bothClasses(outputs, units)
  const moving = new Set([grid.xSlot, grid.ySlot])
  return {
    epoch: viewed.epoch,
    x: grid.x,
    y: grid.y,
    outputs: unit || viewed.task === 'regression' ? 1 : Math.max(2, units),
    values,
    points,
    held: viewed.slots
      .filter((slot) => !moving.has(slot))
      .slice(0, mostHeld)
      .map((slot) => ({ column: slot.encoding.column, value: writeValue(slot, grid.held) }))
  }
}

/** A single output is the probability of the second class; told of both, one picture serves for all networks. */
function bothClasses(outputs: Float32Array, units: number): Float32Array<ArrayBuffer> {
  if (units > 1) return outputs.slice()
  return Float32Array.from({ length: outputs.length * 2 }, (_, at) => {
    const second = outputs[at >> 1] ?? 0
    return at % 2 === 0 ? 1 - second : second
  })
}

async function drawPoints(engine: Predicting, viewed: Viewed, { xSlot, ySlot }: Grid): Promise<Surface['points']> {
  const { network, rows, width, rowNumbers, task, targetScale } = viewed
  const chosen = evenly(rows.targets.length, Math.max(1, Math.min(mostPoints, Math.floor(mostPointNumbers / width))))
  const rowOf = (index: number) => rows.inputs.subarray(index * width, (index + 1) * width)
  const inputs = new Float32Array(chosen.length * width)
  chosen.forEach((index, point) => inputs.set(rowOf(index), point * width))
  const outputs = await engine.predict({ ...network, inputs })
  const units = outputLayer(network.topology).units
  const own = (value: number) => value * targetScale.deviation + targetScale.mean
  const target = (index: number) => rows.targets[index] ?? 0
  return {
    rows: Array.from(chosen, (index) => rowNumbers[index] ?? 0),
    x: Float32Array.from(chosen, (index) => placeOf(xSlot, rowOf(index))),
    y: Float32Array.from(chosen, (index) => (ySlot ? placeOf(ySlot, rowOf(index)) : 0)),
    targets: Float32Array.from(chosen, (index) => (task === 'regression' ? own(target(index)) : target(index))),
    predictions: Float32Array.from(chosen, (_, point) =>
      task === 'regression' ? own(outputs[point] ?? 0) : largest(outputs, point * units, units)
    )
  }
}

/** The class of one row: its largest output, or 1 where a single output is above 1/2. */
function largest(outputs: Float32Array, start: number, units: number): number {
  if (units === 1) return (outputs[start] ?? 0) > 0.5 ? 1 : 0
  const row = outputs.subarray(start, start + units)
  return row.indexOf(Math.max(...row))
}
