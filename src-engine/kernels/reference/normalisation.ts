/**
 * Batch and layer normalisation in float64, with their gradients: between the weighted sums of a layer and its activation.
 * Both scale by a gain and move by a shift, one pair a unit. As PyTorch: epsilon 1e-5; running figures move by a tenth.
 */
import {
  at,
  columnSums,
  type Matrix,
  mean,
  sum,
  transpose,
  type Vector,
  zip,
  zipRows
} from '#engine/kernels/reference/matrix.ts'
import { NORMALISATION_EPSILON } from '#engine/network/constants.ts'

export const runningMomentum = 0.1

/** Means and variances of a layer's units over the batches seen, which evaluation normalises with. */
export interface RunningStatistics {
  readonly means: Vector
  readonly variances: Vector
}

/** Starts running figures at mean 0 and variance 1. */
export function newRunningStatistics(units: number): RunningStatistics {
  return { means: Array<number>(units).fill(0), variances: Array<number>(units).fill(1) }
}

export interface Normalised {
  /** (z - mean) / sqrt(variance + epsilon), before gain and shift. Shape (B,O). */
  readonly standard: number[][]
  readonly output: number[][]
}

export interface NormalisationGradients {
  readonly z: number[][]
  readonly gain: number[]
  readonly shift: number[]
}

/**
 * Normalises each unit over the batch.
 * Shapes: z (B,O), gain and shift (O).
 * Errors: throws RangeError for a batch of one row, whose variance is 0 whatever it holds.
 * Source: Ioffe & Szegedy 2015, algorithm 1; the variance divides by B.
 */
export function batchNormForward(z: Matrix, gain: Vector, shift: Vector): Normalised {
  expectRows(z)
  return scaled(transpose(transpose(z).map(standardise)), gain, shift)
}

/** Normalises each row over its units. Shapes: as batchNormForward. Source: Ba, Kiros & Hinton 2016, equation 3. */
export function layerNormForward(z: Matrix, gain: Vector, shift: Vector): Normalised {
  return scaled(z.map(standardise), gain, shift)
}

/** Normalises with running figures instead of the batch's own: batch normalisation in evaluation. */
export function runningNormForward(z: Matrix, gain: Vector, shift: Vector, running: RunningStatistics): Normalised {
  const standard = z.map((row) =>
    row.map((value, unit) => {
      return (value - at(running.means, unit)) / Math.sqrt(at(running.variances, unit) + NORMALISATION_EPSILON)
    })
  )
  return scaled(standard, gain, shift)
}

/**
 * Moves running figures towards those of a batch: r <- 0.9 r + 0.1 batch.
 * Units: the batch's variance here divides by B - 1, as PyTorch has it.
 */
export function updateRunning(running: RunningStatistics, z: Matrix): RunningStatistics {
  expectRows(z)
  const move = (old: number, now: number) => (1 - runningMomentum) * old + runningMomentum * now
  const columns = transpose(z)
  const unbiased = (values: Vector) => (variance(values) * values.length) / (values.length - 1)
  return {
    means: zip(running.means, columns.map(mean), move),
    variances: zip(running.variances, columns.map(unbiased), move)
  }
}

/** Computes the gradients of batchNormForward. Shapes: z and dy (B,O). */
export function batchNormBackward(z: Matrix, gain: Vector, dy: Matrix): NormalisationGradients {
  const columns = transpose(z)
  const upstream = transpose(dy.map((row) => zip(row, gain, (gradient, factor) => gradient * factor)))
  const standard = transpose(columns.map(standardise))
  return {
    z: transpose(columns.map((values, unit) => standardiseBackward(values, upstream[unit] ?? []))),
    ...scaleGradients(standard, dy)
  }
}

/** Computes the gradients of layerNormForward. Shapes: z and dy (B,O). */
export function layerNormBackward(z: Matrix, gain: Vector, dy: Matrix): NormalisationGradients {
  const upstream = dy.map((row) => zip(row, gain, (gradient, factor) => gradient * factor))
  return {
    z: z.map((values, row) => standardiseBackward(values, upstream[row] ?? [])),
    ...scaleGradients(z.map(standardise), dy)
  }
}

function expectRows(z: Matrix): void {
  if (z.length < 2)
    throw new RangeError(`Batch normalisation needs batches of at least 2 rows; this one has ${z.length}.`)
}

function variance(values: Vector): number {
  const centre = mean(values)
  return mean(values.map((value) => (value - centre) ** 2))
}

function standardise(values: Vector): number[] {
  const centre = mean(values)
  const deviation = Math.sqrt(variance(values) + NORMALISATION_EPSILON)
  return values.map((value) => (value - centre) / deviation)
}

/**
 * With s = (v - mean) / deviation: dv = (ds - mean(ds) - s mean(ds s)) / deviation.
 * Source: Ioffe & Szegedy 2015, section 3, the three terms of dl/dx put together.
 */
function standardiseBackward(values: Vector, ds: Vector): number[] {
  const standard = standardise(values)
  const deviation = Math.sqrt(variance(values) + NORMALISATION_EPSILON)
  const centre = mean(ds)
  const along = mean(zip(ds, standard, (gradient, s) => gradient * s))
  return zip(ds, standard, (gradient, s) => (gradient - centre - s * along) / deviation)
}

function scaled(standard: number[][], gain: Vector, shift: Vector): Normalised {
  const output = standard.map((row) => row.map((s, unit) => s * at(gain, unit) + at(shift, unit)))
  return { standard, output }
}

function scaleGradients(standard: Matrix, dy: Matrix): { gain: number[]; shift: number[] } {
  const products = zipRows(dy, standard, (gradient, s) => gradient * s)
  return { gain: transpose(products).map(sum), shift: columnSums(dy) }
}
