/**
 * What holds weights and gradients down, around the optimizer's pass over a panel. Weights only, never biases, gains
 * or shifts: those rows of a panel are left out by the caller.
 */
import * as at from './layout'

/**
 * Adds the gradients of L1 and L2 penalties: g <- g + l2 w + l1 sign(w), for penalties l2/2 sum w^2 and l1 sum |w|.
 * Shapes: w and g, `count` floats side by side.
 */
export function addPenalties(program: usize, w: usize, g: usize, count: i32): void {
  const l1 = load<f32>(program, at.P_L1_F32)
  const l2 = load<f32>(program, at.P_L2_F32)
  if (l1 == 0 && l2 == 0) return
  const zero = f32x4.splat(0)
  const pull = f32x4.splat(l1)
  const end = w + <usize>count * 4
  for (; w < end; w += 16, g += 16) {
    const v = v128.load(w)
    const sign = f32x4.sub(v128.and(f32x4.gt(v, zero), pull), v128.and(f32x4.lt(v, zero), pull))
    v128.store(g, f32x4.add(f32x4.relaxed_madd(v, f32x4.splat(l2), v128.load(g)), sign))
  }
}

/** Scales gradients by `factor`, then cuts them off at the clip value on both sides. */
export function clip(program: usize, g: usize, count: i32, factor: f32): void {
  const limit = load<f32>(program, at.P_CLIP_VALUE_F32)
  if (limit == 0 && factor == 1) return
  const high = f32x4.splat(limit > 0 ? limit : Infinity)
  const low = f32x4.neg(high)
  const end = g + <usize>count * 4
  for (; g < end; g += 16) {
    v128.store(g, f32x4.pmin(f32x4.pmax(f32x4.mul(v128.load(g), f32x4.splat(factor)), low), high))
  }
}

/**
 * Shrinks weights before the step: w <- w (1 - r d).
 * Source: Loshchilov & Hutter 2019, decoupled weight decay.
 */
export function decay(program: usize, w: usize, count: i32): void {
  const share = load<f32>(program, at.P_WEIGHT_DECAY_F32)
  if (share == 0) return
  const keep = f32x4.splat(1 - load<f32>(program, at.P_RATE_F32) * share)
  const end = w + <usize>count * 4
  for (; w < end; w += 16) v128.store(w, f32x4.mul(v128.load(w), keep))
}

/**
 * Scales the weights into each unit of a panel down to the largest norm.
 * Shapes: panel (inputs,width).
 * Source: Srivastava et al. 2014, section 5.1.
 */
export function limitNorms(program: usize, panel: usize, inputs: i32, width: i32): void {
  const limit = load<f32>(program, at.P_MAX_NORM_F32)
  if (limit == 0) return
  const rowBytes = <usize>width * 4
  const end = panel + <usize>inputs * rowBytes
  for (let column: usize = 0; column < rowBytes; column += 16) {
    let squares = f32x4.splat(1e-30)
    for (let row = panel + column; row < end; row += rowBytes) {
      const v = v128.load(row)
      squares = f32x4.relaxed_madd(v, v, squares)
    }
    const factor = f32x4.pmin(f32x4.splat(1), f32x4.div(f32x4.splat(limit), f32x4.sqrt(squares)))
    for (let row = panel + column; row < end; row += rowBytes) v128.store(row, f32x4.mul(v128.load(row), factor))
  }
}

/** Sums the squares of `count` floats, in float64 a vector of partial sums at a time. */
export function sumOfSquares(values: usize, count: i32): f64 {
  const end = values + <usize>count * 4
  let total: f64 = 0
  while (values < end) {
    const stop = min(end, values + 1024)
    let sum = f32x4.splat(0)
    for (; values < stop; values += 16) {
      const v = v128.load(values)
      sum = f32x4.relaxed_madd(v, v, sum)
    }
    total += <f64>f32x4.extract_lane(sum, 0) + <f64>f32x4.extract_lane(sum, 1)
    total += <f64>f32x4.extract_lane(sum, 2) + <f64>f32x4.extract_lane(sum, 3)
  }
  return total
}
