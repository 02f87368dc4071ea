import { describe, expect, it } from 'vitest'
import {
  activate,
  activationBackward,
  scalarActivations,
  type ScalarActivationName,
  sigmoid,
  softmax
} from '#engine/kernels/reference/activations.ts'
import { activations } from '#engine/network/activations.ts'
import { erf } from '#engine/kernels/reference/error-function.ts'
import { dot, sum } from '#engine/kernels/reference/matrix.ts'
import { centralDifferences, expectClose } from '#test/unit/engine/reference/support.ts'

const names = Object.keys(scalarActivations) as ScalarActivationName[]

/** Away from every kink (-3, 0, 3), on both sides of each. */
const points = [-40, -9, -3.2, -2.9, -1.3, -0.4, 0.3, 0.9, 2.7, 3.4, 8, 40]

describe.each(names)('%s', (name) => {
  const { value, derivative } = scalarActivations[name]

  it('has the derivative that central differences find', () => {
    const estimated = points.map((z) => centralDifferences(([v = 0]) => value(v), [z])[0] ?? NaN)
    expectClose(name, points.map(derivative), estimated, { absolute: 1e-8, relative: 1e-8 })
  })

  it('has no derivative where the table says so, and one everywhere else', () => {
    const step = 1e-6
    const isKink = (z: number) => {
      const left = (value(z) - value(z - step)) / step
      const right = (value(z + step) - value(z)) / step
      // The sign jumps by as much at both sides of 0.
      return Math.abs(right - left) > 1e-2 || left > 100
    }
    expect([...points, -3, 0, 3].filter(isKink)).toEqual(activations[name].kinks)
  })

  it('stays finite for sums that overflow exp()', () => {
    for (const z of [-2000, 2000]) {
      expect(value(z)).toSatisfy(Number.isFinite)
      expect(derivative(z)).toSatisfy(Number.isFinite)
    }
  })
})

describe('single values', () => {
  it.each([
    ['threshold', 0, 1],
    ['threshold', -1e-9, 0],
    ['sign', -4, -1],
    ['hard_sigmoid', 1.5, 0.75],
    ['leaky_relu', -2, -0.02],
    ['elu', -1, Math.exp(-1) - 1],
    ['selu', 1, 1.0507009873554805],
    ['gelu', 1, 0.8413447460685429],
    ['silu', 2, 2 / (1 + Math.exp(-2))],
    ['softplus', 0, Math.LN2]
  ] as const)('%s(%d) is %d', (name, z, wanted) => {
    expect(scalarActivations[name].value(z)).toBeCloseTo(wanted, 14)
  })

  it('gives the sigmoid a slope of h (1 - h), at most 1/4', () => {
    for (const z of points) {
      const h = sigmoid(z)
      expect(scalarActivations.sigmoid.derivative(z)).toBeCloseTo(h * (1 - h), 15)
    }
    expect(scalarActivations.sigmoid.derivative(0)).toBe(0.25)
  })

  it.each([
    [0, 0],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2.499, 0.9995908642442554],
    [2.501, 0.9995952208294163],
    [-3, -0.9999779095030014]
  ])('erf(%d) is %d', (x, wanted) => {
    expect(erf(x)).toBeCloseTo(wanted, 14)
  })
})

describe('softmax', () => {
  // The lecture quotes (0.51, 0.18, 0.31) for these sums. That is z / sum z, not exp(z) / sum exp(z).
  it('gives (0.53, 0.19, 0.28) for (1.60, 0.55, 0.98), where plain shares are (0.51, 0.18, 0.31)', () => {
    const z = [1.6, 0.55, 0.98]
    expect(softmax(z).map((p) => p.toFixed(2))).toEqual(['0.53', '0.19', '0.28'])
    expect(z.map((value) => (value / sum(z)).toFixed(2))).toEqual(['0.51', '0.18', '0.31'])
  })

  it('does not change when all sums move by one number, and survives large ones', () => {
    expectClose('p', softmax([1001, 1000, 990]), softmax([11, 10, 0]), { absolute: 1e-15, relative: 1e-12 })
  })

  it('has the gradient that central differences find', () => {
    const z = [0.3, -1.2, 2.1, 0]
    const upstream = [0.7, -0.2, 1.1, 0.4]
    const [gradient = []] = activationBackward('softmax', [z], [upstream])
    const estimated = centralDifferences((v) => dot(activate('softmax', [v])[0] ?? [], upstream), z)
    expectClose('dz', gradient, estimated, { absolute: 1e-10, relative: 1e-8 })
  })
})
