/**
 * exp, log, sigmoid and tanh of four floats at once, within a few units in the last place.
 * Polynomials after S. L. Moshier's Cephes library (expf.c, logf.c), tanh as a rational function after Eigen.
 */

/**
 * Computes e^x.
 * Units: 0 below -87.3 and about 2.4e38 above 88.4; NaN stays NaN.
 */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const lowest = f32x4.splat(-87.336547)
  const isTiny = f32x4.lt(x, lowest)
  x = f32x4.pmin(f32x4.pmax(x, lowest), f32x4.splat(88.376262))
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)))
  // x - n ln 2 in two parts, the first of which is exact
  let r = f32x4.relaxed_madd(n, f32x4.splat(-0.693359375), x)
  r = f32x4.relaxed_madd(n, f32x4.splat(2.12194440e-4), r)
  let p = f32x4.splat(1.9875691500e-4)
  p = f32x4.relaxed_madd(p, r, f32x4.splat(1.3981999507e-3))
  p = f32x4.relaxed_madd(p, r, f32x4.splat(8.3334519073e-3))
  p = f32x4.relaxed_madd(p, r, f32x4.splat(4.1665795894e-2))
  p = f32x4.relaxed_madd(p, r, f32x4.splat(1.6666665459e-1))
  p = f32x4.relaxed_madd(p, r, f32x4.splat(5.0000001201e-1))
  p = f32x4.relaxed_madd(f32x4.mul(p, r), r, f32x4.add(r, f32x4.splat(1)))
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23)
  return v128.andnot(f32x4.mul(p, power), isTiny)
}

/**
 * Computes the natural logarithm of positive, normal numbers.
 * Errors: none; 0, negative and subnormal numbers give a wrong number, infinity about 88.7, NaN is the caller's to keep out.
 */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  // x = m 2^e with m from sqrt(1/2) to sqrt(2)
  const shifted = i32x4.sub(x, i32x4.splat(0x3f3504f3))
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23))
  const mantissa = i32x4.add(v128.and(shifted, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3))
  const r = f32x4.sub(mantissa, f32x4.splat(1))
  let p = f32x4.splat(7.0376836292e-2)
  p = f32x4.relaxed_madd(p, r, f32x4.splat(-1.1514610310e-1))
  p = f32x4.relaxed_madd(p, r, f32x4.splat(1.1676998740e-1))
  p = f32x4.relaxed_madd(p, r, f32x4.splat(-1.2420140846e-1))
  p = f32x4.relaxed_madd(p, r, f32x4.splat(1.4249322787e-1))
  p = f32x4.relaxed_madd(p, r, f32x4.splat(-1.6668057665e-1))
  p = f32x4.relaxed_madd(p, r, f32x4.splat(2.0000714765e-1))
  p = f32x4.relaxed_madd(p, r, f32x4.splat(-2.4999993993e-1))
  p = f32x4.relaxed_madd(p, r, f32x4.splat(3.3333331174e-1))
  const square = f32x4.mul(r, r)
  let y = f32x4.mul(f32x4.mul(p, r), square)
  y = f32x4.relaxed_madd(e, f32x4.splat(-2.12194440e-4), y)
  y = f32x4.relaxed_madd(square, f32x4.splat(-0.5), y)
  return f32x4.relaxed_madd(e, f32x4.splat(0.693359375), f32x4.add(r, y))
}

/**
 * Computes log(1 + x) for x from 0 to 1, exact also where 1 + x rounds to 1.
 * Source: Goldberg 1991, theorem 4: the rounding error of 1 + x cancels in log(1 + x) / ((1 + x) - 1).
 */
// @ts-ignore: decorator
@inline
export function log1p4(x: v128): v128 {
  const one = f32x4.splat(1)
  const u = f32x4.add(one, x)
  const rounded = f32x4.sub(u, one)
  const isLost = f32x4.eq(rounded, f32x4.splat(0))
  return v128.bitselect(x, f32x4.div(f32x4.mul(log4(u), x), rounded), isLost)
}

/** Computes 1 / (1 + e^-x). */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1)
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))))
}

/** Computes tanh(x); beyond 7.9 it is the float nearest to 1. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  x = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-7.90531111)), f32x4.splat(7.90531111))
  const s = f32x4.mul(x, x)
  let p = f32x4.splat(-2.76076847742355e-16)
  p = f32x4.relaxed_madd(p, s, f32x4.splat(2.00018790482477e-13))
  p = f32x4.relaxed_madd(p, s, f32x4.splat(-8.60467152213735e-11))
  p = f32x4.relaxed_madd(p, s, f32x4.splat(5.12229709037114e-8))
  p = f32x4.relaxed_madd(p, s, f32x4.splat(1.48572235717979e-5))
  p = f32x4.relaxed_madd(p, s, f32x4.splat(6.37261928875436e-4))
  p = f32x4.relaxed_madd(p, s, f32x4.splat(4.89352455891786e-3))
  let q = f32x4.splat(1.19825839466702e-6)
  q = f32x4.relaxed_madd(q, s, f32x4.splat(1.18534705686654e-4))
  q = f32x4.relaxed_madd(q, s, f32x4.splat(2.26843463243900e-3))
  q = f32x4.relaxed_madd(q, s, f32x4.splat(4.89352518554385e-3))
  return f32x4.div(f32x4.mul(p, x), q)
}
