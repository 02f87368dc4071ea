/**
 * Losses over a batch: their sums, and where asked the gradients by the output layer's sums or outputs.
 * Softmax with cross-entropy and sigmoid with binary cross-entropy start from the weighted sums, which is exact for
 * large ones; the others start from the outputs, and differentiate() follows.
 */
import { columnsBelow, maxLanes, oneHot, sumLanes } from './lanes'
import { SUM_ABSOLUTE, SUM_CORRECT, SUM_LOSS, SUM_SQUARED } from './layout'
import { exp4, log1p4, log4 } from './transcendental'

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

/**
 * Adds up softmax cross-entropy, and writes its gradient (softmax - one-hot) * scale.
 * Shapes: z and dz (rows,units), rows `stride` bytes apart; targets (rows) f32 class numbers; dz 0 measures only.
 * Units: padded columns of dz become 0.
 * Source: Goodfellow, Bengio & Courville 2016, 6.2.2.3: log softmax(z)_t = z_t - max - log sum exp(z - max).
 */
export function crossEntropy(
  z: usize,
  stride: usize,
  rows: i32,
  units: i32,
  targets: usize,
  dz: usize,
  scale: f32,
  sums: usize
): void {
  let loss: f64 = 0
  let correct = 0
  for (let row = 0; row < rows; row++) {
    const wanted = <i32>load<f32>(targets + <usize>row * 4)
    const largest = largestOf(z, units)
    const top = f32x4.splat(largest)
    let sum = f32x4.splat(0)
    for (let column = 0; column < units; column += 4) {
      const e = v128.and(
        exp4(f32x4.sub(v128.load(z + <usize>column * 4), top)),
        columnsBelow(column, units)
      )
      if (dz) v128.store(dz + <usize>column * 4, e)
      sum = f32x4.add(sum, e)
    }
    const total = sumLanes(sum)
    if (dz) {
      const share = f32x4.splat(scale / total)
      for (let column = 0; column < units; column += 4) {
        const address = dz + <usize>column * 4
        const hit = f32x4.mul(oneHot(column, wanted), f32x4.splat(scale))
        v128.store(address, f32x4.sub(f32x4.mul(v128.load(address), share), hit))
      }
      dz += stride
    }
    const reached = load<f32>(z + <usize>wanted * 4)
    loss += <f64>(f32x4.extract_lane(log4(f32x4.splat(total)), 0) - (reached - largest))
    if (columnOf(largest, z, units) == wanted) correct++
    z += stride
  }
  add(sums, loss, SUM_LOSS)
  add(sums, correct, SUM_CORRECT)
}

/**
 * Adds up the binary cross-entropy of one sigmoid unit, and writes its gradient (sigmoid - t) * scale.
 * Shapes: z and dz (rows), `stride` bytes apart; targets (rows) f32, 0 or 1; dz 0 measures only.
 * Units: the three padded columns of dz become 0.
 */
export function binaryCrossEntropy(
  z: usize,
  stride: usize,
  rows: i32,
  targets: usize,
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
    // lanes past the last row repeat it and are masked
    const at1 = left > 1 ? stride : 0
    const at2 = left > 2 ? stride * 2 : 0
    const at3 = left > 3 ? stride * 3 : 0
    const valid = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(left))
    const v = f32x4(load<f32>(z), load<f32>(z + at1), load<f32>(z + at2), load<f32>(z + at3))
    const to = targets + <usize>row * 4
    const t = f32x4(
      load<f32>(to),
      load<f32>(left > 1 ? to + 4 : to),
      load<f32>(left > 2 ? to + 8 : to),
      load<f32>(left > 3 ? to + 12 : to)
    )
    const e = exp4(f32x4.neg(f32x4.abs(v)))
    const rowLoss = f32x4.add(f32x4.sub(f32x4.pmax(v, zero), f32x4.mul(v, t)), log1p4(e))
    loss += <f64>sumLanes(v128.and(rowLoss, valid))
    const said = f32x4.gt(v, zero)
    const right = v128.and(f32x4.eq(v128.and(said, one), t), valid)
    correct += popcnt(i32x4.bitmask(right))
    if (dz) {
      // sigmoid(v) = 1 / (1 + e) for v > 0, else e / (1 + e)
      const h = f32x4.div(v128.bitselect(one, e, said), f32x4.add(one, e))
      const d = f32x4.mul(f32x4.sub(h, t), f32x4.splat(scale))
      v128.store(dz, v128.shuffle<i32>(d, zero, 0, 4, 5, 6))
      if (left > 1) v128.store(dz + stride, v128.shuffle<i32>(d, zero, 1, 4, 5, 6))
      if (left > 2) v128.store(dz + stride * 2, v128.shuffle<i32>(d, zero, 2, 4, 5, 6))
      if (left > 3) v128.store(dz + stride * 3, v128.shuffle<i32>(d, zero, 3, 4, 5, 6))
      dz += stride * 4
    }
    z += stride * 4
  }
  add(sums, loss, SUM_LOSS)
  add(sums, correct, SUM_CORRECT)
}

/**
 * Adds up half the squared error, and writes its gradient by the outputs, (a - t) * scale.
 * Shapes: a and da (rows,units), rows `stride` bytes apart; targets (rows) f32: class numbers where isOneHot,
 * else the wanted number of the only unit; da 0 measures only.
 * Units: 1/2 sum_k (a_k - t_k)^2 a row, so that the mean over m rows is the lecture's 1/(2m).
 */
export function meanSquaredError(
  a: usize,
  stride: usize,
  rows: i32,
  units: i32,
  targets: usize,
  isOneHot: bool,
  classifies: bool,
  da: usize,
  scale: f32,
  sums: usize
): void {
  let squared: f64 = 0
  let absolute: f64 = 0
  let correct = 0
  for (let row = 0; row < rows; row++) {
    const target = load<f32>(targets + <usize>row * 4)
    let rowSquared = f32x4.splat(0)
    let rowAbsolute = f32x4.splat(0)
    for (let column = 0; column < units; column += 4) {
      const wanted = isOneHot ? oneHot(column, <i32>target) : f32x4.splat(target)
      const v = v128.load(a + <usize>column * 4)
      const e = v128.and(f32x4.sub(v, wanted), columnsBelow(column, units))
      rowSquared = f32x4.relaxed_madd(e, e, rowSquared)
      rowAbsolute = f32x4.add(rowAbsolute, f32x4.abs(e))
      if (da) v128.store(da + <usize>column * 4, f32x4.mul(e, f32x4.splat(scale)))
    }
    squared += <f64>sumLanes(rowSquared)
    absolute += <f64>sumLanes(rowAbsolute)
    if (classifies) {
      const said = units == 1 ? <i32>(load<f32>(a) > 0.5) : columnOf(largestOf(a, units), a, units)
      if (said == <i32>target) correct++
    }
    a += stride
    if (da) da += stride
  }
  add(sums, squared * 0.5, SUM_LOSS)
  add(sums, squared, SUM_SQUARED)
  add(sums, absolute, SUM_ABSOLUTE)
  add(sums, correct, SUM_CORRECT)
}
