import { describe, expect, it } from 'vitest'
import { Random } from '#engine/random.ts'
import { type TrialGroup, complexityPoints, paretoFront } from '#lab/experiments/selection/complexity.ts'
import { simulatedOptimism } from '#lab/experiments/selection/optimism.ts'
import { quantile, standardError, studentCritical } from '#lab/experiments/selection/statistics.ts'
import { pairedDifference, suggest } from '#lab/experiments/selection/suggestion.ts'

const format = (error: number) => error.toFixed(3)

/** A group whose validation errors are given seed by seed. */
function group(units: number, validation: number[], baseline = false): TrialGroup {
  return {
    topology: `${units}`,
    parameters: units * 10,
    multiplyAdds: units * 9,
    baseline,
    trials: validation.map((error, seed) => ({ seed, trainError: error / 2, validationError: error }))
  }
}

const points = (...groups: TrialGroup[]) => complexityPoints(groups)

describe('statistics', () => {
  it('agrees with the tables of Student’s t', () => {
    expect(studentCritical(1, 0.95)).toBeCloseTo(12.7062, 3)
    expect(studentCritical(4, 0.95)).toBeCloseTo(2.7764, 4)
    expect(studentCritical(9, 0.99)).toBeCloseTo(3.2498, 4)
    expect(studentCritical(30, 0.95)).toBeCloseTo(2.0423, 4)
  })

  it('interpolates quantiles as R and NumPy do', () => {
    expect(quantile([4, 1, 3, 2], 0.25)).toBeCloseTo(1.75)
    expect(quantile([4, 1, 3, 2], 0.5)).toBeCloseTo(2.5)
    expect(quantile([7], 0.9)).toBe(7)
  })

  it('does not claim a spread from one value', () => {
    expect(standardError([1])).toBeNaN()
    expect(standardError([1, 3])).toBeCloseTo(1)
  })
})

describe('points of the complexity curve', () => {
  it('are medians with quartiles, simplest first, without diverged trials', () => {
    const [first, second] = points(group(8, [0.3, 0.1, 0.2]), group(2, [0.5, Number.NaN, 0.7]))
    expect(first).toMatchObject({ topology: '2', seeds: 2, validation: { median: 0.6 } })
    expect(second).toMatchObject({ topology: '8', seeds: 3, validation: { median: 0.2 }, train: { median: 0.1 } })
    expect(second?.validation.q1).toBeCloseTo(0.15)
    expect(second?.validation.q3).toBeCloseTo(0.25)
  })

  it('mark the Pareto front', () => {
    const front = paretoFront(points(group(1, [5, 5]), group(2, [6, 6]), group(4, [3, 3]), group(8, [3, 3])))
    expect(front.map((point) => point.topology)).toEqual(['1', '4'])
  })
})

describe('the suggestion', () => {
  it('is the simplest topology within one standard error of the best, with its figures in words', () => {
    // best: 16, mean 0.100, standard error 0.01; 8 lies 0.005 above, 4 far above
    const spread = [0.1 - 0.02, 0.1 + 0.02, 0.1 - 0.02, 0.1 + 0.02, 0.1]
    const result = suggest(
      points(
        group(
          4,
          spread.map((v) => v + 0.3)
        ),
        group(
          8,
          spread.map((v) => v + 0.005)
        ),
        group(16, spread)
      ),
      format
    )
    expect(result?.best.topology).toBe('16')
    expect(result?.suggested.topology).toBe('8')
    expect(result?.decided).toBe(true)
    expect(result?.extraSeeds).toBe(0)
    expect(result?.reason).toBe('8; 16 is better by 0.005, the noise is 0.009.')
  })

  it('is the best itself where nothing simpler comes close', () => {
    const result = suggest(points(group(4, [0.4, 0.41, 0.39]), group(8, [0.2, 0.21, 0.19])), format)
    expect(result).toMatchObject({ decided: true, suggested: { topology: '8' } })
  })

  it('is not decided while a simpler topology may be as good, and tells the seeds it would take', () => {
    // differences of 4 to 8: 0.05, 0.01, 0.06; mean 0.04, deviation 0.0265. The interval's half width is
    // 4.303 * 0.0153 = 0.066 with 3 seeds, 3.182 * 0.0132 = 0.042 with 4, 2.776 * 0.0118 = 0.033 with 5.
    const result = suggest(points(group(4, [0.25, 0.21, 0.26]), group(8, [0.2, 0.2, 0.2])), format)
    expect(result).toMatchObject({ decided: false, suggested: { topology: '8' } })
    expect(result?.extraSeeds).toBe(2)
    expect(result?.reason).toContain('Not decided yet: 4 may be as good')
  })

  it('does not decide on one seed', () => {
    expect(suggest(points(group(4, [0.25]), group(8, [0.2])), format)).toMatchObject({ decided: false, extraSeeds: 4 })
  })

  it('is none without points', () => {
    expect(suggest([], format)).toBeNull()
  })

  it('pairs by seed, so that noise which both share cancels', () => {
    const [small, large] = points(group(4, [0.11, 0.52, 0.93]), group(8, [0.1, 0.5, 0.9]))
    if (!small || !large) throw new Error('two points expected')
    const difference = pairedDifference(small, large)
    expect(difference.mean).toBeCloseTo(0.02)
    expect(difference.error).toBeCloseTo(0.01 / Math.sqrt(3))
  })
})

describe('optimism', () => {
  it('matches the expected minimum of normals: 0 for one, 0.564 for two, 1.539 for ten', () => {
    const random = new Random(1)
    const normal = () => random.normal()
    expect(simulatedOptimism(1, 1, normal)).toBe(0)
    expect(simulatedOptimism(2, 1, normal, 20_000)).toBeCloseTo(0.564, 1)
    expect(simulatedOptimism(10, 0.5, normal, 20_000)).toBeCloseTo(1.539 / 2, 1)
  })
})
