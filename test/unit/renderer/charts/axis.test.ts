/** Axes: where values lie, which are marked, and how the marks are written. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layAxis, niceRange, placer, roundValues, valueAt, writeTick } from '#renderer/charts/axis.ts'
import { areaOf, linesOf, textsOf } from '#renderer/charts/frame.ts'

const labelsOf = (minimum: number, maximum: number, change = {}) =>
  layAxis({ minimum, maximum, ...change }, 0, 480, 60).ticks.map(({ label }) => label)

describe('marks', () => {
  it('are round, and all of a linear axis in one unit, without a digit lost', () => {
    expect(labelsOf(0, 1)).toEqual(['0', '0.2', '0.4', '0.6', '0.8', '1'])
    expect(labelsOf(-2, 2)).toEqual(['\u22122', '\u22121', '0', '1', '2'])
    expect(labelsOf(0, 20_000)).toEqual(['0', '5k', '10k', '15k', '20k'])
    expect(labelsOf(10_000, 11_000)).toEqual(['10k', '10.2k', '10.4k', '10.6k', '10.8k', '11k'])
    expect(labelsOf(0, 4e-4)).toEqual(['0', '1e\u22124', '2e\u22124', '3e\u22124', '4e\u22124'])
    expect(labelsOf(1.5, 1.53)).toEqual(['1.5', '1.505', '1.51', '1.515', '1.52', '1.525', '1.53'])
  })

  it('of a logarithmic axis are powers, then 1-2-5, then all digits, as there is room', () => {
    expect(labelsOf(1, 1e6, { logarithmic: true })).toEqual(['1', '10', '100', '1000', '10k', '100k', '1M'])
    expect(labelsOf(1, 100, { logarithmic: true })).toEqual(['1', '2', '5', '10', '20', '50', '100'])
    expect(roundValues({ minimum: 1e-12, maximum: 1e12, logarithmic: true }, 5).length).toBeLessThanOrEqual(5)
    expect(labelsOf(100, 104, { logarithmic: true })).toEqual(['100', '101', '102', '103', '104'])
  })

  it('leave out what lies between two counts', () => {
    expect(labelsOf(1, 3, { isWhole: true })).toEqual(['1', '2', '3'])
  })

  it('lie within the axis, rise, and are told apart, whatever its range', () => {
    const numbers = fc.double({ min: -1e9, max: 1e9, noNaN: true })
    fc.assert(
      fc.property(numbers, numbers, fc.boolean(), (one, other, logarithmic) => {
        const [low, high] = one < other ? [one, other] : [other, one]
        const least = logarithmic ? Math.max(low, 1e-9) : low
        fc.pre(high - least > 1e-3 * Math.max(Math.abs(high), Math.abs(least)) && high - least > 1e-6)
        const { at, ticks } = layAxis({ minimum: least, maximum: high, logarithmic }, 0, 400, 60)
        expect(ticks.length).toBeGreaterThan(1)
        expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length)
        for (const tick of ticks) {
          expect(tick.at).toBeGreaterThanOrEqual(-1e-6)
          expect(tick.at).toBeLessThanOrEqual(400 + 1e-6)
          expect(at(tick.value)).toBe(tick.at)
        }
      })
    )
  })

  it('are written with their sign and unit', () => {
    expect([0, -0.5, 9999, 12_345, -2e6, 3e9, 0.0005].map((value) => writeTick(value))).toEqual([
      '0',
      '\u22120.5',
      '9999',
      '12.345k',
      '\u22122M',
      '3G',
      '5e\u22124'
    ])
  })
})

describe('places', () => {
  it('are found from values and back, on both kinds of axis', () => {
    for (const spec of [
      { minimum: 2, maximum: 10 },
      { minimum: 0.01, maximum: 100, logarithmic: true }
    ]) {
      const at = placer(50, 250, spec)
      expect(at(valueAt(spec, 0.25))).toBeCloseTo(100, 9)
      expect([at(spec.minimum), at(spec.maximum)]).toEqual([50, expect.closeTo(250, 9)])
    }
    expect(placer(10, 90, { minimum: 5, maximum: 5 })(5)).toBe(10)
  })

  it('of a range of values begin and end at round numbers', () => {
    expect(niceRange([0.13, 0.87])).toEqual([0, 1])
    expect(niceRange([3, 3])).toEqual([2, 4])
    expect(niceRange([])).toEqual([0, 1])
  })
})

describe('a frame', () => {
  const area = areaOf(300, 200)

  it('has a grid over the plot, a line at zero, and its names outside of it', () => {
    const x = layAxis({ minimum: 0, maximum: 4 }, area.left, area.right, 56)
    const y = layAxis({ minimum: -1, maximum: 1 }, area.bottom, area.top, 26)
    const lines = linesOf({ area, x, y })
    expect(lines.filter(({ kind }) => kind === 'grid')).toHaveLength(x.ticks.length + y.ticks.length)
    expect(lines.filter(({ kind }) => kind === 'zero')).toEqual([
      { kind: 'zero', x1: area.left, x2: area.right, y1: y.at(0), y2: y.at(0) }
    ])
    for (const { y: top, x: left, kind } of textsOf({ area, x, y, xTitle: 'epoch', yTitle: 'loss' })) {
      expect(left <= area.left - 8 || top < area.top || top > area.bottom || kind === 'title').toBe(true)
      expect(top).toBeLessThan(200)
    }
  })

  it('cuts names that have no room', () => {
    const ticks = Array.from({ length: 4 }, (_, value) => ({
      value,
      at: 60 + 60 * value,
      label: 'a rather long level'
    }))
    const texts = textsOf({ area, x: { ticks }, y: { ticks: [] } }).map(({ text }) => text)
    expect(texts.every((text) => text.endsWith('\u2026') && text.length < 12)).toBe(true)
  })
})
