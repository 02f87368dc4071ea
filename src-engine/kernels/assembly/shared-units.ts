/**
 * A run on several threads that share the units: each holds some panels of every hidden layer, computes these units for all
 * rows of the batch, and is the only one that reads and updates their weights. What goes from core to core are outputs and
 * their gradients, and the transposed weights between two hidden layers. The output layer, small, is computed by all. No
 * sum is cut, so that weights come out bit by bit as with one thread.
 * Layers are not normalised here: layer normalisation wants whole rows.
 */
import * as at from './layout'
import { computeUnits, handOn, layerAt, layerGradient } from './network'
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
  const last = load<i32>(program, at.P_LAYER_COUNT) - 1
  let x = <usize>load<u32>(program, at.P_BATCH_INPUTS)
  let ldx = <usize>load<u32>(program, at.P_BATCH_STRIDE)
  for (let index = 0; index <= last; index++) {
    const layer = layerAt(program, index)
    const units = load<i32>(layer, at.L_UNITS)
    const from = index == last ? 0 : ownUnit(units, index, thread, threads)
    const to = index == last ? units : ownUnit(units, index, thread + 1, threads)
    if (to > from) computeUnits(program, index, x, ldx, rows, firstRow, from, to)
    if (index < last) meet(leader, threads)
    x = <usize>load<u32>(layer, at.L_OUTPUT)
    ldx = <usize>load<u32>(layer, at.L_STRIDE)
  }
}

/**
 * Carries the gradient from the output layer back to the first: each thread that by the sums of its own units, for all
 * rows, the last layer's given. Gradients of weights follow once all threads are through with the weights: ownGradients().
 */
export function backwardOwnUnits(program: usize, leader: usize, thread: i32, threads: i32, rows: i32): void {
  const last = load<i32>(program, at.P_LAYER_COUNT) - 1
  for (let index = last; index > 0; index--) {
    // Every thread has its part of the gradient by this layer's sums; the last layer's it has whole.
    if (index < last) meet(leader, threads)
    const units = load<i32>(layerAt(program, index), at.L_INPUTS)
    const from = ownUnit(units, index - 1, thread, threads)
    const to = ownUnit(units, index - 1, thread + 1, threads)
    if (to > from) handOn(program, index, rows, from, to)
  }
}

/** Computes the gradients of a thread's own panels over all rows, and updates these where gradients are not kept. */
export function ownGradients(program: usize, thread: i32, threads: i32, rows: i32, accumulate: bool): void {
  for (let index = load<i32>(program, at.P_LAYER_COUNT) - 1; index >= 0; index--) {
    const layer = layerAt(program, index)
    const units = load<i32>(layer, at.L_UNITS)
    const below = layerAt(program, index - 1)
    const x = <usize>(index > 0 ? load<u32>(below, at.L_OUTPUT) : load<u32>(program, at.P_BATCH_INPUTS))
    const ldx = <usize>(index > 0 ? load<u32>(below, at.L_STRIDE) : load<u32>(program, at.P_BATCH_STRIDE))
    const dz = <usize>load<u32>(layer, at.L_DELTA)
    const ldz = <usize>load<u32>(layer, at.L_STRIDE)
    const from = ownUnit(units, index, thread, threads)
    const to = ownUnit(units, index, thread + 1, threads)
    layerGradient(program, layer, x, ldx, dz, ldz, rows, accumulate, from, to)
  }
}
