/** What the tests of the references share: random networks, central differences, and comparison that names what is off. */
import { expect } from 'vitest'
import type { LayerParameters, ReferenceTopology } from '#engine/kernels/reference/network.ts'
import type { Random } from '#engine/random.ts'

export type Nested = number | readonly Nested[]

/** Draws a matrix from the normal distribution. */
export function randomMatrix(random: Random, rows: number, columns: number, deviation = 1): number[][] {
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => deviation * random.normal()))
}

/** Draws parameters for a topology: weights of about 1 / sqrt(inputs), and biases, gains and shifts that are not trivial. */
export function randomParameters(topology: ReferenceTopology, random: Random): LayerParameters[] {
  let inputs = topology.inputs
  return topology.layers.map(({ units, normalisation }) => {
    const draw = (mean: number) => Array.from({ length: units }, () => mean + 0.3 * random.normal())
    const dense = { weights: randomMatrix(random, units, inputs, 1 / Math.sqrt(inputs)), biases: draw(0) }
    inputs = units
    return normalisation ? { ...dense, gain: draw(1), shift: draw(0) } : dense
  })
}

/** Draws targets that a loss can stand: class rows for the cross-entropies, else numbers. */
export function randomTargets(random: Random, loss: string, rows: number, units: number): number[][] {
  if (loss === 'cross_entropy') {
    return Array.from({ length: rows }, () => {
      const wanted = random.below(units)
      return Array.from({ length: units }, (_, unit) => (unit === wanted ? 1 : 0))
    })
  }
  if (loss === 'binary_cross_entropy') {
    return Array.from({ length: rows }, () => Array.from({ length: units }, () => random.below(2)))
  }
  return randomMatrix(random, rows, units)
}

/** Estimates a gradient by central differences, (f(v + h) - f(v - h)) / 2h, one value at a time. */
export function centralDifferences(f: (values: number[]) => number, values: readonly number[], h = 1e-5): number[] {
  return values.map((value, index) => {
    const moved = (by: number) => f(values.with(index, value + by))
    return (moved(h) - moved(-h)) / (2 * h)
  })
}

export interface Tolerance {
  readonly absolute: number
  readonly relative: number
}

/** Compares numbers in any nesting, |got - want| <= absolute + relative |want|; a failure names tensor and index. */
export function expectClose(tensor: string, got: Nested, want: Nested, tolerance: Tolerance): void {
  const failures: string[] = []
  compare(tensor, got, want, tolerance, failures)
  expect(failures.slice(0, 5).join('\n')).toBe('')
}

function compare(path: string, got: Nested, want: Nested, tolerance: Tolerance, failures: string[]): void {
  if (typeof got === 'number' && typeof want === 'number') {
    const allowed = tolerance.absolute + tolerance.relative * Math.abs(want)
    if (!(Math.abs(got - want) <= allowed)) failures.push(`${path} is ${got}, not ${want} within ${allowed}`)
    return
  }
  if (typeof got === 'number' || typeof want === 'number' || got.length !== want.length) {
    failures.push(`${path} has another shape: ${shape(got)}, not ${shape(want)}`)
    return
  }
  got.forEach((item, index) => compare(`${path}[${index}]`, item, want[index] ?? NaN, tolerance, failures))
}

function shape(value: Nested): string {
  if (typeof value === 'number') return 'a number'
  return `${value.length}${value[0] !== undefined && typeof value[0] !== 'number' ? ` x ${shape(value[0])}` : ''}`
}
