/**
 * Register tiles of the products whose inner dimension runs along rows: forward, and the gradient of a layer's inputs.
 * MR rows by V vectors of columns stay in registers over the whole inner dimension: six rows of two vectors fill 15 of
 * x86-64's 16 vector registers and keep both multiply-add units busy. Four vectors are for V8 that joins two into one of 256
 * bits (src-main/engine/wide-vectors.ts): the same registers, and 8 loads serve 12 multiply-adds, so that the processor's two loads
 * a cycle are not what bounds it, as they are with 8 rows of two vectors (9 for 8).
 * MR is a literal and V a type at every call (tiling.ts), so that each tile is straight code without what it does not have.
 * The inner loop is not unrolled: unrolled, V8 loads ahead, runs out of registers and falls from 57 to 47 GFLOP/s. Two
 * vectors side by side are always treated alike, without a branch between them: so V8 can join them.
 */
import { Four, nextTile, One, Two } from './tiling'

/** Stores a row of a tile, cut off below at `floor`. */
// @ts-ignore: decorator
@inline
function storeRow<V>(c: usize, v0: v128, v1: v128, v2: v128, v3: v128, floor: v128): void {
  v128.store(c, f32x4.pmax(v0, floor), 0)
  if (sizeof<V>() > 1) v128.store(c, f32x4.pmax(v1, floor), 16)
  if (sizeof<V>() > 2) v128.store(c, f32x4.pmax(v2, floor), 32)
  if (sizeof<V>() > 2) v128.store(c, f32x4.pmax(v3, floor), 48)
}

/**
 * Stores two vectors of a row, 0 where the gate is not above 0. Both of the gate are loaded first: a store between two loads
 * would keep V8 from joining them, and with them the whole tile.
 */
// @ts-ignore: decorator
@inline
function storeTwoGated(c: usize, left: v128, right: v128, gate: usize): void {
  const zero = f32x4.splat(0)
  const g0 = v128.load(gate, 0)
  const g1 = v128.load(gate, 16)
  v128.store(c, v128.and(left, f32x4.gt(g0, zero)), 0)
  v128.store(c, v128.and(right, f32x4.gt(g1, zero)), 16)
}

/** Stores a row of a tile, 0 where the gate is not above 0. */
// @ts-ignore: decorator
@inline
function storeGated<V>(c: usize, v0: v128, v1: v128, v2: v128, v3: v128, gate: usize): void {
  if (sizeof<V>() > 1) storeTwoGated(c, v0, v1, gate)
  else v128.store(c, v128.and(v0, f32x4.gt(v128.load(gate), f32x4.splat(0))))
  if (sizeof<V>() > 2) storeTwoGated(c + 32, v2, v3, gate + 32)
}

/**
 * Computes MR rows of V vectors of columns, of one panel or two side by side: c = last row of the panels + a . panels.
 * Shapes: a (MR,k), rows lda bytes apart; panel (k+1,4) with one vector, else (k+1,8); nextPanel (k+1,8), with four vectors;
 * c (MR,4V), rows ldc bytes apart, overwritten.
 * Units: cut off below at 0 where isRelu; set to 0 where `gate`, laid out as c, is not above 0 (0: no gate).
 */
// @ts-ignore: decorator
@inline
function tile<V>(
  MR: i32, a: usize, lda: usize, panel: usize, nextPanel: usize, k: i32, c: usize, ldc: usize, isRelu: bool, gate: usize
): void {
  const TWO = sizeof<V>() > 1
  const FOUR = sizeof<V>() > 2
  const end = panel + <usize>k * (TWO ? 32 : 16)
  const bias = nextPanel + <usize>k * 32
  let b0 = v128.load(end, 0)
  let b1 = TWO ? v128.load(end, 16) : b0
  let b2 = FOUR ? v128.load(bias, 0) : b0
  let b3 = FOUR ? v128.load(bias, 16) : b0
  let c00 = b0, c01 = b1, c02 = b2, c03 = b3
  let c10 = b0, c11 = b1, c12 = b2, c13 = b3
  let c20 = b0, c21 = b1, c22 = b2, c23 = b3
  let c30 = b0, c31 = b1, c32 = b2, c33 = b3
  let c40 = b0, c41 = b1, c42 = b2, c43 = b3
  let c50 = b0, c51 = b1, c52 = b2, c53 = b3
  let c60 = b0, c61 = b1
  let c70 = b0, c71 = b1
  let a0 = a
  let a1 = a0 + lda
  let a2 = a1 + lda
  let a3 = a2 + lda
  let a4 = a3 + lda
  let a5 = a4 + lda
  let a6 = a5 + lda
  let a7 = a6 + lda
  let q = nextPanel
  let x: v128
  for (let p = panel; p < end; p += TWO ? 32 : 16) {
    b0 = v128.load(p, 0)
    if (TWO) b1 = v128.load(p, 16)
    if (FOUR) b2 = v128.load(q, 0)
    if (FOUR) b3 = v128.load(q, 16)
    x = v128.load32_splat(a0)
    c00 = f32x4.relaxed_madd(x, b0, c00)
    if (TWO) c01 = f32x4.relaxed_madd(x, b1, c01)
    if (FOUR) c02 = f32x4.relaxed_madd(x, b2, c02)
    if (FOUR) c03 = f32x4.relaxed_madd(x, b3, c03)
    a0 += 4
    if (MR > 1) x = v128.load32_splat(a1)
    if (MR > 1) c10 = f32x4.relaxed_madd(x, b0, c10)
    if (MR > 1 && TWO) c11 = f32x4.relaxed_madd(x, b1, c11)
    if (MR > 1 && FOUR) c12 = f32x4.relaxed_madd(x, b2, c12)
    if (MR > 1 && FOUR) c13 = f32x4.relaxed_madd(x, b3, c13)
    if (MR > 1) a1 += 4
    if (MR > 2) x = v128.load32_splat(a2)
    if (MR > 2) c20 = f32x4.relaxed_madd(x, b0, c20)
    if (MR > 2 && TWO) c21 = f32x4.relaxed_madd(x, b1, c21)
    if (MR > 2 && FOUR) c22 = f32x4.relaxed_madd(x, b2, c22)
    if (MR > 2 && FOUR) c23 = f32x4.relaxed_madd(x, b3, c23)
    if (MR > 2) a2 += 4
    if (MR > 3) x = v128.load32_splat(a3)
    if (MR > 3) c30 = f32x4.relaxed_madd(x, b0, c30)
    if (MR > 3 && TWO) c31 = f32x4.relaxed_madd(x, b1, c31)
    if (MR > 3 && FOUR) c32 = f32x4.relaxed_madd(x, b2, c32)
    if (MR > 3 && FOUR) c33 = f32x4.relaxed_madd(x, b3, c33)
    if (MR > 3) a3 += 4
    if (MR > 4) x = v128.load32_splat(a4)
    if (MR > 4) c40 = f32x4.relaxed_madd(x, b0, c40)
    if (MR > 4 && TWO) c41 = f32x4.relaxed_madd(x, b1, c41)
    if (MR > 4 && FOUR) c42 = f32x4.relaxed_madd(x, b2, c42)
    if (MR > 4 && FOUR) c43 = f32x4.relaxed_madd(x, b3, c43)
    if (MR > 4) a4 += 4
    if (MR > 5) x = v128.load32_splat(a5)
    if (MR > 5) c50 = f32x4.relaxed_madd(x, b0, c50)
    if (MR > 5 && TWO) c51 = f32x4.relaxed_madd(x, b1, c51)
    if (MR > 5 && FOUR) c52 = f32x4.relaxed_madd(x, b2, c52)
    if (MR > 5 && FOUR) c53 = f32x4.relaxed_madd(x, b3, c53)
    if (MR > 5) a5 += 4
    if (MR > 6) x = v128.load32_splat(a6)
    if (MR > 6) c60 = f32x4.relaxed_madd(x, b0, c60)
    if (MR > 6 && TWO) c61 = f32x4.relaxed_madd(x, b1, c61)
    if (MR > 6) a6 += 4
    if (MR > 7) x = v128.load32_splat(a7)
    if (MR > 7) c70 = f32x4.relaxed_madd(x, b0, c70)
    if (MR > 7 && TWO) c71 = f32x4.relaxed_madd(x, b1, c71)
    if (MR > 7) a7 += 4
    if (FOUR) q += 32
  }
  if (gate) {
    storeGated<V>(c, c00, c01, c02, c03, gate)
    if (MR > 1) storeGated<V>((c += ldc), c10, c11, c12, c13, (gate += ldc))
    if (MR > 2) storeGated<V>((c += ldc), c20, c21, c22, c23, (gate += ldc))
    if (MR > 3) storeGated<V>((c += ldc), c30, c31, c32, c33, (gate += ldc))
    if (MR > 4) storeGated<V>((c += ldc), c40, c41, c42, c43, (gate += ldc))
    if (MR > 5) storeGated<V>((c += ldc), c50, c51, c52, c53, (gate += ldc))
    if (MR > 6) storeGated<V>((c += ldc), c60, c61, b0, b0, (gate += ldc))
    if (MR > 7) storeGated<V>((c += ldc), c70, c71, b0, b0, (gate += ldc))
    return
  }
  const floor = f32x4.splat(isRelu ? <f32>0 : -Infinity)
  storeRow<V>(c, c00, c01, c02, c03, floor)
  if (MR > 1) storeRow<V>((c += ldc), c10, c11, c12, c13, floor)
  if (MR > 2) storeRow<V>((c += ldc), c20, c21, c22, c23, floor)
  if (MR > 3) storeRow<V>((c += ldc), c30, c31, c32, c33, floor)
  if (MR > 4) storeRow<V>((c += ldc), c40, c41, c42, c43, floor)
  if (MR > 5) storeRow<V>((c += ldc), c50, c51, c52, c53, floor)
  if (MR > 6) storeRow<V>((c += ldc), c60, c61, b0, b0, floor)
  if (MR > 7) storeRow<V>((c += ldc), c70, c71, b0, b0, floor)
}

/** Computes all rows of V vectors of columns in tiles of at most `most` rows; shapes as tile, for any number of rows. */
// @ts-ignore: decorator
@inline
function rowTiles<V>(
  most: i32, rows: i32, a: usize, lda: usize, panel: usize, nextPanel: usize, k: i32, c: usize, ldc: usize, isRelu: bool,
  gate: usize
): void {
  while (rows > 0) {
    const count = nextTile(rows, most)
    switch (count) {
      case 8:
        if (sizeof<V>() == 2) tile<V>(8, a, lda, panel, nextPanel, k, c, ldc, isRelu, gate)
        break
      case 7:
        if (sizeof<V>() == 2) tile<V>(7, a, lda, panel, nextPanel, k, c, ldc, isRelu, gate)
        break
      case 6:
        tile<V>(6, a, lda, panel, nextPanel, k, c, ldc, isRelu, gate)
        break
      case 5:
        tile<V>(5, a, lda, panel, nextPanel, k, c, ldc, isRelu, gate)
        break
      case 4:
        tile<V>(4, a, lda, panel, nextPanel, k, c, ldc, isRelu, gate)
        break
      case 3:
        tile<V>(3, a, lda, panel, nextPanel, k, c, ldc, isRelu, gate)
        break
      case 2:
        tile<V>(2, a, lda, panel, nextPanel, k, c, ldc, isRelu, gate)
        break
      default:
        tile<V>(1, a, lda, panel, nextPanel, k, c, ldc, isRelu, gate)
    }
    a += <usize>count * lda
    c += <usize>count * ldc
    if (gate) gate += <usize>count * ldc
    rows -= count
  }
}

/** Computes all rows of one panel of 4 columns. */
export function rowPanel4(
  rows: i32, a: usize, lda: usize, panel: usize, k: i32, c: usize, ldc: usize, isRelu: bool, gate: usize
): void {
  rowTiles<One>(6, rows, a, lda, panel, 0, k, c, ldc, isRelu, gate)
}

/** Computes all rows of one panel of 8 columns. */
export function rowPanel8(
  tileRows: i32, rows: i32, a: usize, lda: usize, panel: usize, k: i32, c: usize, ldc: usize, isRelu: bool, gate: usize
): void {
  rowTiles<Two>(tileRows, rows, a, lda, panel, 0, k, c, ldc, isRelu, gate)
}

/** Computes all rows of two panels of 8 columns side by side. */
export function rowPanels16(
  rows: i32, a: usize, lda: usize, panel: usize, nextPanel: usize, k: i32, c: usize, ldc: usize, isRelu: bool, gate: usize
): void {
  rowTiles<Four>(6, rows, a, lda, panel, nextPanel, k, c, ldc, isRelu, gate)
}
