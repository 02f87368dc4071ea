/**
 * A run on several threads that share the units: each holds some panels of every hidden layer, computes these units for all
 * rows of the batch, and is the only one that reads and updates their weights. What goes from core to core are outputs and
 * their gradients, and the transposed weights between two hidden layers. The output layer, small, is computed by all. No
 * sum is cut, so that weights come out bit by bit as with one thread.
 * Layers are not normalised here: layer normalisation wants whole rows.
 */
import { activate } from './activation'
import { multiply } from './dense'
import {
  ACTIVATION_LINEAR,
  ACTIVATION_RELU,
  L_ACTIVATION,
  L_DELTA,
  L_DERIVATIVE,
  L_DROPOUT_F32,
  L_INPUTS,
  L_OUTPUT,
  L_SLOPE_F32,
  L_STRIDE,
  L_TRANSPOSED,
  L_TRANSPOSED_ROWS,
  L_UNITS,
  L_WEIGHTS,
  P_BATCH_INPUTS,
  P_BATCH_STRIDE,
  P_LAYER_COUNT,
  P_TILE_ROWS
} from './layout'
import { dropoutKey, gatesGradient, layerAt, layerGradient, thinOut, undoActivation } from './network'
import { meet } from './threads'

/**
 * The first unit of a thread's own panels in a layer; the next thread's is where they end.
 * Every second layer rounds the other way, so that odd numbers of panels do not add up to more work for one thread.
 */
export function ownUnit(units: i32, index: i32, thread: i32, threads: i32): i32 {
  const panels = (units + 7) >> 3
  return min(units, ((panels * thread + (index & 1 ? threads - 1 : 0)) / threads) * 8)
}

/** Sends a batch through all layers, with the other threads. Units: firstRow as for forward() of network.ts. */
export function forwardOwnUnits(program: usize, leader: usize, thread: i32, threads: i32, rows: i32, firstRow: i32): void {
  const last = load<i32>(program, P_LAYER_COUNT) - 1
  let x = <usize>load<u32>(program, P_BATCH_INPUTS)
  let ldx = <usize>load<u32>(program, P_BATCH_STRIDE)
  for (let index = 0; index <= last; index++) {
    const layer = layerAt(program, index)
    const units = load<i32>(layer, L_UNITS)
    const from = index == last ? 0 : ownUnit(units, index, thread, threads)
    const to = index == last ? units : ownUnit(units, index, thread + 1, threads)
    if (to > from) computeUnits(program, index, x, ldx, rows, firstRow, from, to)
    if (index < last) meet(leader, threads)
    x = <usize>load<u32>(layer, L_OUTPUT)
    ldx = <usize>load<u32>(layer, L_STRIDE)
  }
}

/** Bytes of the outputs of units `from` up to `to`, with the padding behind the last one. */
// @ts-ignore: decorator
@inline
function outputBytes(from: i32, to: i32): usize {
  return <usize>((to - from + 3) & ~3) * 4
}

function computeUnits(
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
  const inputs = load<i32>(layer, L_INPUTS)
  const kind = load<i32>(layer, L_ACTIVATION)
  const stride = <usize>load<u32>(layer, L_STRIDE)
  const first = <usize>from * 4
  const output = <usize>load<u32>(layer, L_OUTPUT) + first
  const weights = <usize>load<u32>(layer, L_WEIGHTS) + first * <usize>(inputs + 1)
  const isRelu = kind == ACTIVATION_RELU
  multiply(
    load<i32>(program, P_TILE_ROWS), rows, x, ldx, weights, inputs + 1, inputs, to - from, output, stride, isRelu, 0
  )
  const isActivated = kind != ACTIVATION_LINEAR && !isRelu
  const isThinned = load<f32>(layer, L_DROPOUT_F32) > 0
  if (!isActivated && !isThinned) return
  const bytes = outputBytes(from, to)
  const derivative = <usize>load<u32>(layer, L_DERIVATIVE)
  const slope = load<f32>(layer, L_SLOPE_F32)
  const key = isThinned ? dropoutKey(program, index) : 0
  for (let row = 0; row < rows; row++) {
    const offset = <usize>row * stride + first
    const at = output + <usize>row * stride
    if (isActivated) activate(kind, slope, at, bytes, 1, to - from, derivative ? derivative + offset : 0)
    if (isThinned) thinOut(layer, key, firstRow * <i32>(stride >> 2) + <i32>(offset >> 2), offset, bytes)
  }
}

/**
 * Carries the gradient from the output layer back to the first: each thread that by the sums of its own units, for all
 * rows, the last layer's given. Gradients of weights follow once all threads are through with the weights: ownGradients().
 */
export function backwardOwnUnits(program: usize, leader: usize, thread: i32, threads: i32, rows: i32): void {
  const last = load<i32>(program, P_LAYER_COUNT) - 1
  for (let index = last; index > 0; index--) {
    // Every thread has its part of the gradient by this layer's sums; the last layer's it has whole.
    if (index < last) meet(leader, threads)
    const units = load<i32>(layerAt(program, index), L_INPUTS)
    const from = ownUnit(units, index - 1, thread, threads)
    const to = ownUnit(units, index - 1, thread + 1, threads)
    if (to > from) handOn(program, index, rows, from, to)
  }
}

/** Computes the gradient by the sums of units `from` up to `to` of the layer below layer `index`. */
function handOn(program: usize, index: i32, rows: i32, from: i32, to: i32): void {
  const layer = layerAt(program, index)
  const below = layerAt(program, index - 1)
  const dz = <usize>load<u32>(layer, L_DELTA)
  const ldz = <usize>load<u32>(layer, L_STRIDE)
  const stride = <usize>load<u32>(below, L_STRIDE)
  const first = <usize>from * 4
  const delta = <usize>load<u32>(below, L_DELTA) + first
  const panelRows = load<i32>(layer, L_TRANSPOSED_ROWS)
  const transposed = <usize>load<u32>(layer, L_TRANSPOSED) + first * <usize>panelRows
  const isGated = gatesGradient(below)
  const gate = isGated ? <usize>load<u32>(below, L_OUTPUT) + first : 0
  multiply(
    load<i32>(program, P_TILE_ROWS),
    rows,
    dz,
    ldz,
    transposed,
    panelRows,
    load<i32>(layer, L_UNITS),
    to - from,
    delta,
    stride,
    false,
    gate
  )
  if (isGated) return
  for (let row = 0; row < rows; row++) {
    const offset = <usize>row * stride
    undoActivation(below, offset + first, delta + offset, outputBytes(from, to))
  }
}

/** Computes the gradients of a thread's own panels over all rows, and updates these where gradients are not kept. */
export function ownGradients(program: usize, thread: i32, threads: i32, rows: i32, accumulate: bool): void {
  for (let index = load<i32>(program, P_LAYER_COUNT) - 1; index >= 0; index--) {
    const layer = layerAt(program, index)
    const units = load<i32>(layer, L_UNITS)
    const below = layerAt(program, index - 1)
    const x = <usize>(index > 0 ? load<u32>(below, L_OUTPUT) : load<u32>(program, P_BATCH_INPUTS))
    const ldx = <usize>(index > 0 ? load<u32>(below, L_STRIDE) : load<u32>(program, P_BATCH_STRIDE))
    const dz = <usize>load<u32>(layer, L_DELTA)
    const ldz = <usize>load<u32>(layer, L_STRIDE)
    const from = ownUnit(units, index, thread, threads)
    const to = ownUnit(units, index, thread + 1, threads)
    layerGradient(program, layer, x, ldx, dz, ldz, rows, accumulate, from, to)
  }
}
