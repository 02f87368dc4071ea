import { describe, expect, it } from 'vitest'
import { Random } from '#engine/random.ts'
import { type TrialGroup, complexityPoints, paretoFront } from '#lab/selection/complexity.ts'
import { simulatedOptimism, unsharedNoise } from '#lab/selection/optimism.ts'
import { rootMeanSquareNoise, shareNoise } from '#lab/selection/part-noise.ts'
import { quantile, quartiles, standardError, studentCritical, studentTail } from '#lab/selection/statistics.ts'
import { pairedDifference, suggest } from '#lab/selection/suggestion.ts'

const format = (error: number) => error.toFixed(3)

/** A group whose validation errors are given seed by seed. */
function group(units: number, validation: number[], baseline = false): TrialGroup {
  return {
    topology: `${units}`,
    parameters: units * 10,
    multiplyAdds: units * 9,
    hiddenUnits: units,
    depth: units === 0 ? 0 : 1,
    predictionSeconds: 0,
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

  it('gives the tail of Student’s t that belongs to its critical values', () => {
    for (const degrees of [1, 2, 7, 30])
      expect(studentTail(studentCritical(degrees, 0.95), degrees)).toBeCloseTo(0.05, 8)
    expect(studentTail(0, 4)).toBe(1)
    expect(studentTail(Infinity, 4)).toBe(0)
  })

  it('knows the noise of a share and of a root mean square from the rows', () => {
    // Wilson's interval for 10 of 100 at one standard error is 0.0741 to 0.1345 wide around 0.1040.
    expect(shareNoise(100).of(0.1)).toBeCloseTo(0.0304, 3)
    expect(shareNoise(30).of(0)).toBeGreaterThan(0.01)
    expect(rootMeanSquareNoise(50).of(2)).toBeCloseTo(0.2)
  })

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
    expect(first).toMatchObject({ topology: '2', repeats: 2, validation: { median: 0.6 } })
    expect(second).toMatchObject({ topology: '8', repeats: 3, validation: { median: 0.2 }, train: { median: 0.1 } })
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
    expect(result?.reason).toBe('8; 16 is better by 0.005 in the mean, the noise is 0.009.')
  })

  it('is the best itself where nothing simpler comes close', () => {
    const result = suggest(points(group(4, [0.4, 0.41, 0.39]), group(8, [0.2, 0.21, 0.19])), format)
    expect(result).toMatchObject({ decided: true, suggested: { topology: '8' } })
  })

  it('is not decided where nothing else was tried, and says what would show it', () => {
    expect(suggest(points(group(8, [0.2, 0.21, 0.19])), format)).toMatchObject({
      suggested: { topology: '8' },
      decided: false,
      extraSeeds: 0,
      reason: '8 is the only topology so far: a smaller and a larger one would show whether it is the right size.'
    })
  })

  it('is not decided while a simpler topology may be as good, and tells the seeds it would take', () => {
    // differences of 4 to 8: 0.05, 0.01, 0.06; mean 0.04, deviation 0.0265. Told with 3 seeds from 4.303 * 0.0153 =
    // 0.066 on; expected to be told with a power of 80 % from (2.776 + 0.941) * 0.0118 = 0.044 on with 5 seeds, and from
    // (2.571 + 0.920) * 0.0108 = 0.038 on with 6.
    const result = suggest(points(group(4, [0.25, 0.21, 0.26]), group(8, [0.2, 0.2, 0.2])), format)
    expect(result).toMatchObject({ decided: false, suggested: { topology: '8' } })
    expect(result?.extraSeeds).toBe(3)
    expect(result?.reason).toContain('Not decided yet: 4 may be as good')
  })

  it('counts the noise of the validation rows, which does not shrink with more seeds', () => {
    // 8 is worse than 16 by one row of 100 in every one of many seeds: the seeds are sure, the rows are not.
    const seeds = Array.from({ length: 40 }, (_, seed) => 0.1 + (seed % 2) * 0.001)
    const curve = points(
      group(
        8,
        seeds.map((error) => error + 0.01)
      ),
      group(16, seeds)
    )
    expect(suggest(curve, format)).toMatchObject({ suggested: { topology: '16' }, decided: true })
    const result = suggest(curve, format, { part: shareNoise(100), folds: null })
    // sqrt(0.1045 * 0.8955 / 101) = 0.0304 of the rows, 0.0001 of the seeds.
    expect(result?.noise.rows).toBeCloseTo(0.0304, 3)
    expect(result?.reason).toBe(
      '8; 16 is better by 0.010 in the mean, the noise is 0.030 (0.000 from the seeds, 0.030 from the 100 validation rows).'
    )
    expect(result).toMatchObject({ suggested: { topology: '8' }, decided: true })
  })

  it('tests all simpler topologies together: what one comparison would tell, many may not', () => {
    // t = 0.02 / (0.0126 / sqrt(5)) = 3.5, p = 0.024 with 4 degrees of freedom: told alone, not as one of three alike.
    const steps = [0.02, 0.005, 0.035, 0.01, 0.03]
    const worse = (units: number) => group(units, steps)
    const best = group(16, [0, 0, 0, 0, 0])
    expect(suggest(points(worse(8), best), format)).toMatchObject({ decided: true })
    const many = suggest(points(worse(2), worse(4), worse(8), best), format)
    expect(many).toMatchObject({ decided: false })
    expect(many?.contested.map(({ topology }) => topology)).toEqual(['2', '4', '8', '16'])
  })

  it('does not decide on one seed', () => {
    expect(suggest(points(group(4, [0.25]), group(8, [0.2])), format)).toMatchObject({ decided: false, extraSeeds: 4 })
  })

  it('is not led astray by a topology with a single lucky seed, which keeps the question open', () => {
    const result = suggest(points(group(8, [0.2, 0.21, 0.19]), group(16, [0.1])), format)
    expect(result).toMatchObject({ best: { topology: '8' }, decided: false, extraSeeds: 4 })
    expect(result?.contested.map(({ topology }) => topology)).toEqual(['8', '16'])
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
    expect(simulatedOptimism(1, normal)).toBe(0)
    expect(simulatedOptimism(2, normal, 20_000)).toBeCloseTo(0.564, 1)
    expect(simulatedOptimism(10, normal, 20_000)).toBeCloseTo(1.539, 1)
  })
})

describe('over folds', () => {
  const foldGroup = (units: number, validation: readonly number[], seeds = 1): TrialGroup => ({
    ...group(units, []),
    trials: validation.flatMap((error, index) =>
      Array.from({ length: seeds }, (_, seed) => {
        // The seeds of a fold lie around its error.
        const own = error + (seed - (seeds - 1) / 2) * 0.01
        return { seed, fold: index + 1, trainError: own / 2, validationError: own }
      })
    )
  })
  const over = (folds: number) => ({ part: null, folds })

  it('takes mean and standard error over the folds, each the mean of its seeds', () => {
    const [point] = points(foldGroup(8, [0.1, 0.2, 0.3], 4))
    expect(point).toMatchObject({ repeats: 3, validation: { median: expect.closeTo(0.2, 9) as number } })
    expect(point?.trials).toHaveLength(12)
    expect(point?.validation.mean).toBeCloseTo(0.2, 9)
    expect(point?.validation.standardError).toBeCloseTo(0.1 / Math.sqrt(3), 9)
  })

  it('raises the error of a paired difference for the training rows that folds share', () => {
    const [small, large] = points(foldGroup(4, [0.3, 0.32, 0.34, 0.33]), foldGroup(8, [0.1, 0.11, 0.15, 0.12]))
    if (!small || !large) throw new Error('Both groups have results.')
    // Differences 0.2, 0.21, 0.19, 0.21: deviation 0.009574; of 4 folds sqrt(1/4 + 1/3) of it.
    expect(pairedDifference(small, large, 4)).toMatchObject({
      pairs: 4,
      mean: expect.closeTo(0.2025, 6) as number,
      error: expect.closeTo(0.009574 * Math.sqrt(1 / 4 + 1 / 3), 6) as number
    })
  })

  it('asks for no further seeds where the folds can not tell, and says that it is over folds', () => {
    const hard = [0.1, 0.3, 0.2, 0.25, 0.15]
    const wobble = [0.01, -0.02, 0.03, -0.01, 0.02]
    const open = points(
      foldGroup(
        4,
        hard.map((error, fold) => error + 0.07 + (wobble[fold] ?? 0) * 3)
      ),
      foldGroup(8, hard)
    )
    const result = suggest(open, format, over(5))
    expect(result).toMatchObject({ decided: false, extraSeeds: 0, noise: { rows: 0 } })
    expect(result?.contested.map(({ topology }) => topology)).toEqual(['4', '8'])
    expect(result?.reason).toMatch(/over 5 folds.*5 folds can't tell\.$/)
    // The same differences would be enough if they were as independent as those of seeds.
    expect(suggest(open, format)).toMatchObject({ decided: true })
  })

  it('takes what a fold does to all points out of the noise by which the best is lucky', () => {
    const hard = [0.1, 0.3, 0.2, 0.25]
    const table = [0, 0.01, 0.02].map((more) => hard.map((error) => error + more))
    for (const noise of unsharedNoise(table)) expect(noise).toBeCloseTo(0, 9)
    // One figure moved by d leaves residuals of d/2 and three of -d/6 in its row, of -d/4 and three of d/12 in the others;
    // a row has 3 * 2/3 = 2 degrees of freedom.
    const moved = table.map((row, at) => row.map((error, fold) => (at === 0 && fold === 0 ? error + 0.04 : error)))
    const [own = NaN, ...others] = unsharedNoise(moved)
    expect(own).toBeCloseTo(0.04 / Math.sqrt(24), 9)
    for (const other of others) expect(other).toBeCloseTo(0.04 / Math.sqrt(96), 9)
    expect(unsharedNoise([hard])).toEqual([0])
    expect(unsharedNoise([])).toEqual([])
  })
})
