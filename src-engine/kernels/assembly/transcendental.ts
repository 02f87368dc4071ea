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

/** Computes log(1 + e^x), exact at both ends. */
// @ts-ignore: decorator
@inline
export function softplus4(x: v128): v128 {
  return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), log1p4(exp4(f32x4.neg(f32x4.abs(x)))))
}

/**
 * Computes the normal distribution function Phi(x) = erfc(-x / sqrt 2) / 2.
 * Source: Cephes ndtrf.c: a series for erf below 1, two rational tails of erfc above.
 */
// @ts-ignore: decorator
@inline
export function phi4(x: v128): v128 {
  const one = f32x4.splat(1)
  const y = f32x4.mul(x, f32x4.splat(0.70710678))
  const a = f32x4.abs(y)
  const s = f32x4.mul(y, y)
  let series = f32x4.splat(7.853861353153693e-5)
  series = f32x4.relaxed_madd(series, s, f32x4.splat(-8.010193625184903e-4))
  series = f32x4.relaxed_madd(series, s, f32x4.splat(5.188327685732524e-3))
  series = f32x4.relaxed_madd(series, s, f32x4.splat(-2.685381193529856e-2))
  series = f32x4.relaxed_madd(series, s, f32x4.splat(1.128358514861418e-1))
  series = f32x4.relaxed_madd(series, s, f32x4.splat(-3.761262582423300e-1))
  series = f32x4.relaxed_madd(series, s, f32x4.splat(1.128379165726710))
  const inner = f32x4.relaxed_madd(f32x4.mul(series, y), f32x4.splat(0.5), f32x4.splat(0.5))

  const q = f32x4.div(one, f32x4.pmax(a, one))
  const t = f32x4.mul(q, q)
  let near = f32x4.splat(2.326819970068386e-2)
  near = f32x4.relaxed_madd(near, t, f32x4.splat(-1.387039388740657e-1))
  near = f32x4.relaxed_madd(near, t, f32x4.splat(3.687424674597105e-1))
  near = f32x4.relaxed_madd(near, t, f32x4.splat(-5.824733027278666e-1))
  near = f32x4.relaxed_madd(near, t, f32x4.splat(6.210004621745983e-1))
  near = f32x4.relaxed_madd(near, t, f32x4.splat(-4.944515323274145e-1))
  near = f32x4.relaxed_madd(near, t, f32x4.splat(3.404879937665872e-1))
  near = f32x4.relaxed_madd(near, t, f32x4.splat(-2.741127028184656e-1))
  near = f32x4.relaxed_madd(near, t, f32x4.splat(5.638259427386472e-1))
  let far = f32x4.splat(-1.047766399936249e1)
  far = f32x4.relaxed_madd(far, t, f32x4.splat(1.297719955372516e1))
  far = f32x4.relaxed_madd(far, t, f32x4.splat(-7.495518717768503))
  far = f32x4.relaxed_madd(far, t, f32x4.splat(2.921019019210786))
  far = f32x4.relaxed_madd(far, t, f32x4.splat(-1.015265279202700))
  far = f32x4.relaxed_madd(far, t, f32x4.splat(4.218463358204948e-1))
  far = f32x4.relaxed_madd(far, t, f32x4.splat(-2.820767439740514e-1))
  far = f32x4.relaxed_madd(far, t, f32x4.splat(5.641895067754075e-1))
  const tail = v128.bitselect(near, far, f32x4.lt(a, f32x4.splat(2)))
  const half = f32x4.mul(f32x4.mul(f32x4.mul(exp4(f32x4.neg(s)), q), tail), f32x4.splat(0.5))
  const outer = v128.bitselect(half, f32x4.sub(one, half), f32x4.lt(y, f32x4.splat(0)))
  return v128.bitselect(inner, outer, f32x4.lt(a, one))
}

/**
 * Computes cos(2 pi u) for u from 0 to 1.
 * Source: sin(pi/2 t) with t = 1 - 4 |u - 1/2| taken from -1 to 1, Taylor to t^11; off by 6e-8 at most.
 */
// @ts-ignore: decorator
@inline
export function cosineOfTurn4(u: v128): v128 {
  const t = f32x4.sub(f32x4.mul(f32x4.abs(f32x4.sub(u, f32x4.splat(0.5))), f32x4.splat(4)), f32x4.splat(1))
  const s = f32x4.mul(t, t)
  let p = f32x4.splat(-3.5988432e-6)
  p = f32x4.relaxed_madd(p, s, f32x4.splat(1.6044118e-4))
  p = f32x4.relaxed_madd(p, s, f32x4.splat(-4.6817541e-3))
  p = f32x4.relaxed_madd(p, s, f32x4.splat(7.9692626e-2))
  p = f32x4.relaxed_madd(p, s, f32x4.splat(-6.4596410e-1))
  p = f32x4.relaxed_madd(p, s, f32x4.splat(1.5707963))
  return f32x4.mul(p, t)
}
