/**
 * Activations of a whole layer at once, where the register tile has not applied them already (linear and ReLU),
 * and their derivatives: from the outputs where these tell it exactly, else kept from the forward pass.
 */
import { SELU_ALPHA, SELU_SCALE } from '../../network/constants'
import * as code from './codes'
import { columnsBelow, maxLanes, sumLanes } from './lanes'
import { exp4, phi4, sigmoid4, softplus4, tanh4 } from './transcendental'

/** e^x - 1, exact also near 0, where the difference would lose its digits. */
// @ts-ignore: decorator
@inline
function expm1(x: v128): v128 {
  // Below 1/2 a Taylor polynomial, above the difference.
  let p = f32x4.splat(1.9841270e-4)
  p = f32x4.relaxed_madd(p, x, f32x4.splat(1.3888889e-3))
  p = f32x4.relaxed_madd(p, x, f32x4.splat(8.3333333e-3))
  p = f32x4.relaxed_madd(p, x, f32x4.splat(4.1666667e-2))
  p = f32x4.relaxed_madd(p, x, f32x4.splat(1.6666667e-1))
  p = f32x4.relaxed_madd(p, x, f32x4.splat(0.5))
  p = f32x4.relaxed_madd(f32x4.mul(p, x), x, x)
  const isSmall = f32x4.lt(f32x4.abs(x), f32x4.splat(0.5))
  return v128.bitselect(p, f32x4.sub(exp4(x), f32x4.splat(1)), isSmall)
}

/**
 * Turns weighted sums into outputs, in place.
 * Shapes: z (rows,units), rows `stride` bytes apart; what lies between the columns and the stride is padding;
 * derivative laid out as z, written for those activations whose outputs do not tell it (network/activations.ts says which);
 * 0 leaves it out.
 */
export function activate(
  kind: i32,
  slope: f32,
  z: usize,
  stride: usize,
  rows: i32,
  units: i32,
  derivative: usize
): void {
  const end = z + <usize>rows * stride
  const distance = derivative - z
  const zero = f32x4.splat(0)
  const one = f32x4.splat(1)
  switch (kind) {
    case code.ACTIVATION_SIGMOID:
      for (; z < end; z += 16) v128.store(z, sigmoid4(v128.load(z)))
      break
    case code.ACTIVATION_TANH:
      for (; z < end; z += 16) v128.store(z, tanh4(v128.load(z)))
      break
    case code.ACTIVATION_RELU:
      for (; z < end; z += 16) v128.store(z, f32x4.pmax(v128.load(z), zero))
      break
    case code.ACTIVATION_LEAKY_RELU:
      for (; z < end; z += 16) {
        const v = v128.load(z)
        v128.store(z, v128.bitselect(v, f32x4.mul(v, f32x4.splat(slope)), f32x4.gt(v, zero)))
      }
      break
    case code.ACTIVATION_ELU:
      for (; z < end; z += 16) {
        const v = v128.load(z)
        v128.store(z, v128.bitselect(v, expm1(v), f32x4.gt(v, zero)))
      }
      break
    case code.ACTIVATION_SELU:
      for (; z < end; z += 16) {
        const v = v128.load(z)
        const below = f32x4.mul(expm1(v), f32x4.splat(<f32>SELU_ALPHA))
        v128.store(z, f32x4.mul(v128.bitselect(v, below, f32x4.gt(v, zero)), f32x4.splat(<f32>SELU_SCALE)))
      }
      break
    case code.ACTIVATION_GELU:
      for (; z < end; z += 16) {
        const v = v128.load(z)
        const share = phi4(v)
        v128.store(z, f32x4.mul(v, share))
        if (derivative) {
          // Phi + x phi, with phi(x) = e^(-x^2/2) / sqrt(2 pi)
          const density = f32x4.mul(exp4(f32x4.mul(f32x4.mul(v, v), f32x4.splat(-0.5))), f32x4.splat(0.39894228))
          v128.store(z + distance, f32x4.relaxed_madd(v, density, share))
        }
      }
      break
    case code.ACTIVATION_SILU:
      for (; z < end; z += 16) {
        const v = v128.load(z)
        const share = sigmoid4(v)
        const a = f32x4.mul(v, share)
        v128.store(z, a)
        if (derivative) v128.store(z + distance, f32x4.add(share, f32x4.mul(a, f32x4.sub(one, share))))
      }
      break
    case code.ACTIVATION_SOFTPLUS:
      for (; z < end; z += 16) {
        const v = v128.load(z)
        v128.store(z, softplus4(v))
        if (derivative) v128.store(z + distance, sigmoid4(v))
      }
      break
    case code.ACTIVATION_HARD_SIGMOID:
      for (; z < end; z += 16) {
        const v = f32x4.relaxed_madd(v128.load(z), f32x4.splat(1 / 6), f32x4.splat(0.5))
        v128.store(z, f32x4.pmin(f32x4.pmax(v, zero), one))
      }
      break
    case code.ACTIVATION_THRESHOLD:
      for (; z < end; z += 16) v128.store(z, v128.and(f32x4.ge(v128.load(z), zero), one))
      break
    case code.ACTIVATION_SIGN:
      for (; z < end; z += 16) {
        const v = v128.load(z)
        v128.store(z, f32x4.sub(v128.and(f32x4.gt(v, zero), one), v128.and(f32x4.lt(v, zero), one)))
      }
      break
    case code.ACTIVATION_SOFTMAX:
      for (; z < end; z += stride) softmaxRow(z, units)
      break
    default:
  }
}

/**
 * Multiplies gradients by the activation's derivative as the outputs tell it, in place.
 * Shapes: a and dz laid out alike, `bytes` long; padded columns of dz are 0 and stay 0.
 */
export function differentiate(kind: i32, slope: f32, a: usize, dz: usize, bytes: usize): void {
  const end = a + bytes
  const zero = f32x4.splat(0)
  const one = f32x4.splat(1)
  switch (kind) {
    case code.ACTIVATION_SIGMOID:
      for (; a < end; a += 16, dz += 16) {
        const v = v128.load(a)
        v128.store(dz, f32x4.mul(v128.load(dz), f32x4.mul(v, f32x4.sub(one, v))))
      }
      break
    case code.ACTIVATION_TANH:
      for (; a < end; a += 16, dz += 16) {
        const v = v128.load(a)
        v128.store(dz, f32x4.mul(v128.load(dz), f32x4.sub(one, f32x4.mul(v, v))))
      }
      break
    case code.ACTIVATION_RELU:
      for (; a < end; a += 16, dz += 16) {
        v128.store(dz, v128.and(v128.load(dz), f32x4.gt(v128.load(a), zero)))
      }
      break
    case code.ACTIVATION_LEAKY_RELU:
      for (; a < end; a += 16, dz += 16) {
        const factor = v128.bitselect(one, f32x4.splat(slope), f32x4.gt(v128.load(a), zero))
        v128.store(dz, f32x4.mul(v128.load(dz), factor))
      }
      break
    case code.ACTIVATION_ELU:
      for (; a < end; a += 16, dz += 16) {
        const v = v128.load(a)
        v128.store(dz, f32x4.mul(v128.load(dz), f32x4.add(one, f32x4.pmin(v, zero))))
      }
      break
    case code.ACTIVATION_SELU:
      for (; a < end; a += 16, dz += 16) {
        const v = v128.load(a)
        const below = f32x4.add(v, f32x4.splat(<f32>(SELU_SCALE * SELU_ALPHA)))
        const factor = v128.bitselect(f32x4.splat(<f32>SELU_SCALE), below, f32x4.gt(v, zero))
        v128.store(dz, f32x4.mul(v128.load(dz), factor))
      }
      break
    case code.ACTIVATION_HARD_SIGMOID:
      for (; a < end; a += 16, dz += 16) {
        const v = v128.load(a)
        const isInside = v128.and(f32x4.gt(v, zero), f32x4.lt(v, one))
        v128.store(dz, v128.and(f32x4.mul(v128.load(dz), f32x4.splat(1 / 6)), isInside))
      }
      break
    default:
  }
}

function softmaxRow(z: usize, units: i32): void {
  const lowest = f32x4.splat(-Infinity)
  let largest = lowest
  for (let column = 0; column < units; column += 4) {
    const v = v128.bitselect(v128.load(z + <usize>column * 4), lowest, columnsBelow(column, units))
    largest = f32x4.max(largest, v)
  }
  const top = f32x4.splat(maxLanes(largest))
  let sum = f32x4.splat(0)
  for (let column = 0; column < units; column += 4) {
    const address = z + <usize>column * 4
    const e = v128.and(exp4(f32x4.sub(v128.load(address), top)), columnsBelow(column, units))
    v128.store(address, e)
    sum = f32x4.add(sum, e)
  }
  const total = f32x4.splat(sumLanes(sum))
  for (let column = 0; column < units; column += 4) {
    const address = z + <usize>column * 4
    v128.store(address, f32x4.div(v128.load(address), total))
  }
}
