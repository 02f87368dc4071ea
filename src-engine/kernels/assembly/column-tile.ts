/**
 * Register tiles of the products whose inner dimension is the batch: the gradient of a layer's weights.
 * Same form as row-tile.ts; each sum runs over the rows in order, so a batch done in pieces gives the same bits.
 */
import { nextTile } from './tiling'

/**
 * Computes MR rows of one gradient panel of 8 columns: g (+)= x^T . dz.
 * Shapes: x (B,MR), rows ldx bytes apart; dz (B,8), rows ldz bytes apart; g (MR,8) without gaps,
 * added to where `accumulate`, else overwritten.
 */
// @ts-ignore: decorator
@inline
function tile8(
  MR: i32,
  x: usize,
  ldx: usize,
  dz: usize,
  ldz: usize,
  rows: i32,
  g: usize,
  accumulate: bool
): void {
  const end = dz + <usize>rows * ldz
  // All ones or all zeros without a branch: V8 joins only loads that stand in one block.
  const kept = i32x4.splat(-<i32>accumulate)
  let c00 = v128.and(v128.load(g, 0), kept)
  let c01 = v128.and(v128.load(g, 16), kept)
  let c10 = MR > 1 ? v128.and(v128.load(g, 32), kept) : kept
  let c11 = MR > 1 ? v128.and(v128.load(g, 48), kept) : kept
  let c20 = MR > 2 ? v128.and(v128.load(g, 64), kept) : kept
  let c21 = MR > 2 ? v128.and(v128.load(g, 80), kept) : kept
  let c30 = MR > 3 ? v128.and(v128.load(g, 96), kept) : kept
  let c31 = MR > 3 ? v128.and(v128.load(g, 112), kept) : kept
  let c40 = MR > 4 ? v128.and(v128.load(g, 128), kept) : kept
  let c41 = MR > 4 ? v128.and(v128.load(g, 144), kept) : kept
  let c50 = MR > 5 ? v128.and(v128.load(g, 160), kept) : kept
  let c51 = MR > 5 ? v128.and(v128.load(g, 176), kept) : kept
  let c60 = MR > 6 ? v128.and(v128.load(g, 192), kept) : kept
  let c61 = MR > 6 ? v128.and(v128.load(g, 208), kept) : kept
  let c70 = MR > 7 ? v128.and(v128.load(g, 224), kept) : kept
  let c71 = MR > 7 ? v128.and(v128.load(g, 240), kept) : kept
  let b0: v128
  let b1: v128
  let a: v128
  while (dz < end) {
    b0 = v128.load(dz, 0)
    b1 = v128.load(dz, 16)
    a = v128.load32_splat(x, 0)
    c00 = f32x4.relaxed_madd(a, b0, c00)
    c01 = f32x4.relaxed_madd(a, b1, c01)
    if (MR > 1) {
      a = v128.load32_splat(x, 4)
      c10 = f32x4.relaxed_madd(a, b0, c10)
      c11 = f32x4.relaxed_madd(a, b1, c11)
    }
    if (MR > 2) {
      a = v128.load32_splat(x, 8)
      c20 = f32x4.relaxed_madd(a, b0, c20)
      c21 = f32x4.relaxed_madd(a, b1, c21)
    }
    if (MR > 3) {
      a = v128.load32_splat(x, 12)
      c30 = f32x4.relaxed_madd(a, b0, c30)
      c31 = f32x4.relaxed_madd(a, b1, c31)
    }
    if (MR > 4) {
      a = v128.load32_splat(x, 16)
      c40 = f32x4.relaxed_madd(a, b0, c40)
      c41 = f32x4.relaxed_madd(a, b1, c41)
    }
    if (MR > 5) {
      a = v128.load32_splat(x, 20)
      c50 = f32x4.relaxed_madd(a, b0, c50)
      c51 = f32x4.relaxed_madd(a, b1, c51)
    }
    if (MR > 6) {
      a = v128.load32_splat(x, 24)
      c60 = f32x4.relaxed_madd(a, b0, c60)
      c61 = f32x4.relaxed_madd(a, b1, c61)
    }
    if (MR > 7) {
      a = v128.load32_splat(x, 28)
      c70 = f32x4.relaxed_madd(a, b0, c70)
      c71 = f32x4.relaxed_madd(a, b1, c71)
    }
    dz += ldz
    x += ldx
  }
  v128.store(g, c00, 0)
  v128.store(g, c01, 16)
  if (MR > 1) {
    v128.store(g, c10, 32)
    v128.store(g, c11, 48)
  }
  if (MR > 2) {
    v128.store(g, c20, 64)
    v128.store(g, c21, 80)
  }
  if (MR > 3) {
    v128.store(g, c30, 96)
    v128.store(g, c31, 112)
  }
  if (MR > 4) {
    v128.store(g, c40, 128)
    v128.store(g, c41, 144)
  }
  if (MR > 5) {
    v128.store(g, c50, 160)
    v128.store(g, c51, 176)
  }
  if (MR > 6) {
    v128.store(g, c60, 192)
    v128.store(g, c61, 208)
  }
  if (MR > 7) {
    v128.store(g, c70, 224)
    v128.store(g, c71, 240)
  }
}

/** Computes all rows of one gradient panel of 8 columns; shapes as tile8, for any number of inputs. */
export function columnPanel8(
  tileRows: i32,
  inputs: i32,
  x: usize,
  ldx: usize,
  dz: usize,
  ldz: usize,
  rows: i32,
  g: usize,
  accumulate: bool
): void {
  while (inputs > 0) {
    const count = nextTile(inputs, tileRows)
    switch (count) {
      case 8:
        tile8(8, x, ldx, dz, ldz, rows, g, accumulate)
        break
      case 7:
        tile8(7, x, ldx, dz, ldz, rows, g, accumulate)
        break
      case 6:
        tile8(6, x, ldx, dz, ldz, rows, g, accumulate)
        break
      case 5:
        tile8(5, x, ldx, dz, ldz, rows, g, accumulate)
        break
      case 4:
        tile8(4, x, ldx, dz, ldz, rows, g, accumulate)
        break
      case 3:
        tile8(3, x, ldx, dz, ldz, rows, g, accumulate)
        break
      case 2:
        tile8(2, x, ldx, dz, ldz, rows, g, accumulate)
        break
      default:
        tile8(1, x, ldx, dz, ldz, rows, g, accumulate)
        break
    }
    x += <usize>count * 4
    g += <usize>count * 32
    inputs -= count
  }
}

/**
 * Computes MR rows of one gradient panel of 4 columns: g (+)= x^T . dz.
 * Shapes: x (B,MR), rows ldx bytes apart; dz (B,4), rows ldz bytes apart; g (MR,4) without gaps,
 * added to where `accumulate`, else overwritten.
 */
// @ts-ignore: decorator
@inline
function tile4(
  MR: i32,
  x: usize,
  ldx: usize,
  dz: usize,
  ldz: usize,
  rows: i32,
  g: usize,
  accumulate: bool
): void {
  const end = dz + <usize>rows * ldz
  const kept = i32x4.splat(-<i32>accumulate)
  let c00 = v128.and(v128.load(g, 0), kept)
  let c10 = MR > 1 ? v128.and(v128.load(g, 16), kept) : kept
  let c20 = MR > 2 ? v128.and(v128.load(g, 32), kept) : kept
  let c30 = MR > 3 ? v128.and(v128.load(g, 48), kept) : kept
  let c40 = MR > 4 ? v128.and(v128.load(g, 64), kept) : kept
  let c50 = MR > 5 ? v128.and(v128.load(g, 80), kept) : kept
  let b0: v128
  let a: v128
  while (dz < end) {
    b0 = v128.load(dz, 0)
    a = v128.load32_splat(x, 0)
    c00 = f32x4.relaxed_madd(a, b0, c00)
    if (MR > 1) {
      a = v128.load32_splat(x, 4)
      c10 = f32x4.relaxed_madd(a, b0, c10)
    }
    if (MR > 2) {
      a = v128.load32_splat(x, 8)
      c20 = f32x4.relaxed_madd(a, b0, c20)
    }
    if (MR > 3) {
      a = v128.load32_splat(x, 12)
      c30 = f32x4.relaxed_madd(a, b0, c30)
    }
    if (MR > 4) {
      a = v128.load32_splat(x, 16)
      c40 = f32x4.relaxed_madd(a, b0, c40)
    }
    if (MR > 5) {
      a = v128.load32_splat(x, 20)
      c50 = f32x4.relaxed_madd(a, b0, c50)
    }
    dz += ldz
    x += ldx
  }
  v128.store(g, c00, 0)
  if (MR > 1) {
    v128.store(g, c10, 16)
  }
  if (MR > 2) {
    v128.store(g, c20, 32)
  }
  if (MR > 3) {
    v128.store(g, c30, 48)
  }
  if (MR > 4) {
    v128.store(g, c40, 64)
  }
  if (MR > 5) {
    v128.store(g, c50, 80)
  }
}

/** Computes all rows of one gradient panel of 4 columns; shapes as tile4, for any number of inputs. */
export function columnPanel4(
  inputs: i32,
  x: usize,
  ldx: usize,
  dz: usize,
  ldz: usize,
  rows: i32,
  g: usize,
  accumulate: bool
): void {
  while (inputs > 0) {
    const count = nextTile(inputs, 6)
    switch (count) {
      case 6:
        tile4(6, x, ldx, dz, ldz, rows, g, accumulate)
        break
      case 5:
        tile4(5, x, ldx, dz, ldz, rows, g, accumulate)
        break
      case 4:
        tile4(4, x, ldx, dz, ldz, rows, g, accumulate)
        break
      case 3:
        tile4(3, x, ldx, dz, ldz, rows, g, accumulate)
        break
      case 2:
        tile4(2, x, ldx, dz, ldz, rows, g, accumulate)
        break
      default:
        tile4(1, x, ldx, dz, ldz, rows, g, accumulate)
        break
    }
    x += <usize>count * 4
    g += <usize>count * 16
    inputs -= count
  }
}
