/**
 * Batch and layer normalisation of weighted sums, before the activation: y = gain * n + shift, with n the sum less its
 * mean over its deviation, taken a unit over the batch, or a row over the units.
 * Sources: Ioffe & Szegedy 2015, algorithms 1 and 2; Ba, Kiros & Hinton 2016, eq. 4. Constants as PyTorch has them.
 */
import { NORMALISATION_EPSILON } from '../../network/constants'
import { columnsBelow, sumLanes } from './lanes'

/** Added to the variance, so that a constant unit divides by no zero. */
const epsilon: f32 = <f32>NORMALISATION_EPSILON
/** The share by which a batch moves the running mean and variance. */
const running: f32 = 0.1

/**
 * Normalises a batch by its own mean and variance, and moves the running ones.
 * Shapes: z (rows,units) in place, rows `stride` bytes apart; gain: gain (O), shift (O); averages: mean (O),
 * variance (O); normalised as z; inverse (O); all padded to `padded` columns.
 * Units: variances divide by rows, but the running one by rows - 1.
 */
export function batchNormalise(
  z: usize,
  stride: usize,
  rows: i32,
  padded: i32,
  gain: usize,
  averages: usize,
  normalised: usize,
  inverse: usize
): void {
  const half = <usize>padded * 4
  const share = f32x4.splat(<f32>1 / <f32>rows)
  const unbiased = f32x4.splat(rows > 1 ? <f32>rows / <f32>(rows - 1) : 1)
  for (let column: usize = 0; column < half; column += 16) {
    let sum = f32x4.splat(0)
    for (let row = 0; row < rows; row++) sum = f32x4.add(sum, v128.load(z + column + <usize>row * stride))
    const mean = f32x4.mul(sum, share)
    let squares = f32x4.splat(0)
    for (let row = 0; row < rows; row++) {
      const d = f32x4.sub(v128.load(z + column + <usize>row * stride), mean)
      squares = f32x4.relaxed_madd(d, d, squares)
    }
    const variance = f32x4.mul(squares, share)
    const scale = f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(variance, f32x4.splat(epsilon))))
    v128.store(inverse + column, scale)
    const g = v128.load(gain + column)
    const shift = v128.load(gain + half + column)
    for (let row = 0; row < rows; row++) {
      const at = column + <usize>row * stride
      const n = f32x4.mul(f32x4.sub(v128.load(z + at), mean), scale)
      v128.store(normalised + at, n)
      v128.store(z + at, f32x4.relaxed_madd(n, g, shift))
    }
    approach(averages + column, mean)
    approach(averages + half + column, f32x4.mul(variance, unbiased))
  }
}

// @ts-ignore: decorator
@inline
function approach(average: usize, value: v128): void {
  const old = v128.load(average)
  v128.store(average, f32x4.relaxed_madd(f32x4.sub(value, old), f32x4.splat(running), old))
}

/** Normalises rows by the running mean and variance: batch normalisation after training. Shapes as batchNormalise. */
export function batchNormaliseFixed(
  z: usize,
  stride: usize,
  rows: i32,
  padded: i32,
  gain: usize,
  averages: usize
): void {
  const half = <usize>padded * 4
  for (let column: usize = 0; column < half; column += 16) {
    const variance = f32x4.add(v128.load(averages + half + column), f32x4.splat(epsilon))
    const scale = f32x4.div(v128.load(gain + column), f32x4.sqrt(variance))
    const mean = v128.load(averages + column)
    const shift = v128.load(gain + half + column)
    for (let row = 0; row < rows; row++) {
      const at = z + column + <usize>row * stride
      v128.store(at, f32x4.relaxed_madd(f32x4.sub(v128.load(at), mean), scale, shift))
    }
  }
}

/**
 * Turns the gradient by y into the gradient by z, in place, and writes the gradients of gain and shift.
 * Shapes: dy as z; gainGradient: gain (O), shift (O), overwritten; the others as batchNormalise left them.
 */
export function batchNormaliseBack(
  dy: usize,
  stride: usize,
  rows: i32,
  padded: i32,
  gain: usize,
  gainGradient: usize,
  normalised: usize,
  inverse: usize
): void {
  const half = <usize>padded * 4
  const share = f32x4.splat(<f32>1 / <f32>rows)
  for (let column: usize = 0; column < half; column += 16) {
    let dShift = f32x4.splat(0)
    let dGain = f32x4.splat(0)
    for (let row = 0; row < rows; row++) {
      const at = column + <usize>row * stride
      const d = v128.load(dy + at)
      dShift = f32x4.add(dShift, d)
      dGain = f32x4.relaxed_madd(d, v128.load(normalised + at), dGain)
    }
    v128.store(gainGradient + column, dGain)
    v128.store(gainGradient + half + column, dShift)
    const scale = f32x4.mul(v128.load(gain + column), v128.load(inverse + column))
    const meanShift = f32x4.mul(dShift, share)
    const meanGain = f32x4.mul(dGain, share)
    for (let row = 0; row < rows; row++) {
      const at = column + <usize>row * stride
      const d = f32x4.sub(f32x4.sub(v128.load(dy + at), meanShift), f32x4.mul(v128.load(normalised + at), meanGain))
      v128.store(dy + at, f32x4.mul(d, scale))
    }
  }
}

/**
 * Normalises each row over its units.
 * Shapes: as batchNormalise, but inverse (rows); normalised may be 0 outside training.
 */
export function layerNormalise(
  z: usize,
  stride: usize,
  rows: i32,
  units: i32,
  padded: i32,
  gain: usize,
  normalised: usize,
  inverse: usize
): void {
  const half = <usize>padded * 4
  const share = <f32>1 / <f32>units
  for (let row = 0; row < rows; row++) {
    let sum = f32x4.splat(0)
    for (let column = 0; column < units; column += 4) {
      sum = f32x4.add(sum, v128.and(v128.load(z + <usize>column * 4), columnsBelow(column, units)))
    }
    const mean = f32x4.splat(sumLanes(sum) * share)
    let squares = f32x4.splat(0)
    for (let column = 0; column < units; column += 4) {
      const d = v128.and(f32x4.sub(v128.load(z + <usize>column * 4), mean), columnsBelow(column, units))
      squares = f32x4.relaxed_madd(d, d, squares)
    }
    const scale: f32 = 1 / sqrt<f32>(sumLanes(squares) * share + epsilon)
    store<f32>(inverse + <usize>row * 4, scale)
    for (let column: usize = 0; column < half; column += 16) {
      const n = f32x4.mul(f32x4.sub(v128.load(z + column), mean), f32x4.splat(scale))
      if (normalised) v128.store(normalised + column, n)
      v128.store(z + column, f32x4.relaxed_madd(n, v128.load(gain + column), v128.load(gain + half + column)))
    }
    z += stride
    if (normalised) normalised += stride
  }
}

/** Turns the gradient by y into the gradient by z, in place; gainGradient is added to where `accumulate`. */
export function layerNormaliseBack(
  dy: usize,
  stride: usize,
  rows: i32,
  units: i32,
  padded: i32,
  gain: usize,
  gainGradient: usize,
  normalised: usize,
  inverse: usize,
  accumulate: bool
): void {
  const half = <usize>padded * 4
  const share = <f32>1 / <f32>units
  if (!accumulate) memory.fill(gainGradient, 0, half * 2)
  for (let row = 0; row < rows; row++) {
    let sum = f32x4.splat(0)
    let along = f32x4.splat(0)
    for (let column: usize = 0; column < half; column += 16) {
      const d = v128.load(dy + column)
      const n = v128.load(normalised + column)
      const toGain = gainGradient + column
      v128.store(toGain, f32x4.relaxed_madd(d, n, v128.load(toGain)))
      v128.store(toGain + half, f32x4.add(d, v128.load(toGain + half)))
      const dn = f32x4.mul(d, v128.load(gain + column))
      sum = f32x4.add(sum, dn)
      along = f32x4.relaxed_madd(dn, n, along)
    }
    const mean = f32x4.splat(sumLanes(sum) * share)
    const meanAlong = f32x4.splat(sumLanes(along) * share)
    const scale = f32x4.splat(load<f32>(inverse + <usize>row * 4))
    for (let column: usize = 0; column < half; column += 16) {
      const dn = f32x4.mul(v128.load(dy + column), v128.load(gain + column))
      const n = v128.load(normalised + column)
      const d = f32x4.mul(f32x4.sub(f32x4.sub(dn, mean), f32x4.mul(n, meanAlong)), scale)
      v128.store(dy + column, v128.and(d, columnsBelow(<i32>(column >> 2), units)))
    }
    dy += stride
    normalised += stride
  }
}
