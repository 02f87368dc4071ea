/** What the units of a layer do over rows: how much each varies, which never change, which say what another one says. */
import { createPause } from '#lab/datasets/pause.ts'

export interface UnitFacts {
  /** Standard deviation of each unit's outputs. */
  readonly deviations: Float64Array
  /** Units that give the same for every row: a ReLU that never fires, a sigmoid that is always saturated. */
  readonly still: number[]
  readonly twins: { readonly unit: number; readonly twin: number }[]
}

/** Beyond this correlation, of either sign, the layer behind can't tell two units apart. */
const alike = 0.99
/** Outputs closer together than this are the same in float32. */
const sameShare = 1e-6
/** Multiply-adds that comparing all pairs may take: about 0.1 s, in pieces. */
const mostWork = 60_000_000
const fewestRows = 100

/**
 * Looks at a layer. Rows are thinned where comparing all pairs over all of them would take too long.
 * Shapes: outputs (rows, units) row-major.
 */
export async function lookAtUnits(outputs: Float32Array, units: number): Promise<UnitFacts> {
  const pause = createPause()
  const rows = outputs.length / units
  const deviations = new Float64Array(units)
  const still: number[] = []
  const compared = Math.min(rows, Math.max(fewestRows, Math.floor(mostWork / (units * units))))
  /** Each unit's outputs about their mean and of length 1, side by side; empty for one that never changes. */
  const unitVectors: (Float32Array | null)[] = []
  for (let unit = 0; unit < units; unit++) {
    const values = Float64Array.from({ length: rows }, (_, row) => outputs[row * units + unit] ?? 0)
    const mean = values.reduce((sum, value) => sum + value, 0) / rows
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    const furthest = values.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0)
    deviations[unit] = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows)
    const isStill = furthest <= sameShare * Math.max(1, largest)
    if (isStill) still.push(unit)
    unitVectors.push(isStill ? null : normalised(values, compared))
    await pause()
  }
  const twins: UnitFacts['twins'] = []
  for (let unit = 1; unit < units; unit++) {
    const own = unitVectors[unit]
    if (!own) continue
    for (let twin = 0; twin < unit; twin++) {
      const other = unitVectors[twin]
      if (!other || Math.abs(dot(own, other)) <= alike) continue
      twins.push({ unit, twin })
      break
    }
    await pause()
  }
  return { deviations, still, twins }
}

/** `count` values, evenly taken, about their mean and of length 1. */
function normalised(values: Float64Array, count: number): Float32Array {
  const taken = Float32Array.from({ length: count }, (_, index) => {
    return values[Math.floor((index * values.length) / count)] ?? 0
  })
  const mean = taken.reduce((sum, value) => sum + value, 0) / count
  const centred = taken.map((value) => value - mean)
  const length = Math.sqrt(dot(centred, centred))
  return length > 0 ? centred.map((value) => value / length) : centred
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0)
  return sum
}
