/**
 * Register tiles of the products whose inner dimension runs along rows: forward, and the gradient of a layer's inputs.
 * Up to 6 or 8 rows by 8 columns stay in registers over the whole inner dimension (tiling.ts says which when); six rows
 * of two vectors fill 15 of x86-64's 16 vector registers and keep both multiply-add units busy. The loop is not unrolled:
 * unrolled, V8 loads ahead, runs out of registers and falls from 57 to 47 GFLOP/s. MR is a literal at every call, so each
 * row count is straight code. The two vectors of a row are always treated alike, side by side and without a branch
 * between them: so V8 can join them into one of twice the width.
 */
import { nextTile } from './tiling'

/** Stores a row of a tile, cut off below at `floor`. */
// @ts-ignore: decorator
@inline
export function storeRow(c: usize, left: v128, right: v128, floor: v128): void {
  v128.store(c, f32x4.pmax(left, floor), 0)
  v128.store(c, f32x4.pmax(right, floor), 16)
}

/**
 * Stores a row of a tile, 0 where the gate is not above 0. All of the gate is loaded first: a store between two loads would
 * keep V8 from joining them, and with them the whole tile.
 */
// @ts-ignore: decorator
@inline
export function storeGated(c: usize, left: v128, right: v128, gate: usize): void {
  const zero = f32x4.splat(0)
  const g0 = v128.load(gate, 0)
  const g1 = v128.load(gate, 16)
  v128.store(c, v128.and(left, f32x4.gt(g0, zero)), 0)
  v128.store(c, v128.and(right, f32x4.gt(g1, zero)), 16)
}

/**
 * Computes MR rows of one panel of 8 columns: c = last row of the panel + a . panel.
 * Shapes: a (MR,k), rows lda bytes apart; panel (k+1,8); c (MR,8), rows ldc bytes apart, overwritten.
 * Units: cut off below at 0 where isRelu; set to 0 where `gate`, laid out as c, is not above 0 (0: no gate).
 */
// @ts-ignore: decorator
@inline
function tile8(
  MR: i32,
  a: usize,
  lda: usize,
  panel: usize,
  k: i32,
  c: usize,
  ldc: usize,
  isRelu: bool,
  gate: usize
): void {
  const end = panel + <usize>k * 32
  let b0 = v128.load(end, 0)
  let b1 = v128.load(end, 16)
  let c00 = b0
  let c01 = b1
  let c10 = b0
  let c11 = b1
  let c20 = b0
  let c21 = b1
  let c30 = b0
  let c31 = b1
  let c40 = b0
  let c41 = b1
  let c50 = b0
  let c51 = b1
  let c60 = b0
  let c61 = b1
  let c70 = b0
  let c71 = b1
  let a0 = a
  let a1 = a0 + lda
  let a2 = a1 + lda
  let a3 = a2 + lda
  let a4 = a3 + lda
  let a5 = a4 + lda
  let a6 = a5 + lda
  let a7 = a6 + lda
  let x: v128
  for (let p = panel; p < end; p += 32) {
    b0 = v128.load(p, 0)
    b1 = v128.load(p, 16)
    x = v128.load32_splat(a0)
    c00 = f32x4.relaxed_madd(x, b0, c00)
    c01 = f32x4.relaxed_madd(x, b1, c01)
    a0 += 4
    if (MR > 1) {
      x = v128.load32_splat(a1)
      c10 = f32x4.relaxed_madd(x, b0, c10)
      c11 = f32x4.relaxed_madd(x, b1, c11)
      a1 += 4
    }
    if (MR > 2) {
      x = v128.load32_splat(a2)
      c20 = f32x4.relaxed_madd(x, b0, c20)
      c21 = f32x4.relaxed_madd(x, b1, c21)
      a2 += 4
    }
    if (MR > 3) {
      x = v128.load32_splat(a3)
      c30 = f32x4.relaxed_madd(x, b0, c30)
      c31 = f32x4.relaxed_madd(x, b1, c31)
      a3 += 4
    }
    if (MR > 4) {
      x = v128.load32_splat(a4)
      c40 = f32x4.relaxed_madd(x, b0, c40)
      c41 = f32x4.relaxed_madd(x, b1, c41)
      a4 += 4
    }
    if (MR > 5) {
      x = v128.load32_splat(a5)
      c50 = f32x4.relaxed_madd(x, b0, c50)
      c51 = f32x4.relaxed_madd(x, b1, c51)
      a5 += 4
    }
    if (MR > 6) {
      x = v128.load32_splat(a6)
      c60 = f32x4.relaxed_madd(x, b0, c60)
      c61 = f32x4.relaxed_madd(x, b1, c61)
      a6 += 4
    }
    if (MR > 7) {
      x = v128.load32_splat(a7)
      c70 = f32x4.relaxed_madd(x, b0, c70)
      c71 = f32x4.relaxed_madd(x, b1, c71)
      a7 += 4
    }
  }
  if (gate) {
    storeGated(c, c00, c01, gate)
    if (MR > 1) storeGated((c += ldc), c10, c11, (gate += ldc))
    if (MR > 2) storeGated((c += ldc), c20, c21, (gate += ldc))
    if (MR > 3) storeGated((c += ldc), c30, c31, (gate += ldc))
    if (MR > 4) storeGated((c += ldc), c40, c41, (gate += ldc))
    if (MR > 5) storeGated((c += ldc), c50, c51, (gate += ldc))
    if (MR > 6) storeGated((c += ldc), c60, c61, (gate += ldc))
    if (MR > 7) storeGated((c += ldc), c70, c71, (gate += ldc))
    return
  }
  const floor = f32x4.splat(isRelu ? <f32>0 : -Infinity)
  storeRow(c, c00, c01, floor)
  if (MR > 1) storeRow((c += ldc), c10, c11, floor)
  if (MR > 2) storeRow((c += ldc), c20, c21, floor)
  if (MR > 3) storeRow((c += ldc), c30, c31, floor)
  if (MR > 4) storeRow((c += ldc), c40, c41, floor)
  if (MR > 5) storeRow((c += ldc), c50, c51, floor)
  if (MR > 6) storeRow((c += ldc), c60, c61, floor)
  if (MR > 7) storeRow((c += ldc), c70, c71, floor)
}

/** Computes all rows of one panel of 8 columns; shapes as tile8, for any number of rows. */
export function rowPanel8(
  tileRows: i32,
  rows: i32,
  a: usize,
  lda: usize,
  panel: usize,
  k: i32,
  c: usize,
  ldc: usize,
  isRelu: bool,
  gate: usize
): void {
  while (rows > 0) {
    const count = nextTile(rows, tileRows)
    switch (count) {
      case 8:
        tile8(8, a, lda, panel, k, c, ldc, isRelu, gate)
        break
      case 7:
        tile8(7, a, lda, panel, k, c, ldc, isRelu, gate)
        break
      case 6:
        tile8(6, a, lda, panel, k, c, ldc, isRelu, gate)
        break
      case 5:
        tile8(5, a, lda, panel, k, c, ldc, isRelu, gate)
        break
      case 4:
        tile8(4, a, lda, panel, k, c, ldc, isRelu, gate)
        break
      case 3:
        tile8(3, a, lda, panel, k, c, ldc, isRelu, gate)
        break
      case 2:
        tile8(2, a, lda, panel, k, c, ldc, isRelu, gate)
        break
      default:
        tile8(1, a, lda, panel, k, c, ldc, isRelu, gate)
        break
    }
    a += <usize>count * lda
    c += <usize>count * ldc
    if (gate) gate += <usize>count * ldc
    rows -= count
  }
}

// @ts-ignore: decorator
@inline
function store(address: usize, value: v128, isRelu: bool, gate: usize, distance: usize): void {
  if (isRelu) value = f32x4.pmax(value, f32x4.splat(0))
  if (gate) value = v128.and(value, f32x4.gt(v128.load(address + distance), f32x4.splat(0)))
  v128.store(address, value)
}

/**
 * Computes MR rows of one panel of 4 columns: c = last row of the panel + a . panel.
 * Shapes: a (MR,k), rows lda bytes apart; panel (k+1,4); c (MR,4), rows ldc bytes apart, overwritten.
 * Units: cut off below at 0 where isRelu; set to 0 where `gate`, laid out as c, is not above 0 (0: no gate).
 */
// @ts-ignore: decorator
@inline
function tile4(
  MR: i32,
  a: usize,
  lda: usize,
  panel: usize,
  k: i32,
  c: usize,
  ldc: usize,
  isRelu: bool,
  gate: usize
): void {
  const end = panel + <usize>k * 16
  let b0 = v128.load(end)
  let c00 = b0
  let c10 = b0
  let c20 = b0
  let c30 = b0
  let c40 = b0
  let c50 = b0
  let a0 = a
  let a1 = a0 + lda
  let a2 = a1 + lda
  let a3 = a2 + lda
  let a4 = a3 + lda
  let a5 = a4 + lda
  let x: v128
  for (let p = panel; p < end; p += 16) {
    b0 = v128.load(p)
    x = v128.load32_splat(a0)
    c00 = f32x4.relaxed_madd(x, b0, c00)
    a0 += 4
    if (MR > 1) {
      x = v128.load32_splat(a1)
      c10 = f32x4.relaxed_madd(x, b0, c10)
      a1 += 4
    }
    if (MR > 2) {
      x = v128.load32_splat(a2)
      c20 = f32x4.relaxed_madd(x, b0, c20)
      a2 += 4
    }
    if (MR > 3) {
      x = v128.load32_splat(a3)
      c30 = f32x4.relaxed_madd(x, b0, c30)
      a3 += 4
    }
    if (MR > 4) {
      x = v128.load32_splat(a4)
      c40 = f32x4.relaxed_madd(x, b0, c40)
      a4 += 4
    }
    if (MR > 5) {
      x = v128.load32_splat(a5)
      c50 = f32x4.relaxed_madd(x, b0, c50)
      a5 += 4
    }
  }
  const distance = gate - c
  store(c, c00, isRelu, gate, distance)
  if (MR > 1) {
    c += ldc
    store(c, c10, isRelu, gate, distance)
  }
  if (MR > 2) {
    c += ldc
    store(c, c20, isRelu, gate, distance)
  }
  if (MR > 3) {
    c += ldc
    store(c, c30, isRelu, gate, distance)
  }
  if (MR > 4) {
    c += ldc
    store(c, c40, isRelu, gate, distance)
  }
  if (MR > 5) {
    c += ldc
    store(c, c50, isRelu, gate, distance)
  }
}

/** Computes all rows of one panel of 4 columns; shapes as tile4, for any number of rows. */
export function rowPanel4(
  rows: i32,
  a: usize,
  lda: usize,
  panel: usize,
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
        tile4(6, a, lda, panel, k, c, ldc, isRelu, gate)
        break
      case 5:
        tile4(5, a, lda, panel, k, c, ldc, isRelu, gate)
        break
      case 4:
        tile4(4, a, lda, panel, k, c, ldc, isRelu, gate)
        break
      case 3:
        tile4(3, a, lda, panel, k, c, ldc, isRelu, gate)
        break
      case 2:
        tile4(2, a, lda, panel, k, c, ldc, isRelu, gate)
        break
      default:
        tile4(1, a, lda, panel, k, c, ldc, isRelu, gate)
        break
    }
    a += <usize>count * lda
    c += <usize>count * ldc
    if (gate) gate += <usize>count * ldc
    rows -= count
  }
}
