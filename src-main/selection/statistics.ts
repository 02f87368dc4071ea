/** The few statistics that comparing topologies over repeated seeds needs. Pure functions of arrays of finite numbers. */
export { deviation, mean, quantile, quartiles, standardError } from '#trials/statistics.ts'

/**
 * Two-sided critical value of Student's t: P(|T| <= t) = level.
 * Found by bisection on the distribution function, exact to 1e-10; degrees of freedom are whole.
 */
export function studentCritical(degrees: number, level: number): number {
  let low = 0
  let high = 1e4
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2
    if (studentCentral(middle, degrees) < level) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Two-sided p-value of Student's t for a statistic of 0 or more: P(|T| > t). */
export function studentTail(t: number, degrees: number): number {
  return t === Infinity ? 0 : 1 - studentCentral(t, degrees)
}

/**
 * P(|T| <= t) for a whole number of degrees of freedom, by the finite trigonometric series.
 * Source: Abramowitz & Stegun 1964, 26.7.3 and 26.7.4.
 */
function studentCentral(t: number, degrees: number): number {
  const theta = Math.atan(t / Math.sqrt(degrees))
  const cosine = Math.cos(theta)
  const odd = degrees % 2 === 1
  let term = odd ? cosine : 1
  let sum = degrees === 1 ? 0 : term
  for (let k = odd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine
    sum += term
  }
  return odd ? (2 / Math.PI) * (theta + Math.sin(theta) * sum) : Math.sin(theta) * sum
}
