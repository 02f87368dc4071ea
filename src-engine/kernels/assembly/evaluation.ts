/** The trained network over rows that lie side by side: figures of a part, and outputs for new rows. */
import { activate } from './activation'
import { columnsBelow } from './lanes'
import * as code from './codes'
import * as at from './layout'
import { forward, layerAt, measureLoss, NOT_TRAINING } from './network'

/** Where a sigmoid's or tanh's derivative is below a twentieth of its largest: |tanh| above sqrt(0.95). */
const saturation: f32 = 0.97467943

/**
 * Adds the loss and hits of some rows to P_MEASURED_SUMS, and counts where units were quiet.
 * Shapes: inputs (rows,I) and targets (rows), f32 without gaps; rows is at most what the layers' buffers hold.
 */
export function measure(program: usize, inputs: usize, targets: usize, rows: i32): void {
  forward(program, inputs, <usize>load<i32>(program, at.P_INPUTS) * 4, rows, NOT_TRAINING)
  if (load<i32>(program, at.P_IS_LIMITED)) limitOutputs(program, rows)
  measureLoss(program, rows, targets, 0, 0, program + at.P_MEASURED_SUMS)
  const hidden = load<i32>(program, at.P_LAYER_COUNT) - 1
  for (let index = 0; index < hidden; index++) {
    const layer = layerAt(program, index)
    const counts = <usize>load<u32>(layer, at.L_QUIET)
    if (counts) countQuiet(layer, counts, rows)
  }
}

/** Brings the outputs of some rows back between the lowest and the highest one that is predicted. */
function limitOutputs(program: usize, rows: i32): void {
  const layer = layerAt(program, load<i32>(program, at.P_LAYER_COUNT) - 1)
  const lowest = f32x4.splat(load<f32>(program, at.P_LOWEST_F32))
  const highest = f32x4.splat(load<f32>(program, at.P_HIGHEST_F32))
  const output = <usize>load<u32>(layer, at.L_OUTPUT)
  const bytes = <usize>rows * <usize>load<u32>(layer, at.L_STRIDE)
  for (let byte: usize = 0; byte < bytes; byte += 16) {
    v128.store(output + byte, f32x4.min(f32x4.max(v128.load(output + byte), lowest), highest))
  }
}

/** Adds to each unit's count the rows in which a ReLU let nothing through, or a sigmoid or tanh was saturated. */
function countQuiet(layer: usize, counts: usize, rows: i32): void {
  const kind = load<i32>(layer, at.L_ACTIVATION)
  if (kind != code.ACTIVATION_RELU && kind != code.ACTIVATION_SIGMOID && kind != code.ACTIVATION_TANH) return
  const output = <usize>load<u32>(layer, at.L_OUTPUT)
  const stride = <usize>load<u32>(layer, at.L_STRIDE)
  const units = load<i32>(layer, at.L_UNITS)
  const zero = f32x4.splat(0)
  const one = i32x4.splat(1)
  const limit = f32x4.splat(saturation)
  for (let column = 0; column < units; column += 4) {
    const isUnit = columnsBelow(column, units)
    let count = v128.load(counts + <usize>column * 4)
    for (let row = 0; row < rows; row++) {
      const v = v128.load(output + <usize>row * stride + <usize>column * 4)
      let isQuiet: v128
      if (kind == code.ACTIVATION_RELU) isQuiet = f32x4.le(v, zero)
      else if (kind == code.ACTIVATION_TANH) isQuiet = f32x4.gt(f32x4.abs(v), limit)
      else isQuiet = f32x4.gt(f32x4.abs(f32x4.sub(f32x4.add(v, v), f32x4.splat(1))), limit)
      count = i32x4.add(count, v128.and(v128.and(isQuiet, isUnit), one))
    }
    v128.store(counts + <usize>column * 4, count)
  }
}

/**
 * Writes the network's outputs for some rows, with `activation` applied to the output layer's sums.
 * Shapes: inputs (rows,I), outputs (rows,O), f32 without gaps; rows is at most what the layers' buffers hold.
 */
export function predict(program: usize, inputs: usize, rows: i32, outputs: usize, activation: i32): void {
  forward(program, inputs, <usize>load<i32>(program, at.P_INPUTS) * 4, rows, NOT_TRAINING)
  const layer = layerAt(program, load<i32>(program, at.P_LAYER_COUNT) - 1)
  const stride = <usize>load<u32>(layer, at.L_STRIDE)
  const units = load<i32>(layer, at.L_UNITS)
  let row = <usize>load<u32>(layer, at.L_OUTPUT)
  activate(activation, load<f32>(layer, at.L_SLOPE_F32), row, stride, rows, units, 0)
  if (load<i32>(program, at.P_IS_LIMITED)) limitOutputs(program, rows)
  for (let left = rows; left > 0; left--) {
    for (let column: usize = 0; column < <usize>units * 4; column += 4) {
      store<f32>(outputs + column, load<f32>(row + column))
    }
    outputs += <usize>units * 4
    row += stride
  }
}
