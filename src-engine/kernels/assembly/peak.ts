/** What the processor can do at most: multiply-adds of four floats at once, without memory. For the benchmark alone. */

/**
 * Does 12 independent chains of `rounds` multiply-adds: as many as keep every unit busy, few enough for the registers.
 * Units: 12 * 4 * 2 floating-point operations a round; returns a sum, so that nothing is left out.
 * The factors come from outside: V8 would build constants anew at every use, which takes four times as long.
 */
export function spinMultiplyAdds(rounds: i32, first: f32, second: f32): f32 {
  const x = f32x4.splat(first)
  const y = f32x4.splat(second)
  let a = x
  let b = x
  let c = x
  let d = x
  let e = x
  let f = x
  let g = x
  let h = x
  let i = x
  let j = x
  let k = x
  let l = x
  for (; rounds > 0; rounds--) {
    a = f32x4.relaxed_madd(x, y, a)
    b = f32x4.relaxed_madd(x, y, b)
    c = f32x4.relaxed_madd(x, y, c)
    d = f32x4.relaxed_madd(x, y, d)
    e = f32x4.relaxed_madd(x, y, e)
    f = f32x4.relaxed_madd(x, y, f)
    g = f32x4.relaxed_madd(x, y, g)
    h = f32x4.relaxed_madd(x, y, h)
    i = f32x4.relaxed_madd(x, y, i)
    j = f32x4.relaxed_madd(x, y, j)
    k = f32x4.relaxed_madd(x, y, k)
    l = f32x4.relaxed_madd(x, y, l)
  }
  const left = f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(e, f))
  const right = f32x4.add(f32x4.add(f32x4.add(g, h), f32x4.add(i, j)), f32x4.add(k, l))
  return f32x4.extract_lane(f32x4.add(left, right), 0)
}
