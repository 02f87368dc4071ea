/**
 * The register tile for vectors of 256 bits, of the products whose inner dimension runs along rows: up to 6 rows by the 16
 * columns of two panels. Joined by V8 (src-main/engine/wide-vectors.ts), a row is two vectors, and the tile fills the registers
 * just as 6 rows by 8 columns do with 128 bits (row-tile.ts): 8 loads serve 12 multiply-adds, so that the processor's two
 * loads a cycle are not what bounds it, as they are with 8 rows by 8 columns (9 for 8).
 */
import { storeGated, storeRow } from './row-tile'
import { nextTile } from './tiling'

/** Stores a row of a tile, cut off below at `floor`. */
// @ts-ignore: decorator
@inline
function storePair(c: usize, c0: v128, c1: v128, c2: v128, c3: v128, floor: v128): void {
  storeRow(c, c0, c1, floor)
  storeRow(c + 32, c2, c3, floor)
}

/** Stores a row of a tile, 0 where the gate is not above 0. */
// @ts-ignore: decorator
@inline
function storeGatedPair(c: usize, c0: v128, c1: v128, c2: v128, c3: v128, gate: usize): void {
  storeGated(c, c0, c1, gate)
  storeGated(c + 32, c2, c3, gate + 32)
}

/**
 * Computes MR rows of two panels of 8 columns side by side: c = last row of the panels + a . panels.
 * Shapes: a (MR,k), rows lda bytes apart; each panel (k+1,8); c (MR,16), rows ldc bytes apart, overwritten.
 * Units: cut off below at 0 where isRelu; set to 0 where `gate`, laid out as c, is not above 0 (0: no gate).
 */
// @ts-ignore: decorator
@inline
function tile16(
  MR: i32,
  a: usize,
  lda: usize,
  panel: usize,
  nextPanel: usize,
  k: i32,
  c: usize,
  ldc: usize,
  isRelu: bool,
  gate: usize
): void {
  const end = panel + <usize>k * 32
  const bias = nextPanel + <usize>k * 32
  let b0 = v128.load(end, 0)
  let b1 = v128.load(end, 16)
  let b2 = v128.load(bias, 0)
  let b3 = v128.load(bias, 16)
  let c00 = b0
  let c01 = b1
  let c02 = b2
  let c03 = b3
  let c10 = b0
  let c11 = b1
  let c12 = b2
  let c13 = b3
  let c20 = b0
  let c21 = b1
  let c22 = b2
  let c23 = b3
  let c30 = b0
  let c31 = b1
  let c32 = b2
  let c33 = b3
  let c40 = b0
  let c41 = b1
  let c42 = b2
  let c43 = b3
  let c50 = b0
  let c51 = b1
  let c52 = b2
  let c53 = b3
  let a0 = a
  let a1 = a0 + lda
  let a2 = a1 + lda
  let a3 = a2 + lda
  let a4 = a3 + lda
  let a5 = a4 + lda
  let x: v128
  let q = nextPanel
  for (let p = panel; p < end; p += 32) {
    b0 = v128.load(p, 0)
    b1 = v128.load(p, 16)
    b2 = v128.load(q, 0)
    b3 = v128.load(q, 16)
    x = v128.load32_splat(a0)
    c00 = f32x4.relaxed_madd(x, b0, c00)
    c01 = f32x4.relaxed_madd(x, b1, c01)
    c02 = f32x4.relaxed_madd(x, b2, c02)
    c03 = f32x4.relaxed_madd(x, b3, c03)
    a0 += 4
    if (MR > 1) {
      x = v128.load32_splat(a1)
      c10 = f32x4.relaxed_madd(x, b0, c10)
      c11 = f32x4.relaxed_madd(x, b1, c11)
      c12 = f32x4.relaxed_madd(x, b2, c12)
      c13 = f32x4.relaxed_madd(x, b3, c13)
      a1 += 4
    }
    if (MR > 2) {
      x = v128.load32_splat(a2)
      c20 = f32x4.relaxed_madd(x, b0, c20)
      c21 = f32x4.relaxed_madd(x, b1, c21)
      c22 = f32x4.relaxed_madd(x, b2, c22)
      c23 = f32x4.relaxed_madd(x, b3, c23)
      a2 += 4
    }
    if (MR > 3) {
      x = v128.load32_splat(a3)
      c30 = f32x4.relaxed_madd(x, b0, c30)
      c31 = f32x4.relaxed_madd(x, b1, c31)
      c32 = f32x4.relaxed_madd(x, b2, c32)
      c33 = f32x4.relaxed_madd(x, b3, c33)
      a3 += 4
    }
    if (MR > 4) {
      x = v128.load32_splat(a4)
      c40 = f32x4.relaxed_madd(x, b0, c40)
      c41 = f32x4.relaxed_madd(x, b1, c41)
      c42 = f32x4.relaxed_madd(x, b2, c42)
      c43 = f32x4.relaxed_madd(x, b3, c43)
      a4 += 4
    }
    if (MR > 5) {
      x = v128.load32_splat(a5)
      c50 = f32x4.relaxed_madd(x, b0, c50)
      c51 = f32x4.relaxed_madd(x, b1, c51)
      c52 = f32x4.relaxed_madd(x, b2, c52)
      c53 = f32x4.relaxed_madd(x, b3, c53)
      a5 += 4
    }
    q += 32
  }
  if (gate) {
    storeGatedPair(c, c00, c01, c02, c03, gate)
    if (MR > 1) storeGatedPair((c += ldc), c10, c11, c12, c13, (gate += ldc))
    if (MR > 2) storeGatedPair((c += ldc), c20, c21, c22, c23, (gate += ldc))
    if (MR > 3) storeGatedPair((c += ldc), c30, c31, c32, c33, (gate += ldc))
    if (MR > 4) storeGatedPair((c += ldc), c40, c41, c42, c43, (gate += ldc))
    if (MR > 5) storeGatedPair((c += ldc), c50, c51, c52, c53, (gate += ldc))
    return
  }
  const floor = f32x4.splat(isRelu ? <f32>0 : -Infinity)
  storePair(c, c00, c01, c02, c03, floor)
  if (MR > 1) storePair((c += ldc), c10, c11, c12, c13, floor)
  if (MR > 2) storePair((c += ldc), c20, c21, c22, c23, floor)
  if (MR > 3) storePair((c += ldc), c30, c31, c32, c33, floor)
  if (MR > 4) storePair((c += ldc), c40, c41, c42, c43, floor)
  if (MR > 5) storePair((c += ldc), c50, c51, c52, c53, floor)
}

/** Computes all rows of two panels of 8 columns side by side; shapes as tile16, for any number of rows. */
export function rowPanels16(
  rows: i32,
  a: usize,
  lda: usize,
  panel: usize,
  nextPanel: usize,
  k: i32,
  c: usize,
  ldc: usize,
  isRelu: bool,
  gate: usize
): void {
  while (rows > 0) {
    const count = nextTile(rows, 6)
    switch (count) {
      case 6:
        tile16(6, a, lda, panel, nextPanel, k, c, ldc, isRelu, gate)
        break
      case 5:
        tile16(5, a, lda, panel, nextPanel, k, c, ldc, isRelu, gate)
        break
      case 4:
        tile16(4, a, lda, panel, nextPanel, k, c, ldc, isRelu, gate)
        break
      case 3:
        tile16(3, a, lda, panel, nextPanel, k, c, ldc, isRelu, gate)
        break
      case 2:
        tile16(2, a, lda, panel, nextPanel, k, c, ldc, isRelu, gate)
        break
      default:
        tile16(1, a, lda, panel, nextPanel, k, c, ldc, isRelu, gate)
        break
    }
    a += <usize>count * lda
    c += <usize>count * ldc
    if (gate) gate += <usize>count * ldc
    rows -= count
  }
}
