/**
 * The register tile for vectors of 256 bits, of the products whose inner dimension is the batch: up to 6 inputs by the 16
 * units of two panels; row-tile-16.ts says why. Each sum runs over the rows in order, as in column-tile.ts.
 */
import { nextTile } from './tiling'

/**
 * Computes MR rows of the gradients of two panels of 8 columns side by side: g (+)= x^T . dz.
 * Shapes: x (B,MR), rows ldx bytes apart; dz (B,16), rows ldz bytes apart; g and nextG (MR,8) without gaps, the left and
 * the right half, added to where `accumulate`, else overwritten.
 */
// @ts-ignore: decorator
@inline
function tile16(
  MR: i32,
  x: usize,
  ldx: usize,
  dz: usize,
  ldz: usize,
  rows: i32,
  g: usize,
  nextG: usize,
  accumulate: bool
): void {
  const end = dz + <usize>rows * ldz
  // All ones or all zeros without a branch: V8 joins only loads that stand in one block.
  const kept = i32x4.splat(-<i32>accumulate)
  let c00 = v128.and(v128.load(g, 0), kept)
  let c01 = v128.and(v128.load(g, 16), kept)
  let c02 = v128.and(v128.load(nextG, 0), kept)
  let c03 = v128.and(v128.load(nextG, 16), kept)
  let c10 = MR > 1 ? v128.and(v128.load(g, 32), kept) : kept
  let c11 = MR > 1 ? v128.and(v128.load(g, 48), kept) : kept
  let c12 = MR > 1 ? v128.and(v128.load(nextG, 32), kept) : kept
  let c13 = MR > 1 ? v128.and(v128.load(nextG, 48), kept) : kept
  let c20 = MR > 2 ? v128.and(v128.load(g, 64), kept) : kept
  let c21 = MR > 2 ? v128.and(v128.load(g, 80), kept) : kept
  let c22 = MR > 2 ? v128.and(v128.load(nextG, 64), kept) : kept
  let c23 = MR > 2 ? v128.and(v128.load(nextG, 80), kept) : kept
  let c30 = MR > 3 ? v128.and(v128.load(g, 96), kept) : kept
  let c31 = MR > 3 ? v128.and(v128.load(g, 112), kept) : kept
  let c32 = MR > 3 ? v128.and(v128.load(nextG, 96), kept) : kept
  let c33 = MR > 3 ? v128.and(v128.load(nextG, 112), kept) : kept
  let c40 = MR > 4 ? v128.and(v128.load(g, 128), kept) : kept
  let c41 = MR > 4 ? v128.and(v128.load(g, 144), kept) : kept
  let c42 = MR > 4 ? v128.and(v128.load(nextG, 128), kept) : kept
  let c43 = MR > 4 ? v128.and(v128.load(nextG, 144), kept) : kept
  let c50 = MR > 5 ? v128.and(v128.load(g, 160), kept) : kept
  let c51 = MR > 5 ? v128.and(v128.load(g, 176), kept) : kept
  let c52 = MR > 5 ? v128.and(v128.load(nextG, 160), kept) : kept
  let c53 = MR > 5 ? v128.and(v128.load(nextG, 176), kept) : kept
  let b0: v128
  let b1: v128
  let b2: v128
  let b3: v128
  let a: v128
  while (dz < end) {
    b0 = v128.load(dz, 0)
    b1 = v128.load(dz, 16)
    b2 = v128.load(dz, 32)
    b3 = v128.load(dz, 48)
    a = v128.load32_splat(x, 0)
    c00 = f32x4.relaxed_madd(a, b0, c00)
    c01 = f32x4.relaxed_madd(a, b1, c01)
    c02 = f32x4.relaxed_madd(a, b2, c02)
    c03 = f32x4.relaxed_madd(a, b3, c03)
    if (MR > 1) {
      a = v128.load32_splat(x, 4)
      c10 = f32x4.relaxed_madd(a, b0, c10)
      c11 = f32x4.relaxed_madd(a, b1, c11)
      c12 = f32x4.relaxed_madd(a, b2, c12)
      c13 = f32x4.relaxed_madd(a, b3, c13)
    }
    if (MR > 2) {
      a = v128.load32_splat(x, 8)
      c20 = f32x4.relaxed_madd(a, b0, c20)
      c21 = f32x4.relaxed_madd(a, b1, c21)
      c22 = f32x4.relaxed_madd(a, b2, c22)
      c23 = f32x4.relaxed_madd(a, b3, c23)
    }
    if (MR > 3) {
      a = v128.load32_splat(x, 12)
      c30 = f32x4.relaxed_madd(a, b0, c30)
      c31 = f32x4.relaxed_madd(a, b1, c31)
      c32 = f32x4.relaxed_madd(a, b2, c32)
      c33 = f32x4.relaxed_madd(a, b3, c33)
    }
    if (MR > 4) {
      a = v128.load32_splat(x, 16)
      c40 = f32x4.relaxed_madd(a, b0, c40)
      c41 = f32x4.relaxed_madd(a, b1, c41)
      c42 = f32x4.relaxed_madd(a, b2, c42)
      c43 = f32x4.relaxed_madd(a, b3, c43)
    }
    if (MR > 5) {
      a = v128.load32_splat(x, 20)
      c50 = f32x4.relaxed_madd(a, b0, c50)
      c51 = f32x4.relaxed_madd(a, b1, c51)
      c52 = f32x4.relaxed_madd(a, b2, c52)
      c53 = f32x4.relaxed_madd(a, b3, c53)
    }
    dz += ldz
    x += ldx
  }
  v128.store(g, c00, 0)
  v128.store(g, c01, 16)
  v128.store(nextG, c02, 0)
  v128.store(nextG, c03, 16)
  if (MR > 1) {
    v128.store(g, c10, 32)
    v128.store(g, c11, 48)
    v128.store(nextG, c12, 32)
    v128.store(nextG, c13, 48)
  }
  if (MR > 2) {
    v128.store(g, c20, 64)
    v128.store(g, c21, 80)
    v128.store(nextG, c22, 64)
    v128.store(nextG, c23, 80)
  }
  if (MR > 3) {
    v128.store(g, c30, 96)
    v128.store(g, c31, 112)
    v128.store(nextG, c32, 96)
    v128.store(nextG, c33, 112)
  }
  if (MR > 4) {
    v128.store(g, c40, 128)
    v128.store(g, c41, 144)
    v128.store(nextG, c42, 128)
    v128.store(nextG, c43, 144)
  }
  if (MR > 5) {
    v128.store(g, c50, 160)
    v128.store(g, c51, 176)
    v128.store(nextG, c52, 160)
    v128.store(nextG, c53, 176)
  }
}

/** Computes all rows of the gradients of two panels; shapes as tile16, for any number of inputs. */
export function columnPanels16(
  inputs: i32,
  x: usize,
  ldx: usize,
  dz: usize,
  ldz: usize,
  rows: i32,
  g: usize,
  nextG: usize,
  accumulate: bool
): void {
  while (inputs > 0) {
    const count = nextTile(inputs, 6)
    switch (count) {
      case 6:
        tile16(6, x, ldx, dz, ldz, rows, g, nextG, accumulate)
        break
      case 5:
        tile16(5, x, ldx, dz, ldz, rows, g, nextG, accumulate)
        break
      case 4:
        tile16(4, x, ldx, dz, ldz, rows, g, nextG, accumulate)
        break
      case 3:
        tile16(3, x, ldx, dz, ldz, rows, g, nextG, accumulate)
        break
      case 2:
        tile16(2, x, ldx, dz, ldz, rows, g, nextG, accumulate)
        break
      default:
        tile16(1, x, ldx, dz, ldz, rows, g, nextG, accumulate)
        break
    }
    x += <usize>count * 4
    g += <usize>count * 32
    nextG += <usize>count * 32
    inputs -= count
  }
}
