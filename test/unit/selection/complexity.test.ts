/** Points of the complexity curve, over seeds and over folds. */
import { describe, expect, it } from 'vitest'
import { complexityPoints, paretoFront, type TrialGroup } from '#lab/selection/complexity.ts'
import { quantile, quartiles, standardError } from '#trials/statistics.ts'
import { foldGroup, group } from '#test/unit/selection/points.ts'

const points = (...groups: TrialGroup[]) => complexityPoints(groups)

describe('statistics', () => {
  it('interpolates quantiles as R and NumPy do', () => {
    expect(quantile([4, 1, 3, 2], 0.25)).toBeCloseTo(1.75)
    expect(quantile([4, 1, 3, 2], 0.5)).toBeCloseTo(2.5)
    expect(quantile([7], 0.9)).toBe(7)
    expect(quartiles([4, 1, 3, 2])).toEqual({ median: 2.5, q1: 1.75, q3: 3.25 })
  })

  it('does not claim a spread from one value', () => {
    expect(standardError([1])).toBeNaN()
    expect(standardError([1, 3])).toBeCloseTo(1)
  })
})

describe('points of the complexity curve', () => {
  it('are medians with quartiles, simplest first, without diverged trials', () => {
    const [first, second] = points(group(8, [0.3, 0.1, 0.2]), group(2, [0.5, Number.NaN, 0.7]))
    expect(first).toMatchObject({ key: '2', repeats: 2, validation: { median: 0.6 } })
    expect(second).toMatchObject({ key: '8', repeats: 3, validation: { median: 0.2 }, train: { median: 0.1 } })
    expect(second?.validation.q1).toBeCloseTo(0.15)
    expect(second?.validation.q3).toBeCloseTo(0.25)
  })

  it('mark the Pareto front', () => {
    const front = paretoFront(points(group(1, [5, 5]), group(2, [6, 6]), group(4, [3, 3]), group(8, [3, 3])))
    expect(front.map((point) => point.key)).toEqual(['1', '4'])
  })

  it('take mean and standard error over the folds, each the mean of its seeds', () => {
    const [point] = points(foldGroup(8, [0.1, 0.2, 0.3], 4))
    expect(point).toMatchObject({ repeats: 3, validation: { median: expect.closeTo(0.2, 9) as number } })
    expect(point?.trials).toHaveLength(12)
    expect(point?.validation.mean).toBeCloseTo(0.2, 9)
    expect(point?.validation.standardError).toBeCloseTo(0.1 / Math.sqrt(3), 9)
  })
})
