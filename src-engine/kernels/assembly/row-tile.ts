/**
 * Register tiles of the products whose inner dimension runs along rows: forward, and the gradient of a layer's inputs.
 * Up to 6 rows by 8 columns stay in registers over the whole inner dimension; that fills 15 of x86-64's 16 vector
 * registers and keeps both multiply-add units busy. The loop is not unrolled: unrolled, V8 loads ahead, runs out of
 * registers and falls from 57 to 47 GFLOP/s. MR is a literal at every call, so each row count is straight code.
 */
import { nextTile } from './tiling'

// @ts-ignore: decorator
@inline
function store(address: usize, value: v128, isRelu: bool, gate: usize, distance: usize): void {
  if (isRelu) value = f32x4.pmax(value, f32x4.splat(0))
  if (gate) value = v128.and(value, f32x4.gt(v128.load(address + distance), f32x4.splat(0)))
  v128.store(address, value)
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
  let b0 = v128.load(end)
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
  let a0 = a
  let a1 = a0 + lda
  let a2 = a1 + lda
  let a3 = a2 + lda
  let a4 = a3 + lda
  let a5 = a4 + lda
  let x: v128
  for (let p = panel; p < end; p += 32) {
    b0 = v128.load(p)
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
  }
  const distance = gate - c
  store(c, c00, isRelu, gate, distance)
  store(c + 16, c01, isRelu, gate, distance)
  if (MR > 1) {
    c += ldc
    store(c, c10, isRelu, gate, distance)
    store(c + 16, c11, isRelu, gate, distance)
  }
  if (MR > 2) {
    c += ldc
    store(c, c20, isRelu, gate, distance)
    store(c + 16, c21, isRelu, gate, distance)
  }
  if (MR > 3) {
    c += ldc
    store(c, c30, isRelu, gate, distance)
    store(c + 16, c31, isRelu, gate, distance)
  }
  if (MR > 4) {
    c += ldc
    store(c, c40, isRelu, gate, distance)
    store(c + 16, c41, isRelu, gate, distance)
  }
  if (MR > 5) {
    c += ldc
    store(c, c50, isRelu, gate, distance)
    store(c + 16, c51, isRelu, gate, distance)
  }
}

/** Computes all rows of one panel of 8 columns; shapes as tile8, for any number of rows. */
export function rowPanel8(
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
    const count = nextTile(rows)
    switch (count) {
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
    const count = nextTile(rows)
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
