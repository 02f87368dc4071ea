/** The hot loop: many mini-batches in one call. Where a call ends never changes a number. */
import { gatherRows, gatherTargets } from './gather'
import {
  P_BATCH,
  P_BATCH_INPUTS,
  P_BATCH_STRIDE,
  P_BATCH_SUMS,
  P_BATCH_TARGETS,
  P_CHUNK,
  P_CURSOR,
  P_DATA_INPUTS,
  P_DATA_TARGETS,
  P_DELTA_A,
  P_EPOCH_SUMS,
  P_INPUTS,
  P_NOT_FINITE,
  P_ORDER,
  P_ROWS,
  P_STEP,
  P_WITHIN,
  SUM_LOSS,
  SUMS_BYTES
} from './layout'
import { backward, forward, measureLoss, updateAll } from './network'

/**
 * Trains up to `pieces` pieces of batches (a batch no larger than P_CHUNK is one piece), to the end of the epoch at most.
 * Units: a step counts, and its sums join the epoch's, once its last piece is done.
 * Errors: a loss that is not finite sets P_NOT_FINITE and ends the call before the update.
 */
export function train(program: usize, pieces: i32): void {
  const rows = load<i32>(program, P_ROWS)
  const batch = load<i32>(program, P_BATCH)
  const inputs = <usize>load<u32>(program, P_BATCH_INPUTS)
  const stride = <usize>load<u32>(program, P_BATCH_STRIDE)
  const targets = <usize>load<u32>(program, P_BATCH_TARGETS)
  const sums = program + P_BATCH_SUMS
  for (; pieces > 0; pieces--) {
    const cursor = load<i32>(program, P_CURSOR)
    if (cursor >= rows) return
    const within = load<i32>(program, P_WITHIN)
    const size = min(batch, rows - cursor)
    const count = min(load<i32>(program, P_CHUNK), size - within)
    const order = <usize>load<u32>(program, P_ORDER) + <usize>(cursor + within) * 4
    gatherRows(load<u32>(program, P_DATA_INPUTS), load<i32>(program, P_INPUTS), order, count, inputs, stride)
    gatherTargets(load<u32>(program, P_DATA_TARGETS), order, count, targets)

    if (within == 0) clearSums(sums)
    forward(program, inputs, stride, count)
    measureLoss(program, count, targets, load<u32>(program, P_DELTA_A), <f32>1 / <f32>size, sums)
    if (!isFinite(load<f64>(sums, SUM_LOSS))) {
      store<i32>(program, 1, P_NOT_FINITE)
      return
    }
    backward(program, inputs, stride, count, within > 0)
    if (within + count < size) {
      store<i32>(program, within + count, P_WITHIN)
      continue
    }
    if (batch > load<i32>(program, P_CHUNK)) updateAll(program)
    store<i32>(program, load<i32>(program, P_STEP) + 1, P_STEP)
    store<i32>(program, 0, P_WITHIN)
    store<i32>(program, cursor + size, P_CURSOR)
    addSums(program + P_EPOCH_SUMS, sums)
  }
}

function addSums(to: usize, from: usize): void {
  for (let field: usize = 0; field < <usize>SUMS_BYTES; field += 8) {
    store<f64>(to + field, load<f64>(to + field) + load<f64>(from + field))
  }
}

function clearSums(sums: usize): void {
  v128.store(sums, f64x2.splat(0))
  v128.store(sums, f64x2.splat(0), 16)
}
