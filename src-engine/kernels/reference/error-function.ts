/** The error function in float64, which JavaScript does not have: GELU is written with it. */

/**
 * Computes erf(x) = 2 / sqrt(pi) * integral of exp(-t^2) from 0 to x, to about 15 digits.
 * Source: Abramowitz & Stegun 1964: series 7.1.6 near zero, and for large x the continued fraction 7.1.14 of erfc.
 */
export function erf(x: number): number {
  const size = Math.abs(x)
  const value = size < 2.5 ? series(size) : 1 - complement(size)
  return x < 0 ? -value : value
}

/** erf(x) = 2 / sqrt(pi) exp(-x^2) sum over n of 2^n x^(2n+1) / (1 * 3 * ... * (2n+1)): all terms are positive. */
function series(x: number): number {
  let term = x
  let total = x
  for (let n = 1; term > total * Number.EPSILON; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    total += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total
}

/** erfc(x) = exp(-x^2) / sqrt(pi) * 1 / (x + (1/2) / (x + 1 / (x + (3/2) / (x + ...)))), from the inside out. */
function complement(x: number): number {
  let fraction = x
  for (let k = 100; k >= 1; k--) fraction = x + k / 2 / fraction
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction
}
