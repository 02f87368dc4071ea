/** The hot loop: many mini-batches in one call. Where a call ends never changes a number. */
import { panelWidth } from './dense'
import { gatherRows, gatherTargets } from './gather'
import * as at from './layout'
import { backward, forward, layerAt, measureLoss } from './network'
import { addNoise, streamKey } from './noise'
import { completeStep } from './optimizer'
import { sumOfSquares } from './penalty'
import { backwardOwnUnits, forwardOwnUnits, ownGradients, ownUnit } from './shared-units'
import { meet } from './threads'
import { updateGains, updatePanel, weightBytes } from './update'

/**
 * Trains up to `pieces` pieces of batches (a batch no larger than P_CHUNK is one piece), to the end of the epoch at most.
 * With several threads each calls it on its own program, with the same number; each takes its share of every piece.
 * Units: a step counts, and its sums join the epoch's, once its last piece is done.
 * Errors: a loss that is not finite sets P_NOT_FINITE and ends the call before the update.
 */
export function train(program: usize, pieces: i32): void {
  const rows = load<i32>(program, at.P_ROWS)
  const batch = load<i32>(program, at.P_BATCH)
  const threads = load<i32>(program, at.P_THREADS)
  const thread = load<i32>(program, at.P_THREAD)
  const leader = program - <usize>(thread * load<i32>(program, at.P_PROGRAM_STRIDE))
  const keepsGradients = load<i32>(program, at.P_KEEPS_GRADIENTS) != 0
  const addsGradients = load<i32>(program, at.P_ADDS_GRADIENTS) != 0
  // Threads share the rows of a batch, or else the units of each layer, with all rows.
  const sharesUnits = threads > 1 && !addsGradients
  const lastLayer = layerAt(program, load<i32>(program, at.P_LAYER_COUNT) - 1)
  const sums = program + at.P_BATCH_SUMS
  for (; pieces > 0; pieces--) {
    const cursor = load<i32>(program, at.P_CURSOR)
    if (cursor >= rows) return
    const within = load<i32>(program, at.P_WITHIN)
    const size = min(batch, rows - cursor)
    const piece = min(load<i32>(program, at.P_CHUNK), size - within)
    const share = sharesUnits ? piece : (load<i32>(program, at.P_CHUNK) + threads - 1) / threads
    const start = sharesUnits ? 0 : min(piece, share * thread)
    const count = min(piece, start + share) - start
    const first = within + start
    const isLastPiece = within + piece == size

    // Where each thread updates all weights, their gradients' norms are the leader's to take.
    if (within == 0) beginStep(program, cursor + size == rows && !(addsGradients && thread > 0))
    if (count > 0) {
      gather(program, cursor, first, count)
      const inputs = <usize>load<u32>(program, at.P_BATCH_INPUTS)
      const stride = <usize>load<u32>(program, at.P_BATCH_STRIDE)
      const delta = <usize>load<u32>(lastLayer, at.L_DELTA)
      if (sharesUnits) forwardOwnUnits(program, leader, thread, threads, count, first)
      else forward(program, inputs, stride, count, first)
      measureLoss(program, count, load<u32>(program, at.P_BATCH_TARGETS), delta, <f32>1 / <f32>size, sums)
      if (threads == 1 && !isFinite(load<f64>(sums, at.SUM_LOSS))) {
        store<i32>(program, 1, at.P_NOT_FINITE)
        return
      }
      if (sharesUnits) backwardOwnUnits(program, leader, thread, threads, count)
      else backward(program, inputs, stride, count, within > 0)
    } else if (within == 0) {
      clearGradients(program)
    }
    if (threads > 1) {
      meet(leader, threads)
      if (!allFinite(leader, threads)) {
        store<i32>(program, 1, at.P_NOT_FINITE)
        return
      }
      if (sharesUnits) ownGradients(program, thread, threads, piece, within > 0)
      if (thread == 0 && isLastPiece) joinGains(program, threads, !keepsGradients)
    }
    if (!isLastPiece) {
      store<i32>(program, within + piece, at.P_WITHIN)
      // The others may overwrite the rows of this piece only now.
      if (threads > 1) meet(leader, threads)
      continue
    }
    if (keepsGradients) applyGradients(program, leader, thread, threads)
    completeStep(program)
    store<i32>(program, 0, at.P_WITHIN)
    store<i32>(program, cursor + size, at.P_CURSOR)
    if (thread == 0) {
      // Where units are shared, each has measured all rows.
      const measured = sharesUnits ? 1 : threads
      for (let other = 0; other < measured; other++) {
        addSums(program + at.P_EPOCH_SUMS, programOf(leader, other) + at.P_BATCH_SUMS)
      }
    }
    // The others may begin the next batch, and clear their sums, only now.
    if (threads > 1) meet(leader, threads)
  }
}

/** Does what the leader of a run asks of a helper's program, if it asks within `milliseconds`; returns whether it did. */
export function assist(program: usize, milliseconds: i32): bool {
  if (atomic.load<i32>(program, at.P_ASKED) == 0) {
    atomic.wait<i32>(program + at.P_ASKED, 0, <i64>milliseconds * 1000000)
  }
  const pieces = atomic.xchg<i32>(program, 0, at.P_ASKED)
  if (pieces == 0) return false
  train(program, pieces)
  return true
}

/** Trains with all threads of a run: asks the helpers for the same pieces, and does the leader's share. */
export function lead(program: usize, pieces: i32): void {
  const threads = load<i32>(program, at.P_THREADS)
  for (let thread = 1; thread < threads; thread++) {
    const helper = programOf(program, thread)
    atomic.store<i32>(helper, pieces, at.P_ASKED)
    atomic.notify(helper + at.P_ASKED, 1)
  }
  train(program, pieces)
}

// @ts-ignore: decorator
@inline
function programOf(leader: usize, thread: i32): usize {
  return leader + <usize>(thread * load<i32>(leader, at.P_PROGRAM_STRIDE))
}

function beginStep(program: usize, isLast: bool): void {
  const sums = program + at.P_BATCH_SUMS
  v128.store(sums, f64x2.splat(0))
  v128.store(sums, f64x2.splat(0), 16)
  store<i32>(program, isLast, at.P_IS_LAST_STEP)
  if (!isLast) return
  const count = load<i32>(program, at.P_LAYER_COUNT)
  for (let index = 0; index < count; index++) store<f64>(layerAt(program, index), 0, at.L_GRADIENT_SQUARED_F64)
}

/** Collects rows `first` to `first + count` of the batch that starts at `cursor`, with their targets and weights. */
function gather(program: usize, cursor: i32, first: i32, count: i32): void {
  const order = <usize>load<u32>(program, at.P_ORDER) + <usize>(cursor + first) * 4
  const inputs = <usize>load<u32>(program, at.P_BATCH_INPUTS)
  const stride = <usize>load<u32>(program, at.P_BATCH_STRIDE)
  gatherRows(load<u32>(program, at.P_DATA_INPUTS), load<i32>(program, at.P_INPUTS), order, count, inputs, stride)
  gatherTargets(load<u32>(program, at.P_DATA_TARGETS), order, count, load<u32>(program, at.P_BATCH_TARGETS))
  const weights = <usize>load<u32>(program, at.P_ROW_WEIGHTS)
  if (weights) gatherTargets(weights, order, count, load<u32>(program, at.P_BATCH_WEIGHTS))
  const noise = load<f32>(program, at.P_INPUT_NOISE_F32)
  if (noise > 0) {
    const key = streamKey(load<i32>(program, at.P_NOISE_SEED), load<i32>(program, at.P_STEP), 0)
    addNoise(noise, key, first * <i32>(stride >> 2), inputs, <usize>count * stride)
  }
}

/** Sets a thread's sums over its own rows to 0 where it has no row of a step: gradients of gains and of weights. */
function clearGradients(program: usize): void {
  const count = load<i32>(program, at.P_LAYER_COUNT)
  for (let index = 0; index < count; index++) {
    const layer = layerAt(program, index)
    const gains = <usize>load<u32>(layer, at.L_GAIN_GRADIENT)
    if (gains) memory.fill(gains, 0, <usize>gainFloats(layer) * 4)
    memory.fill(load<u32>(layer, at.L_GRADIENT), 0, weightBytes(layer))
  }
}

/** Floats of gain and shift of a layer. */
// @ts-ignore: decorator
@inline
function gainFloats(layer: usize): i32 {
  return ((load<i32>(layer, at.L_UNITS) + 3) & ~3) * 2
}

/** Adds up the threads' gradients of gains in the leader's, in the order of threads, and updates the gains where asked. */
function joinGains(leader: usize, threads: i32, updates: bool): void {
  const layers = load<i32>(leader, at.P_LAYER_COUNT)
  for (let index = 0; index < layers; index++) {
    const layer = layerAt(leader, index)
    const gains = <usize>load<u32>(layer, at.L_GAIN_GRADIENT)
    if (!gains) continue
    for (let other = 1; other < threads; other++) {
      const theirs = <usize>load<u32>(layerAt(programOf(leader, other), index), at.L_GAIN_GRADIENT)
      addFloats(gains, gains, theirs, gainFloats(layer))
    }
    if (updates) updateGains(leader, layer, 1)
  }
}

/**
 * Updates weights from gradients that were kept, and the leader the gains as well: a thread's own panels, or where each has
 * kept the gradients of its own rows, all of them, each thread its own copy.
 * Units: clipping by norm scales all gradients alike, so that their norm over the whole network is the limit at most.
 */
function applyGradients(program: usize, leader: usize, thread: i32, threads: i32): void {
  const limit = <f64>load<f32>(program, at.P_CLIP_NORM_F32)
  let factor: f32 = 1
  if (limit > 0) {
    store<f64>(program, sumSquares(program, leader, thread, threads), at.P_SQUARES_F64)
    if (threads > 1) meet(leader, threads)
    let squares: f64 = 0
    for (let other = 0; other < threads; other++) squares += load<f64>(programOf(leader, other), at.P_SQUARES_F64)
    const norm = sqrt<f64>(squares)
    if (norm > limit) factor = <f32>(limit / norm)
  }
  const updatesAll = load<i32>(program, at.P_ADDS_GRADIENTS) != 0
  const layers = load<i32>(program, at.P_LAYER_COUNT)
  for (let index = 0; index < layers; index++) {
    const layer = layerAt(program, index)
    const units = load<i32>(layer, at.L_UNITS)
    const end = updatesAll ? units : ownUnit(units, index, thread + 1, threads)
    for (let unit = updatesAll ? 0 : ownUnit(units, index, thread, threads); unit < end; unit += 8) {
      const width = panelWidth(units - unit)
      updatePanel(program, layer, unit, width, panelGradientOf(program, leader, index, unit, width), factor)
    }
    if (thread == 0) updateGains(program, layer, factor)
  }
}

/** The sum of squares of the gradients of a thread's own panels; the leader's are the gains as well. */
function sumSquares(program: usize, leader: usize, thread: i32, threads: i32): f64 {
  const layers = load<i32>(program, at.P_LAYER_COUNT)
  let squares: f64 = 0
  for (let index = 0; index < layers; index++) {
    const layer = layerAt(program, index)
    const units = load<i32>(layer, at.L_UNITS)
    const end = ownUnit(units, index, thread + 1, threads)
    for (let unit = ownUnit(units, index, thread, threads); unit < end; unit += 8) {
      const width = panelWidth(units - unit)
      const gradient = panelGradientOf(program, leader, index, unit, width)
      squares += sumOfSquares(gradient, (load<i32>(layer, at.L_INPUTS) + 1) * width)
    }
    const gains = <usize>load<u32>(layer, at.L_GAIN_GRADIENT)
    if (gains && thread == 0) squares += sumOfSquares(gains, gainFloats(layer))
  }
  return squares
}

/**
 * The gradient of a panel that was kept; where each thread has kept that of its own rows, their sum in the order of
 * threads, in the room of P_PANEL_SUM until the next call.
 */
function panelGradientOf(program: usize, leader: usize, index: i32, unit: i32, width: i32): usize {
  const layer = layerAt(program, index)
  const rows = load<i32>(layer, at.L_INPUTS) + 1
  const offset = <usize>(unit * rows) * 4
  const kept = <usize>load<u32>(layer, at.L_GRADIENT) + offset
  const sum = <usize>load<u32>(program, at.P_PANEL_SUM)
  if (!sum) return kept
  const threads = load<i32>(program, at.P_THREADS)
  let before = <usize>load<u32>(layerAt(leader, index), at.L_GRADIENT) + offset
  for (let other = 1; other < threads; other++) {
    const theirs = <usize>load<u32>(layerAt(programOf(leader, other), index), at.L_GRADIENT) + offset
    addFloats(sum, before, theirs, rows * width)
    before = sum
  }
  return sum
}

/** Stores the sums of two stretches of floats; `to` may be one of them. */
function addFloats(to: usize, a: usize, b: usize, count: i32): void {
  const end = to + <usize>count * 4
  for (; to < end; to += 16, a += 16, b += 16) v128.store(to, f32x4.add(v128.load(a), v128.load(b)))
}

function allFinite(leader: usize, threads: i32): bool {
  for (let thread = 0; thread < threads; thread++) {
    if (!isFinite(load<f64>(programOf(leader, thread) + at.P_BATCH_SUMS, at.SUM_LOSS))) return false
  }
  return true
}

function addSums(to: usize, from: usize): void {
  for (let field: usize = 0; field < <usize>at.SUMS_BYTES; field += 8) {
    store<f64>(to + field, load<f64>(to + field) + load<f64>(from + field))
  }
}
