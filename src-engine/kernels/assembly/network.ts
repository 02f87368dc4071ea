/** A whole network over one batch: forward, loss, backward; all from the program. */
import { activate, differentiate } from './activation'
import { multiply, panelGradient, panelWidth, takesPair } from './dense'
import * as code from './codes'
import * as at from './layout'
import { addLoss } from './loss'
import { dropOut, streamKey } from './noise'
import {
  batchNormalise,
  batchNormaliseBack,
  batchNormaliseFixed,
  layerNormalise,
  layerNormaliseBack
} from './normalisation'
import { updateGains, updatePanel } from './update'

/** Says that a forward pass is no training: no dropout, running means, no derivatives kept. */
export const NOT_TRAINING = -1

/** The record of layer `index`, 0 the first hidden one. */
// @ts-ignore: decorator
@inline
export function layerAt(program: usize, index: i32): usize {
  return program + at.P_LAYERS + <usize>index * at.LAYER_BYTES
}

/**
 * Sends a batch through all layers; each leaves its outputs in its own buffer.
 * Shapes: x (rows,I), rows ldx bytes apart; firstRow is the number of the first row in its mini-batch, or NOT_TRAINING.
 */
export function forward(program: usize, x: usize, ldx: usize, rows: i32, firstRow: i32): void {
  const count = load<i32>(program, at.P_LAYER_COUNT)
  for (let index = 0; index < count; index++) {
    const layer = layerAt(program, index)
    computeUnits(program, index, x, ldx, rows, firstRow, 0, load<i32>(layer, at.L_UNITS))
    x = <usize>load<u32>(layer, at.L_OUTPUT)
    ldx = <usize>load<u32>(layer, at.L_STRIDE)
  }
}

/**
 * Computes the outputs of units `from` up to `to` of layer `index`; a normalised layer only whole.
 * Shapes: x (rows,I), rows ldx bytes apart; firstRow as for forward().
 */
export function computeUnits(
  program: usize,
  index: i32,
  x: usize,
  ldx: usize,
  rows: i32,
  firstRow: i32,
  from: i32,
  to: i32
): void {
  const layer = layerAt(program, index)
  const inputs = load<i32>(layer, at.L_INPUTS)
  const units = load<i32>(layer, at.L_UNITS)
  const kind = load<i32>(layer, at.L_ACTIVATION)
  const stride = <usize>load<u32>(layer, at.L_STRIDE)
  const first = <usize>from * 4
  const output = <usize>load<u32>(layer, at.L_OUTPUT) + first
  const weights = <usize>load<u32>(layer, at.L_WEIGHTS) + first * <usize>(inputs + 1)
  const isTraining = firstRow != NOT_TRAINING
  const isNormalised = load<i32>(layer, at.L_NORMALISATION) != code.NORMALISATION_NONE
  const isRelu = kind == code.ACTIVATION_RELU && !isNormalised
  const tileRows = load<i32>(program, at.P_TILE_ROWS)
  multiply(tileRows, rows, x, ldx, weights, inputs + 1, inputs, to - from, output, stride, isRelu, 0)
  if (isNormalised) normalise(layer, output, stride, rows, units, isTraining)
  const isActivated = kind != code.ACTIVATION_LINEAR && !isRelu
  const isThinned = isTraining && load<f32>(layer, at.L_DROPOUT_F32) > 0
  if (!isActivated && !isThinned) return
  const slope = load<f32>(layer, at.L_SLOPE_F32)
  const derivative: usize = isTraining ? <usize>load<u32>(layer, at.L_DERIVATIVE) : 0
  const key = isThinned ? dropoutKey(program, index) : 0
  // Whole rows lie side by side; a part of each is a stretch of its own.
  const isWhole = to - from == units
  const bytes = isWhole ? <usize>rows * stride : outputBytes(from, to)
  const stretches = isWhole ? 1 : rows
  for (let row = 0; row < stretches; row++) {
    const offset = <usize>row * stride + first
    if (isActivated) {
      const z = output + <usize>row * stride
      const kept: usize = derivative ? derivative + offset : 0
      activate(kind, slope, z, isWhole ? stride : bytes, isWhole ? rows : 1, to - from, kept)
    }
    if (isThinned) thinOut(layer, key, firstRow * <i32>(stride >> 2) + <i32>(offset >> 2), offset, bytes)
  }
}

/** Bytes of the outputs of units `from` up to `to` of a row, with the padding behind the last one. */
// @ts-ignore: decorator
@inline
function outputBytes(from: i32, to: i32): usize {
  return <usize>((to - from + 3) & ~3) * 4
}

function normalise(layer: usize, z: usize, stride: usize, rows: i32, units: i32, isTraining: bool): void {
  const padded = (units + 3) & ~3
  const gain = <usize>load<u32>(layer, at.L_GAIN)
  const normalised = <usize>load<u32>(layer, at.L_NORMALISED)
  const inverse = <usize>load<u32>(layer, at.L_INVERSE_DEVIATION)
  if (load<i32>(layer, at.L_NORMALISATION) == code.NORMALISATION_BATCH) {
    const running = <usize>load<u32>(layer, at.L_RUNNING)
    if (isTraining) batchNormalise(z, stride, rows, padded, gain, running, normalised, inverse)
    else batchNormaliseFixed(z, stride, rows, padded, gain, running)
  } else {
    layerNormalise(z, stride, rows, units, padded, gain, isTraining ? normalised : 0, inverse)
  }
}

/** The key of what dropout draws for layer `index` at this step. */
function dropoutKey(program: usize, index: i32): i32 {
  return streamKey(load<i32>(program, at.P_NOISE_SEED), load<i32>(program, at.P_STEP), index + 1)
}

/**
 * Applies dropout to a stretch of a layer's outputs and derivatives; derivatives that the outputs tell are written out
 * first. Units: bytes from `offset` on in either buffer; place is the number of the first of these floats in the batch.
 */
function thinOut(layer: usize, key: i32, place: i32, offset: usize, bytes: usize): void {
  const output = <usize>load<u32>(layer, at.L_OUTPUT) + offset
  const derivative = <usize>load<u32>(layer, at.L_DERIVATIVE) + offset
  if (load<i32>(layer, at.L_OUTPUTS_TELL)) {
    const one = f32x4.splat(1)
    for (let byte: usize = 0; byte < bytes; byte += 16) v128.store(derivative + byte, one)
    const kind = load<i32>(layer, at.L_ACTIVATION)
    differentiate(kind, load<f32>(layer, at.L_SLOPE_F32), output, derivative, bytes)
  }
  dropOut(load<f32>(layer, at.L_DROPOUT_F32), key, place, output, derivative, bytes)
}

/**
 * Adds the loss of a batch to `sums`, and where dz is not 0 writes the gradient by the output layer's weighted sums.
 * Shapes: targets (rows) f32; dz laid out as the output layer's outputs.
 * Units: dz is multiplied by scale (1 / batch size).
 */
export function measureLoss(program: usize, rows: i32, targets: usize, dz: usize, scale: f32, sums: usize): void {
  const layer = layerAt(program, load<i32>(program, at.P_LAYER_COUNT) - 1)
  const output = <usize>load<u32>(layer, at.L_OUTPUT)
  const stride = <usize>load<u32>(layer, at.L_STRIDE)
  const units = load<i32>(layer, at.L_UNITS)
  const isWeighted = dz != 0 && load<u32>(program, at.P_ROW_WEIGHTS) != 0
  const weights = isWeighted ? <usize>load<u32>(program, at.P_BATCH_WEIGHTS) : 0
  addLoss(program, output, stride, rows, units, targets, weights, dz, scale, sums)
  // A loss that starts from the weighted sums has a linear output layer here, and this does nothing.
  if (dz) undoActivation(layer, 0, dz, <usize>rows * stride)
}

/**
 * Turns the gradient by a stretch of a layer's outputs into the gradient by what went into its activation, in place.
 * Units: the outputs are those from byte `offset` on; dz is the stretch itself.
 */
function undoActivation(layer: usize, offset: usize, dz: usize, bytes: usize): void {
  const output = <usize>load<u32>(layer, at.L_OUTPUT) + offset
  let derivative = <usize>load<u32>(layer, at.L_DERIVATIVE)
  if (derivative) {
    derivative += offset
    for (let byte: usize = 0; byte < bytes; byte += 16) {
      v128.store(dz + byte, f32x4.mul(v128.load(dz + byte), v128.load(derivative + byte)))
    }
  } else {
    differentiate(load<i32>(layer, at.L_ACTIVATION), load<f32>(layer, at.L_SLOPE_F32), output, dz, bytes)
  }
}

/**
 * Hands the gradient by the sums of layer `index` on to units `from` up to `to` of the layer below, into its L_DELTA.
 * ReLU's derivative is the gate of the product; that of others follows.
 */
export function handOn(program: usize, index: i32, rows: i32, from: i32, to: i32): void {
  const layer = layerAt(program, index)
  const below = layerAt(program, index - 1)
  const units = load<i32>(layer, at.L_UNITS)
  const dz = <usize>load<u32>(layer, at.L_DELTA)
  const ldz = <usize>load<u32>(layer, at.L_STRIDE)
  const stride = <usize>load<u32>(below, at.L_STRIDE)
  const first = <usize>from * 4
  const delta = <usize>load<u32>(below, at.L_DELTA) + first
  const panelRows = load<i32>(layer, at.L_TRANSPOSED_ROWS)
  const transposed = <usize>load<u32>(layer, at.L_TRANSPOSED) + first * <usize>panelRows
  const isGated = load<i32>(below, at.L_ACTIVATION) == code.ACTIVATION_RELU && !load<u32>(below, at.L_DERIVATIVE)
  const gate: usize = isGated ? <usize>load<u32>(below, at.L_OUTPUT) + first : 0
  const tileRows = load<i32>(program, at.P_TILE_ROWS)
  multiply(tileRows, rows, dz, ldz, transposed, panelRows, units, to - from, delta, stride, false, gate)
  if (isGated) return
  if (to - from == load<i32>(layer, at.L_INPUTS)) return undoActivation(below, 0, delta, <usize>rows * stride)
  for (let row = 0; row < rows; row++) {
    const offset = <usize>row * stride
    undoActivation(below, offset + first, delta + offset, outputBytes(from, to))
  }
}

/**
 * Carries the gradient from the output layer back to the first, each layer's into its L_DELTA, the last one's given. Each
 * layer's weights get their gradient on the way and, with one thread, their update with it where gradients are not kept.
 * Shapes: x (rows,I), rows ldx bytes apart.
 */
export function backward(program: usize, x: usize, ldx: usize, rows: i32, accumulate: bool): void {
  const isAlone = load<i32>(program, at.P_THREADS) == 1
  for (let index = load<i32>(program, at.P_LAYER_COUNT) - 1; index >= 0; index--) {
    const layer = layerAt(program, index)
    const units = load<i32>(layer, at.L_UNITS)
    const dz = <usize>load<u32>(layer, at.L_DELTA)
    const ldz = <usize>load<u32>(layer, at.L_STRIDE)
    let below = x
    let ldb = ldx
    if (load<i32>(layer, at.L_NORMALISATION) != code.NORMALISATION_NONE) {
      undoNormalisation(layer, dz, ldz, rows, units, accumulate)
    }
    if (index > 0) {
      const previous = layerAt(program, index - 1)
      below = <usize>load<u32>(previous, at.L_OUTPUT)
      ldb = <usize>load<u32>(previous, at.L_STRIDE)
      handOn(program, index, rows, 0, load<i32>(layer, at.L_INPUTS))
    }
    layerGradient(program, layer, below, ldb, dz, ldz, rows, accumulate, 0, units)
    if (isAlone && !load<i32>(program, at.P_KEEPS_GRADIENTS)) updateGains(program, layer, 1)
  }
}

function undoNormalisation(
  layer: usize,
  dy: usize,
  stride: usize,
  rows: i32,
  units: i32,
  accumulate: bool
): void {
  const padded = (units + 3) & ~3
  const gain = <usize>load<u32>(layer, at.L_GAIN)
  const gradient = <usize>load<u32>(layer, at.L_GAIN_GRADIENT)
  const normalised = <usize>load<u32>(layer, at.L_NORMALISED)
  const inverse = <usize>load<u32>(layer, at.L_INVERSE_DEVIATION)
  if (load<i32>(layer, at.L_NORMALISATION) == code.NORMALISATION_BATCH) {
    batchNormaliseBack(dy, stride, rows, padded, gain, gradient, normalised, inverse)
  } else {
    layerNormaliseBack(dy, stride, rows, units, padded, gain, gradient, normalised, inverse, accumulate)
  }
}

/** Computes the gradient of the panels of units `from` up to `to`, and updates each at once where gradients are not kept. */
export function layerGradient(
  program: usize,
  layer: usize,
  x: usize,
  ldx: usize,
  dz: usize,
  ldz: usize,
  rows: i32,
  accumulate: bool,
  from: i32,
  to: i32
): void {
  const inputs = load<i32>(layer, at.L_INPUTS)
  const units = load<i32>(layer, at.L_UNITS)
  const tileRows = load<i32>(program, at.P_TILE_ROWS)
  const keeps = load<i32>(program, at.P_KEEPS_GRADIENTS) != 0
  const gradients = <usize>load<u32>(layer, at.L_GRADIENT)
  for (let unit = from; unit < to; ) {
    const isPair = takesPair(tileRows, to - unit)
    const width = isPair ? 16 : panelWidth(units - unit)
    const offset = <usize>(unit * (inputs + 1)) * 4
    const gradient = keeps ? gradients + offset : gradients
    panelGradient(tileRows, width, rows, x, ldx, inputs, dz + <usize>unit * 4, ldz, gradient, accumulate)
    if (!keeps) {
      updatePanel(program, layer, unit, min(width, 8), gradient, 1)
      if (isPair) updatePanel(program, layer, unit + 8, 8, gradient + <usize>(inputs + 1) * 32, 1)
    }
    unit += width
  }
}
