/**
 * Losses over a batch: their sums, and where asked the gradients by the output layer's sums or outputs.
 * Softmax with cross-entropy and sigmoid with binary cross-entropy start from the weighted sums, which is exact for
 * large ones; the others start from the outputs, and the derivative of the output activation follows.
 * Everywhere: targets (rows) f32; weights (rows) f32 by which a row's loss and gradient count, 0 counts all alike;
 * gradients laid out as the outputs, multiplied by scale (1 / batch size), with 0 in padded columns; 0 measures only.
 */
import { columnsBelow, maxLanes, oneHot, sumLanes } from './lanes'
import * as code from './codes'
import * as at from './layout'
import { exp4, log1p4, log4 } from './transcendental'

/**
 * Adds the program's loss of a batch, and where dz is not 0 writes its gradient by what it starts from.
 * Shapes: output and dz (rows,units), rows `stride` bytes apart: weighted sums or outputs, as the loss starts from.
 */
export function addLoss(
  program: usize, output: usize, stride: usize, rows: i32, units: i32, targets: usize, weights: usize, dz: usize, scale: f32,
  sums: usize
): void {
  const kind = load<i32>(program, at.P_LOSS)
  switch (kind) {
    case code.LOSS_CROSS_ENTROPY: {
      const smoothing = load<f32>(program, at.P_SMOOTHING_F32)
      const classWeights = weights ? <usize>load<u32>(program, at.P_CLASS_WEIGHTS) : 0
      crossEntropy(output, stride, rows, units, targets, weights, classWeights, smoothing, dz, scale, sums)
      break
    }
    case code.LOSS_BINARY_CROSS_ENTROPY:
      binaryCrossEntropy(output, stride, rows, targets, weights, dz, scale, sums)
      break
    default: {
      const delta = load<f32>(program, at.P_HUBER_DELTA_F32)
      const isOneHot = load<i32>(program, at.P_ONE_HOT) != 0
      const classifies = load<i32>(program, at.P_CLASSIFIES) != 0
      differenceLoss(
        kind, delta, output, stride, rows, units, targets, weights, isOneHot, classifies, dz, scale, sums
      )
    }
  }
}

// @ts-ignore: decorator
@inline
function add(sums: usize, value: f64, field: usize): void {
  store<f64>(sums + field, load<f64>(sums + field) + value)
}

/** The first column that holds the largest of `units` numbers, `largest`; units where none does (NaN). */
// @ts-ignore: decorator
@inline
function columnOf(largest: f32, row: usize, units: i32): i32 {
  const top = f32x4.splat(largest)
  for (let column = 0; column < units; column += 4) {
    const found = i32x4.bitmask(
      v128.and(f32x4.eq(v128.load(row + <usize>column * 4), top), columnsBelow(column, units))
    )
    if (found) return column + ctz(found)
  }
  return units
}

// @ts-ignore: decorator
@inline
function largestOf(row: usize, units: i32): f32 {
  let largest = f32x4.splat(-Infinity)
  for (let column = 0; column < units; column += 4) {
    const v = v128.load(row + <usize>column * 4)
    largest = f32x4.max(largest, v128.bitselect(v, f32x4.splat(-Infinity), columnsBelow(column, units)))
  }
  return maxLanes(largest)
}

// @ts-ignore: decorator
@inline
function weightOf(weights: usize, row: i32): f32 {
  return weights ? load<f32>(weights + <usize>row * 4) : 1
}

/**
 * Adds up softmax cross-entropy, and writes its gradient by the sums, (softmax - wanted) * scale.
 * Shapes: z and dz (rows,units), rows `stride` bytes apart; targets are class numbers; classWeights (units) padded, or 0.
 * Units: wanted is 1 - smoothing for the class plus smoothing / units for every class. A class counts in its smoothed
 * share by its own weight, as PyTorch has it, where there are classWeights; else by that of the row.
 * Source: Goodfellow, Bengio & Courville 2016, 6.2.2.3: log softmax(z)_t = z_t - max - log sum exp(z - max).
 */
export function crossEntropy(
  z: usize,
  stride: usize,
  rows: i32,
  units: i32,
  targets: usize,
  weights: usize,
  classWeights: usize,
  smoothing: f32,
  dz: usize,
  scale: f32,
  sums: usize
): void {
  const everywhere = smoothing / <f32>units
  let ofAllClasses: f32 = 0
  for (let unit = 0; classWeights && unit < units; unit++) ofAllClasses += load<f32>(classWeights + <usize>unit * 4)
  let loss: f64 = 0
  let correct = 0
  for (let row = 0; row < rows; row++) {
    const wanted = <i32>load<f32>(targets + <usize>row * 4)
    const weight = weightOf(weights, row)
    // What the row wants in all: its class, and each class's smoothed share.
    const mass = classWeights ? (<f32>1 - smoothing) * weight + everywhere * ofAllClasses : weight
    const largest = largestOf(z, units)
    const top = f32x4.splat(largest)
    let sum = f32x4.splat(0)
    let distances = f32x4.splat(0)
    for (let column = 0; column < units; column += 4) {
      const isUnit = columnsBelow(column, units)
      const distance = v128.and(f32x4.sub(v128.load(z + <usize>column * 4), top), isUnit)
      const e = v128.and(exp4(distance), isUnit)
      if (dz) v128.store(dz + <usize>column * 4, e)
      sum = f32x4.add(sum, e)
      if (classWeights) {
        distances = f32x4.relaxed_madd(distance, v128.load(classWeights + <usize>column * 4), distances)
      } else if (smoothing > 0) distances = f32x4.add(distances, distance)
    }
    const total = sumLanes(sum)
    if (dz) {
      const rowScale = scale * weight
      const share = f32x4.splat((scale * mass) / total)
      const even = f32x4.splat(everywhere * (classWeights ? scale : rowScale))
      for (let column = 0; column < units; column += 4) {
        const address = dz + <usize>column * 4
        const spread = classWeights ? f32x4.mul(even, v128.load(classWeights + <usize>column * 4)) : even
        const hit = f32x4.relaxed_madd(oneHot(column, wanted), f32x4.splat((<f32>1 - smoothing) * rowScale), spread)
        const d = f32x4.sub(f32x4.mul(v128.load(address), share), hit)
        v128.store(address, v128.and(d, columnsBelow(column, units)))
      }
      dz += stride
    }
    const reached = (<f32>1 - smoothing) * (load<f32>(z + <usize>wanted * 4) - largest)
    const logarithm = f32x4.extract_lane(log4(f32x4.splat(total)), 0)
    // total - total is 0, or NaN where the sum is not finite: log4 alone would hide that.
    const smoothed = everywhere * sumLanes(distances) * (classWeights ? <f32>1 : weight)
    const rowLoss = <f64>(logarithm * mass) - <f64>(reached * weight) - <f64>smoothed
    loss += rowLoss + <f64>(total - total)
    if (columnOf(largest, z, units) == wanted) correct++
    z += stride
  }
  add(sums, loss, at.SUM_LOSS)
  add(sums, correct, at.SUM_CORRECT)
}

/**
 * Adds up the binary cross-entropy of one sigmoid unit, and writes its gradient by the sum, (sigmoid - t) * scale.
 * Shapes: z and dz (rows), `stride` bytes apart; targets are 0 or 1.
 */
export function binaryCrossEntropy(
  z: usize,
  stride: usize,
  rows: i32,
  targets: usize,
  weights: usize,
  dz: usize,
  scale: f32,
  sums: usize
): void {
  const zero = f32x4.splat(0)
  const one = f32x4.splat(1)
  let loss: f64 = 0
  let correct = 0
  for (let row = 0; row < rows; row += 4) {
    const left = rows - row
    const at1 = left > 1 ? stride : 0
    const at2 = left > 2 ? stride * 2 : 0
    const at3 = left > 3 ? stride * 3 : 0
    const valid = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(left))
    const v = f32x4(load<f32>(z), load<f32>(z + at1), load<f32>(z + at2), load<f32>(z + at3))
    const t = upToFour(targets + <usize>row * 4, left)
    const weight = weights ? upToFour(weights + <usize>row * 4, left) : one
    const e = exp4(f32x4.neg(f32x4.abs(v)))
    const rowLoss = f32x4.add(f32x4.sub(f32x4.pmax(v, zero), f32x4.mul(v, t)), log1p4(e))
    loss += <f64>sumLanes(v128.and(f32x4.mul(rowLoss, weight), valid))
    const said = f32x4.gt(v, zero)
    const right = v128.and(f32x4.eq(v128.and(said, one), t), valid)
    correct += popcnt(i32x4.bitmask(right))
    if (dz) {
      // sigmoid(v) = 1 / (1 + e) for v > 0, else e / (1 + e)
      const h = f32x4.div(v128.bitselect(one, e, said), f32x4.add(one, e))
      const d = f32x4.mul(f32x4.mul(f32x4.sub(h, t), weight), f32x4.splat(scale))
      v128.store(dz, v128.shuffle<i32>(d, zero, 0, 4, 5, 6))
      if (left > 1) v128.store(dz + stride, v128.shuffle<i32>(d, zero, 1, 4, 5, 6))
      if (left > 2) v128.store(dz + stride * 2, v128.shuffle<i32>(d, zero, 2, 4, 5, 6))
      if (left > 3) v128.store(dz + stride * 3, v128.shuffle<i32>(d, zero, 3, 4, 5, 6))
      dz += stride * 4
    }
    z += stride * 4
  }
  add(sums, loss, at.SUM_LOSS)
  add(sums, correct, at.SUM_CORRECT)
}

/** Reads up to four numbers side by side; lanes past the last repeat the first. */
// @ts-ignore: decorator
@inline
function upToFour(address: usize, left: i32): v128 {
  if (left >= 4) return v128.load(address)
  const first = load<f32>(address)
  return f32x4(
    first,
    left > 1 ? load<f32>(address + 4) : first,
    left > 2 ? load<f32>(address + 8) : first,
    first
  )
}

/**
 * Adds up a loss of the differences e = a - t, and writes its gradient by the outputs.
 * Shapes: a and da (rows,units), rows `stride` bytes apart; targets are class numbers where isOneHot, else the wanted
 * number of the only unit.
 * Units: a row's loss is the sum over its units of e^2 / 2 (so that the mean over m rows is the lecture's 1/(2m)),
 * |e|, or Huber's: e^2 / 2 up to delta, delta (|e| - delta / 2) beyond.
 * Source: Huber 1964.
 */
export function differenceLoss(
  kind: i32,
  delta: f32,
  a: usize,
  stride: usize,
  rows: i32,
  units: i32,
  targets: usize,
  weights: usize,
  isOneHot: bool,
  classifies: bool,
  da: usize,
  scale: f32,
  sums: usize
): void {
  const half = f32x4.splat(0.5)
  const limit = f32x4.splat(delta)
  let loss: f64 = 0
  let squared: f64 = 0
  let absolute: f64 = 0
  let correct = 0
  for (let row = 0; row < rows; row++) {
    const target = load<f32>(targets + <usize>row * 4)
    const weight = weightOf(weights, row)
    let rowLoss = f32x4.splat(0)
    let rowSquared = f32x4.splat(0)
    let rowAbsolute = f32x4.splat(0)
    for (let column = 0; column < units; column += 4) {
      const wanted = isOneHot ? oneHot(column, <i32>target) : f32x4.splat(target)
      const v = v128.load(a + <usize>column * 4)
      const e = v128.and(f32x4.sub(v, wanted), columnsBelow(column, units))
      const size = f32x4.abs(e)
      rowSquared = f32x4.relaxed_madd(e, e, rowSquared)
      rowAbsolute = f32x4.add(rowAbsolute, size)
      let slope = e
      if (kind == code.LOSS_MEAN_ABSOLUTE_ERROR) slope = signOf(e)
      if (kind == code.LOSS_HUBER) {
        const inside = f32x4.pmin(size, limit)
        rowLoss = f32x4.relaxed_madd(inside, f32x4.sub(size, f32x4.mul(inside, half)), rowLoss)
        slope = f32x4.mul(signOf(e), inside)
      }
      if (da) v128.store(da + <usize>column * 4, f32x4.mul(slope, f32x4.splat(scale * weight)))
    }
    const rowSquares = <f64>sumLanes(rowSquared)
    const rowSizes = <f64>sumLanes(rowAbsolute)
    squared += rowSquares
    absolute += rowSizes
    if (kind == code.LOSS_HUBER) loss += <f64>sumLanes(rowLoss) * <f64>weight
    else loss += (kind == code.LOSS_MEAN_ABSOLUTE_ERROR ? rowSizes : rowSquares * 0.5) * <f64>weight
    if (classifies) {
      const said = units == 1 ? <i32>(load<f32>(a) > 0.5) : columnOf(largestOf(a, units), a, units)
      if (said == <i32>target) correct++
    }
    a += stride
    if (da) da += stride
  }
  add(sums, loss, at.SUM_LOSS)
  add(sums, squared, at.SUM_SQUARED)
  add(sums, absolute, at.SUM_ABSOLUTE)
  add(sums, correct, at.SUM_CORRECT)
}

// @ts-ignore: decorator
@inline
function signOf(e: v128): v128 {
  const one = f32x4.splat(1)
  const zero = f32x4.splat(0)
  return f32x4.sub(v128.and(f32x4.gt(e, zero), one), v128.and(f32x4.lt(e, zero), one))
}
