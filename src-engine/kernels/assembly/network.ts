/** A whole network over one batch: forward, loss, backward with the update of each layer; all from the program. */
import { activate, differentiate } from './activation'
import { multiply, panelGradient, panelWidth, transposePanel } from './dense'
import {
  ACTIVATION_LINEAR,
  ACTIVATION_RELU,
  L_ACTIVATION,
  L_GRADIENT,
  L_INPUTS,
  L_KEEPS_GRADIENT,
  L_OUTPUT,
  L_STATE1,
  L_STATE2,
  L_STRIDE,
  L_TRANSPOSED,
  L_TRANSPOSED_ROWS,
  L_UNITS,
  L_WEIGHTS,
  LAYER_BYTES,
  LOSS_BINARY_CROSS_ENTROPY,
  LOSS_CROSS_ENTROPY,
  P_CLASSIFIES,
  P_DELTA_A,
  P_DELTA_B,
  P_LAYER_COUNT,
  P_LAYERS,
  P_LOSS,
  P_ONE_HOT
} from './layout'
import { binaryCrossEntropy, crossEntropy, meanSquaredError } from './loss'
import { update } from './optimizer'

/** The record of layer `index`, 0 the first hidden one. */
// @ts-ignore: decorator
@inline
export function layerAt(program: usize, index: i32): usize {
  return program + P_LAYERS + <usize>index * LAYER_BYTES
}

/**
 * Sends a batch through all layers; each leaves its outputs in its own buffer.
 * Shapes: x (rows,I), rows ldx bytes apart.
 */
export function forward(program: usize, x: usize, ldx: usize, rows: i32): void {
  const count = load<i32>(program, P_LAYER_COUNT)
  for (let index = 0; index < count; index++) {
    const layer = layerAt(program, index)
    const inputs = load<i32>(layer, L_INPUTS)
    const units = load<i32>(layer, L_UNITS)
    const kind = load<i32>(layer, L_ACTIVATION)
    const output = <usize>load<u32>(layer, L_OUTPUT)
    const stride = <usize>load<u32>(layer, L_STRIDE)
    const weights = <usize>load<u32>(layer, L_WEIGHTS)
    multiply(rows, x, ldx, weights, inputs + 1, inputs, units, output, stride, kind == ACTIVATION_RELU, 0)
    if (kind != ACTIVATION_RELU && kind != ACTIVATION_LINEAR) activate(kind, output, stride, rows, units)
    x = output
    ldx = stride
  }
}

/**
 * Adds the loss of a batch to `sums`, and where dz is not 0 writes the gradient by the output layer's weighted sums.
 * Shapes: targets (rows) f32; dz laid out as the output layer's outputs.
 * Units: dz is multiplied by scale (1 / batch size).
 */
export function measureLoss(program: usize, rows: i32, targets: usize, dz: usize, scale: f32, sums: usize): void {
  const layer = layerAt(program, load<i32>(program, P_LAYER_COUNT) - 1)
  const output = <usize>load<u32>(layer, L_OUTPUT)
  const stride = <usize>load<u32>(layer, L_STRIDE)
  const units = load<i32>(layer, L_UNITS)
  switch (load<i32>(program, P_LOSS)) {
    case LOSS_CROSS_ENTROPY:
      crossEntropy(output, stride, rows, units, targets, dz, scale, sums)
      break
    case LOSS_BINARY_CROSS_ENTROPY:
      binaryCrossEntropy(output, stride, rows, targets, dz, scale, sums)
      break
    default: {
      const isOneHot = load<i32>(program, P_ONE_HOT) != 0
      const classifies = load<i32>(program, P_CLASSIFIES) != 0
      meanSquaredError(output, stride, rows, units, targets, isOneHot, classifies, dz, scale, sums)
      if (dz) differentiate(load<i32>(layer, L_ACTIVATION), output, dz, <usize>rows * stride)
    }
  }
}

/**
 * Carries the gradient from the output layer back to the first, and updates each layer once its own gradient is used:
 * at once, panel by panel, where gradients are not kept; else by updateAll().
 * Shapes: x (rows,I), rows ldx bytes apart; P_DELTA_A holds the gradient by the output layer's weighted sums.
 */
export function backward(program: usize, x: usize, ldx: usize, rows: i32, accumulate: bool): void {
  let dz = <usize>load<u32>(program, P_DELTA_A)
  let other = <usize>load<u32>(program, P_DELTA_B)
  for (let index = load<i32>(program, P_LAYER_COUNT) - 1; index >= 0; index--) {
    const layer = layerAt(program, index)
    const units = load<i32>(layer, L_UNITS)
    const inputs = load<i32>(layer, L_INPUTS)
    const ldz = <usize>load<u32>(layer, L_STRIDE)
    let below = x
    let ldb = ldx
    if (index > 0) {
      const previous = layerAt(program, index - 1)
      below = <usize>load<u32>(previous, L_OUTPUT)
      ldb = <usize>load<u32>(previous, L_STRIDE)
      const kind = load<i32>(previous, L_ACTIVATION)
      const transposed = <usize>load<u32>(layer, L_TRANSPOSED)
      const panelRows = load<i32>(layer, L_TRANSPOSED_ROWS)
      const gate: usize = kind == ACTIVATION_RELU ? below : 0
      multiply(rows, dz, ldz, transposed, panelRows, units, inputs, other, ldb, false, gate)
      if (kind != ACTIVATION_RELU && kind != ACTIVATION_LINEAR) {
        differentiate(kind, below, other, <usize>rows * ldb)
      }
    }
    layerGradient(program, layer, below, ldb, dz, ldz, rows, accumulate)
    const swap = dz
    dz = other
    other = swap
  }
}

function layerGradient(
  program: usize,
  layer: usize,
  x: usize,
  ldx: usize,
  dz: usize,
  ldz: usize,
  rows: i32,
  accumulate: bool
): void {
  const inputs = load<i32>(layer, L_INPUTS)
  const units = load<i32>(layer, L_UNITS)
  const keeps = load<i32>(layer, L_KEEPS_GRADIENT) != 0
  let gradient = <usize>load<u32>(layer, L_GRADIENT)
  for (let unit = 0; unit < units; unit += 8) {
    const width = panelWidth(units - unit)
    panelGradient(width, rows, x, ldx, inputs, dz + <usize>unit * 4, ldz, gradient, accumulate)
    if (keeps) gradient += <usize>(inputs + 1) * 32
    else updatePanel(program, layer, unit, width, gradient)
  }
}

/** Updates every layer from the gradients kept in full. */
export function updateAll(program: usize): void {
  const count = load<i32>(program, P_LAYER_COUNT)
  for (let index = 0; index < count; index++) {
    const layer = layerAt(program, index)
    const units = load<i32>(layer, L_UNITS)
    const panelBytes = <usize>(load<i32>(layer, L_INPUTS) + 1) * 32
    let gradient = <usize>load<u32>(layer, L_GRADIENT)
    for (let unit = 0; unit < units; unit += 8) {
      updatePanel(program, layer, unit, panelWidth(units - unit), gradient)
      gradient += panelBytes
    }
  }
}

function updatePanel(program: usize, layer: usize, unit: i32, width: i32, gradient: usize): void {
  const inputs = load<i32>(layer, L_INPUTS)
  const offset = <usize>unit * <usize>(inputs + 1) * 4
  const weights = <usize>load<u32>(layer, L_WEIGHTS) + offset
  const state1 = <usize>load<u32>(layer, L_STATE1) + offset
  const state2 = <usize>load<u32>(layer, L_STATE2) + offset
  update(program, weights, gradient, state1, state2, (inputs + 1) * width)
  const transposed = <usize>load<u32>(layer, L_TRANSPOSED)
  if (transposed) transposePanel(weights, width, inputs, unit, transposed, load<i32>(layer, L_TRANSPOSED_ROWS))
}

/** Fills the transposed panels of every layer from its weights, after these were written from outside. */
export function transposeAll(program: usize): void {
  const count = load<i32>(program, P_LAYER_COUNT)
  for (let index = 0; index < count; index++) {
    const layer = layerAt(program, index)
    const transposed = <usize>load<u32>(layer, L_TRANSPOSED)
    if (!transposed) continue
    const inputs = load<i32>(layer, L_INPUTS)
    const units = load<i32>(layer, L_UNITS)
    for (let unit = 0; unit < units; unit += 8) {
      const panel = <usize>load<u32>(layer, L_WEIGHTS) + <usize>unit * <usize>(inputs + 1) * 4
      transposePanel(panel, panelWidth(units - unit), inputs, unit, transposed, load<i32>(layer, L_TRANSPOSED_ROWS))
    }
  }
}
