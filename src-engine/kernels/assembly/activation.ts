/**
 * Activations of a whole layer at once, where the register tile has not applied them already (linear and ReLU),
 * and their derivatives from the outputs.
 */
import {
  ACTIVATION_LEAKY_RELU,
  ACTIVATION_LINEAR,
  ACTIVATION_RELU,
  ACTIVATION_SIGMOID,
  ACTIVATION_SOFTMAX,
  ACTIVATION_TANH
} from './layout'
import { columnsBelow, maxLanes, sumLanes } from './lanes'
import { exp4, sigmoid4, tanh4 } from './transcendental'

/**
 * Turns weighted sums into outputs, in place.
 * Shapes: z (rows,units), rows `stride` bytes apart; what lies between the columns and the stride is padding.
 */
export function activate(kind: i32, z: usize, stride: usize, rows: i32, units: i32): void {
  const end = z + <usize>rows * stride
  switch (kind) {
    case ACTIVATION_SIGMOID:
      for (; z < end; z += 16) v128.store(z, sigmoid4(v128.load(z)))
      break
    case ACTIVATION_TANH:
      for (; z < end; z += 16) v128.store(z, tanh4(v128.load(z)))
      break
    case ACTIVATION_LEAKY_RELU:
      for (; z < end; z += 16) {
        const v = v128.load(z)
        v128.store(z, f32x4.pmax(v, f32x4.mul(v, f32x4.splat(0.01))))
      }
      break
    case ACTIVATION_SOFTMAX:
      for (; z < end; z += stride) softmaxRow(z, units)
      break
    default:
  }
}

/**
 * Multiplies gradients by the outputs with the activation's derivative, in place.
 * Shapes: a and dz laid out alike, `bytes` long; padded columns of dz are 0 and stay 0.
 */
export function differentiate(kind: i32, a: usize, dz: usize, bytes: usize): void {
  const end = a + bytes
  const one = f32x4.splat(1)
  switch (kind) {
    case ACTIVATION_SIGMOID:
      for (; a < end; a += 16, dz += 16) {
        const v = v128.load(a)
        v128.store(dz, f32x4.mul(v128.load(dz), f32x4.mul(v, f32x4.sub(one, v))))
      }
      break
    case ACTIVATION_TANH:
      for (; a < end; a += 16, dz += 16) {
        const v = v128.load(a)
        v128.store(dz, f32x4.mul(v128.load(dz), f32x4.sub(one, f32x4.mul(v, v))))
      }
      break
    case ACTIVATION_RELU:
      for (; a < end; a += 16, dz += 16) {
        v128.store(dz, v128.and(v128.load(dz), f32x4.gt(v128.load(a), f32x4.splat(0))))
      }
      break
    case ACTIVATION_LEAKY_RELU:
      for (; a < end; a += 16, dz += 16) {
        const slope = v128.bitselect(one, f32x4.splat(0.01), f32x4.gt(v128.load(a), f32x4.splat(0)))
        v128.store(dz, f32x4.mul(v128.load(dz), slope))
      }
      break
    case ACTIVATION_LINEAR:
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
