/** Student's t distribution with any number of degrees of freedom above 0, whole or not. Pure. */

/**
 * The distribution function: P(T <= t).
 * Source: Abramowitz & Stegun 1964, 26.7.1: 1 - I(x; degrees/2, 1/2) / 2 for t above 0, with x = degrees / (degrees + t^2).
 */
export function studentBelow(t: number, degrees: number): number {
  if (Number.isNaN(t)) return NaN
  const tail = incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2
  return t > 0 ? 1 - tail : tail
}

/**
 * Two-sided critical value: P(|T| <= t) = level, exact to 1e-9 of its value.
 * Method: Newton's steps on the distribution function, with bisection where they would leave the bracket.
 */
export function studentCritical(degrees: number, level: number): number {
  const tail = (1 - level) / 2
  const excess = (t: number) => studentBelow(-t, degrees) - tail
  let low = 0
  let high = 2
  while (excess(high) > 0 && high < 1e12) {
    low = high
    high *= 2
  }
  let t = high
  for (let step = 0; step < 80; step++) {
    const off = excess(t)
    if (off > 0) low = t
    else high = t
    const newton = t + off / studentDensity(t, degrees)
    const next = newton > low && newton < high ? newton : (low + high) / 2
    if (Math.abs(next - t) <= 1e-10 * t) return next
    t = next
  }
  return t
}

/** The density. Source: Abramowitz & Stegun 1964, 26.7.1, differentiated. */
function studentDensity(t: number, degrees: number): number {
  const half = (degrees + 1) / 2
  const scale = logGamma(half) - logGamma(degrees / 2) - 0.5 * Math.log(degrees * Math.PI)
  return Math.exp(scale - half * Math.log1p((t * t) / degrees))
}

/**
 * The regularised incomplete beta function I(x; a, b).
 * Source: Abramowitz & Stegun 1964, 26.5.8, its continued fraction by the modified method of Lentz (Thompson & Barnett
 * 1986); by 26.5.2 turned round where it would converge slowly.
 */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a
  const tiny = 1e-300
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value)
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let c = 1
  let fraction = d
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-14) break
  }
  return front * fraction
}

/** log of the gamma function for arguments above 0. Source: Lanczos 1964, with the nine coefficients of Godfrey (2001) for g = 7. */
function logGamma(z: number): number {
  const [first = 0, ...rest] = lanczos
  const t = z + 6.5
  const series = rest.reduce((sum, coefficient, at) => sum + coefficient / (z + at), first)
  return 0.5 * Math.log(2 * Math.PI) + (z - 0.5) * Math.log(t) - t + Math.log(series)
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7
]
