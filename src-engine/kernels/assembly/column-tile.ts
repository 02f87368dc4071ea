/**
 * Register tiles of the products whose inner dimension is the batch: the gradient of a layer's weights.
 * Same form as row-tile.ts; each sum runs over the rows in order, so a batch done in pieces gives the same bits.
 */
import { Four, nextTile, One, Two } from './tiling'

/**
 * Computes MR rows of the gradients of V vectors of columns, of one panel or two side by side: g (+)= x^T . dz.
 * Shapes: x (B,MR), rows ldx bytes apart; dz (B,4V), rows ldz bytes apart; g (MR,4) with one vector, else (MR,8); nextG
 * (MR,8), with four vectors; without gaps, added to where `accumulate`, else overwritten.
 */
// @ts-ignore: decorator
@inline
function tile<V>(
  MR: i32, x: usize, ldx: usize, dz: usize, ldz: usize, rows: i32, g: usize, nextG: usize, accumulate: bool
): void {
  const TWO = sizeof<V>() > 1
  const FOUR = sizeof<V>() > 2
  const end = dz + <usize>rows * ldz
  // All ones or all zeros without a branch: V8 joins only loads that stand in one block.
  const kept = i32x4.splat(-<i32>accumulate)
  let c00 = v128.and(v128.load(g, 0), kept)
  let c01 = TWO ? v128.and(v128.load(g, 16), kept) : kept
  let c02 = FOUR ? v128.and(v128.load(nextG, 0), kept) : kept
  let c03 = FOUR ? v128.and(v128.load(nextG, 16), kept) : kept
  let c10 = MR > 1 ? v128.and(v128.load(g, TWO ? 32 : 16), kept) : kept
  let c11 = MR > 1 && TWO ? v128.and(v128.load(g, 48), kept) : kept
  let c12 = MR > 1 && FOUR ? v128.and(v128.load(nextG, 32), kept) : kept
  let c13 = MR > 1 && FOUR ? v128.and(v128.load(nextG, 48), kept) : kept
  let c20 = MR > 2 ? v128.and(v128.load(g, TWO ? 64 : 32), kept) : kept
  let c21 = MR > 2 && TWO ? v128.and(v128.load(g, 80), kept) : kept
  let c22 = MR > 2 && FOUR ? v128.and(v128.load(nextG, 64), kept) : kept
  let c23 = MR > 2 && FOUR ? v128.and(v128.load(nextG, 80), kept) : kept
  let c30 = MR > 3 ? v128.and(v128.load(g, TWO ? 96 : 48), kept) : kept
  let c31 = MR > 3 && TWO ? v128.and(v128.load(g, 112), kept) : kept
  let c32 = MR > 3 && FOUR ? v128.and(v128.load(nextG, 96), kept) : kept
  let c33 = MR > 3 && FOUR ? v128.and(v128.load(nextG, 112), kept) : kept
  let c40 = MR > 4 ? v128.and(v128.load(g, TWO ? 128 : 64), kept) : kept
  let c41 = MR > 4 && TWO ? v128.and(v128.load(g, 144), kept) : kept
  let c42 = MR > 4 && FOUR ? v128.and(v128.load(nextG, 128), kept) : kept
  let c43 = MR > 4 && FOUR ? v128.and(v128.load(nextG, 144), kept) : kept
  let c50 = MR > 5 ? v128.and(v128.load(g, TWO ? 160 : 80), kept) : kept
  let c51 = MR > 5 && TWO ? v128.and(v128.load(g, 176), kept) : kept
  let c52 = MR > 5 && FOUR ? v128.and(v128.load(nextG, 160), kept) : kept
  let c53 = MR > 5 && FOUR ? v128.and(v128.load(nextG, 176), kept) : kept
  let c60 = MR > 6 ? v128.and(v128.load(g, TWO ? 192 : 96), kept) : kept
  let c61 = MR > 6 && TWO ? v128.and(v128.load(g, 208), kept) : kept
  let c70 = MR > 7 ? v128.and(v128.load(g, TWO ? 224 : 112), kept) : kept
  let c71 = MR > 7 && TWO ? v128.and(v128.load(g, 240), kept) : kept
  let b0 = kept
  let b1 = kept
  let b2 = kept
  let b3 = kept
  let a: v128
  while (dz < end) {
    b0 = v128.load(dz, 0)
    if (TWO) b1 = v128.load(dz, 16)
    if (FOUR) b2 = v128.load(dz, 32)
    if (FOUR) b3 = v128.load(dz, 48)
    a = v128.load32_splat(x, 0)
    c00 = f32x4.relaxed_madd(a, b0, c00)
    if (TWO) c01 = f32x4.relaxed_madd(a, b1, c01)
    if (FOUR) c02 = f32x4.relaxed_madd(a, b2, c02)
    if (FOUR) c03 = f32x4.relaxed_madd(a, b3, c03)
    if (MR > 1) a = v128.load32_splat(x, 4)
    if (MR > 1) c10 = f32x4.relaxed_madd(a, b0, c10)
    if (MR > 1 && TWO) c11 = f32x4.relaxed_madd(a, b1, c11)
    if (MR > 1 && FOUR) c12 = f32x4.relaxed_madd(a, b2, c12)
    if (MR > 1 && FOUR) c13 = f32x4.relaxed_madd(a, b3, c13)
    if (MR > 2) a = v128.load32_splat(x, 8)
    if (MR > 2) c20 = f32x4.relaxed_madd(a, b0, c20)
    if (MR > 2 && TWO) c21 = f32x4.relaxed_madd(a, b1, c21)
    if (MR > 2 && FOUR) c22 = f32x4.relaxed_madd(a, b2, c22)
    if (MR > 2 && FOUR) c23 = f32x4.relaxed_madd(a, b3, c23)
    if (MR > 3) a = v128.load32_splat(x, 12)
    if (MR > 3) c30 = f32x4.relaxed_madd(a, b0, c30)
    if (MR > 3 && TWO) c31 = f32x4.relaxed_madd(a, b1, c31)
    if (MR > 3 && FOUR) c32 = f32x4.relaxed_madd(a, b2, c32)
    if (MR > 3 && FOUR) c33 = f32x4.relaxed_madd(a, b3, c33)
    if (MR > 4) a = v128.load32_splat(x, 16)
    if (MR > 4) c40 = f32x4.relaxed_madd(a, b0, c40)
    if (MR > 4 && TWO) c41 = f32x4.relaxed_madd(a, b1, c41)
    if (MR > 4 && FOUR) c42 = f32x4.relaxed_madd(a, b2, c42)
    if (MR > 4 && FOUR) c43 = f32x4.relaxed_madd(a, b3, c43)
    if (MR > 5) a = v128.load32_splat(x, 20)
    if (MR > 5) c50 = f32x4.relaxed_madd(a, b0, c50)
    if (MR > 5 && TWO) c51 = f32x4.relaxed_madd(a, b1, c51)
    if (MR > 5 && FOUR) c52 = f32x4.relaxed_madd(a, b2, c52)
    if (MR > 5 && FOUR) c53 = f32x4.relaxed_madd(a, b3, c53)
    if (MR > 6) a = v128.load32_splat(x, 24)
    if (MR > 6) c60 = f32x4.relaxed_madd(a, b0, c60)
    if (MR > 6 && TWO) c61 = f32x4.relaxed_madd(a, b1, c61)
    if (MR > 7) a = v128.load32_splat(x, 28)
    if (MR > 7) c70 = f32x4.relaxed_madd(a, b0, c70)
    if (MR > 7 && TWO) c71 = f32x4.relaxed_madd(a, b1, c71)
    dz += ldz
    x += ldx
  }
  v128.store(g, c00, 0)
  if (TWO) v128.store(g, c01, 16)
  if (FOUR) v128.store(nextG, c02, 0)
  if (FOUR) v128.store(nextG, c03, 16)
  if (MR > 1) v128.store(g, c10, TWO ? 32 : 16)
  if (MR > 1 && TWO) v128.store(g, c11, 48)
  if (MR > 1 && FOUR) v128.store(nextG, c12, 32)
  if (MR > 1 && FOUR) v128.store(nextG, c13, 48)
  if (MR > 2) v128.store(g, c20, TWO ? 64 : 32)
  if (MR > 2 && TWO) v128.store(g, c21, 80)
  if (MR > 2 && FOUR) v128.store(nextG, c22, 64)
  if (MR > 2 && FOUR) v128.store(nextG, c23, 80)
  if (MR > 3) v128.store(g, c30, TWO ? 96 : 48)
  if (MR > 3 && TWO) v128.store(g, c31, 112)
  if (MR > 3 && FOUR) v128.store(nextG, c32, 96)
  if (MR > 3 && FOUR) v128.store(nextG, c33, 112)
  if (MR > 4) v128.store(g, c40, TWO ? 128 : 64)
  if (MR > 4 && TWO) v128.store(g, c41, 144)
  if (MR > 4 && FOUR) v128.store(nextG, c42, 128)
  if (MR > 4 && FOUR) v128.store(nextG, c43, 144)
  if (MR > 5) v128.store(g, c50, TWO ? 160 : 80)
  if (MR > 5 && TWO) v128.store(g, c51, 176)
  if (MR > 5 && FOUR) v128.store(nextG, c52, 160)
  if (MR > 5 && FOUR) v128.store(nextG, c53, 176)
  if (MR > 6) v128.store(g, c60, TWO ? 192 : 96)
  if (MR > 6 && TWO) v128.store(g, c61, 208)
  if (MR > 7) v128.store(g, c70, TWO ? 224 : 112)
  if (MR > 7 && TWO) v128.store(g, c71, 240)
}

/** Computes all rows of the gradients of V vectors of columns in tiles of at most `most` rows, for any number of inputs. */
// @ts-ignore: decorator
@inline
function columnTiles<V>(
  most: i32, inputs: i32, x: usize, ldx: usize, dz: usize, ldz: usize, rows: i32, g: usize, nextG: usize, accumulate: bool
): void {
  while (inputs > 0) {
    const count = nextTile(inputs, most)
    switch (count) {
      case 8:
        if (sizeof<V>() == 2) tile<V>(8, x, ldx, dz, ldz, rows, g, nextG, accumulate)
        break
      case 7:
        if (sizeof<V>() == 2) tile<V>(7, x, ldx, dz, ldz, rows, g, nextG, accumulate)
        break
      case 6:
        tile<V>(6, x, ldx, dz, ldz, rows, g, nextG, accumulate)
        break
      case 5:
        tile<V>(5, x, ldx, dz, ldz, rows, g, nextG, accumulate)
        break
      case 4:
        tile<V>(4, x, ldx, dz, ldz, rows, g, nextG, accumulate)
        break
      case 3:
        tile<V>(3, x, ldx, dz, ldz, rows, g, nextG, accumulate)
        break
      case 2:
        tile<V>(2, x, ldx, dz, ldz, rows, g, nextG, accumulate)
        break
      default:
        tile<V>(1, x, ldx, dz, ldz, rows, g, nextG, accumulate)
    }
    x += <usize>count * 4
    g += <usize>count * (sizeof<V>() > 1 ? 32 : 16)
    if (sizeof<V>() > 2) nextG += <usize>count * 32
    inputs -= count
  }
}

/** Computes the gradient panel of 4 units. */
export function columnPanel4(
  inputs: i32, x: usize, ldx: usize, dz: usize, ldz: usize, rows: i32, g: usize, accumulate: bool
): void {
  columnTiles<One>(6, inputs, x, ldx, dz, ldz, rows, g, 0, accumulate)
}

/** Computes a gradient panel of 8 units. */
export function columnPanel8(
  tileRows: i32, inputs: i32, x: usize, ldx: usize, dz: usize, ldz: usize, rows: i32, g: usize, accumulate: bool
): void {
  columnTiles<Two>(tileRows, inputs, x, ldx, dz, ldz, rows, g, 0, accumulate)
}

/** Computes two gradient panels of 8 units at once. */
export function columnPanels16(
  inputs: i32, x: usize, ldx: usize, dz: usize, ldz: usize, rows: i32, g: usize, nextG: usize, accumulate: bool
): void {
  columnTiles<Four>(6, inputs, x, ldx, dz, ldz, rows, g, nextG, accumulate)
}
