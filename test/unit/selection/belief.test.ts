/** The three answers, from the interval that is shown, and the belief over folds by hand. */
import { describe, expect, it } from 'vitest'
import { answerOf, intervalOf, probabilityAbove } from '#lab/selection/belief.ts'
import { correlatedDifference } from '#lab/selection/correlated-folds.ts'

describe('an answer', () => {
  // At 4 degrees 95 % reach 2.776 errors.
  const belief = (centre: number) => ({ centre, error: 1, degrees: 4 })

  it('is worse once the whole interval lies above the zone, as good once it lies below, else open', () => {
    const { low, high } = intervalOf(belief(5))
    expect(low).toBeCloseTo(5 - 2.776, 3)
    expect(high).toBeCloseTo(5 + 2.776, 3)
    expect(answerOf(belief(5), 2.2)).toBe('worse')
    expect(answerOf(belief(5), 2.3)).toBe('open')
    expect(answerOf(belief(-2.5), 0)).toBe('open')
    expect(answerOf(belief(-2.8), 0)).toBe('as_good')
  })

  it('calls a better one as good', () => {
    expect(answerOf(belief(-50), 1)).toBe('as_good')
  })

  it('is sure where nothing varies', () => {
    expect(answerOf({ centre: 0.1, error: 0, degrees: 1 }, 0.05)).toBe('worse')
    expect(answerOf({ centre: 0.05, error: 0, degrees: 1 }, 0.05)).toBe('as_good')
  })

  it('goes with its probability', () => {
    expect(probabilityAbove(belief(0), 0)).toBeCloseTo(0.5, 9)
    expect(probabilityAbove(belief(2.776), 0)).toBeCloseTo(0.975, 3)
    expect(probabilityAbove({ centre: 1, error: 0, degrees: 1 }, 0)).toBe(1)
  })
})

describe('a difference over folds', () => {
  it('has the scale that Benavoli et al. give for folds correlated by their share of the rows', () => {
    // Differences 0.02, 0.01, 0.03, 0.00, 0.04: mean 0.02, deviation 0.015811; of 5 folds, with rho = 1/5,
    // sqrt(1/5 + (1/5)/(4/5)) = 0.67082 of it is 0.010607. P(above 0) is that of t = 1.8856 at 4 degrees.
    const belief = correlatedDifference([0.02, 0.01, 0.03, 0, 0.04])
    expect(belief).toMatchObject({ degrees: 4, centre: expect.closeTo(0.02, 9) as number })
    expect(belief.error).toBeCloseTo(0.0106066, 6)
    expect(probabilityAbove(belief, 0)).toBeCloseTo(0.93378, 4)
  })

  it('is never surer than the rows allow, however well the folds agree', () => {
    expect(correlatedDifference([0, 0, 0], 0.0004)).toMatchObject({ centre: 0, error: 0.02 })
  })
})
