/** What a learning curve tells: more rows, more units, or neither. */
import { expect, it } from 'vitest'
import { adviseOn, learningCurvesOf } from '#lab/selection/learning-curve.ts'
import type { TrialRun } from '#lab/store/runs.ts'
import { plan, runOf, shorter } from '#test/unit/selection/support.ts'
import { formatHidden } from '#engine/network/topology.ts'

type Figures = readonly (readonly [train: number, validation: number])[]

const point = (share: number, figures: Figures) => ({
  share,
  trials: figures.map(([trainError, validationError], index) => ({ seed: index + 1, trainError, validationError }))
})

const advise = (fewer: Figures, most: Figures) => adviseOn([point(0.7, fewer), point(1, most)], String).helps

const overfit: Figures = [
  [0.01, 0.3],
  [0.02, 0.32],
  [0.01, 0.31]
]

it('asks for rows while the validation error falls by more than its noise, seed by seed', () => {
  // The seeds differ by more than the fall, but each fell.
  const fewer: Figures = [
    [0.01, 0.2],
    [0.01, 0.4]
  ]
  const most: Figures = [
    [0.02, 0.18],
    [0.02, 0.37]
  ]
  expect(advise(fewer, most)).toBe('rows')
})

it('asks for units where the training rows are not learned either, and for neither where they are', () => {
  const both: Figures = [
    [0.29, 0.3],
    [0.3, 0.32],
    [0.3, 0.31]
  ]
  expect(advise(both, both)).toBe('units')
  expect(advise(overfit, overfit)).toBe('neither')
})

it('takes the two largest shares alone, and says nothing before two seeds are in both', () => {
  const points = [
    point(0.1, [
      [0, 0.9],
      [0, 0.9]
    ]),
    point(0.7, overfit),
    point(1, overfit)
  ]
  expect(adviseOn(points, String).helps).toBe('neither')
  expect(advise(overfit, overfit.slice(0, 1))).toBe('unknown')
  expect(adviseOn([point(1, overfit)], String).helps).toBe('unknown')
})

it('draws what has a result: the first run of another plan neither hides a curve nor puts a word to its name', () => {
  const onHalf = (run: TrialRun): TrialRun => ({ ...run, data: { kind: 'share', share: 0.5 } })
  const curves = learningCurvesOf(
    [onHalf(runOf(1, 8, plan)), runOf(2, 8, plan), onHalf(runOf(3, 8, shorter, 'running'))],
    'error',
    (share) => 100 * share,
    String
  )
  expect(curves.map(({ hidden, points }) => [formatHidden(hidden), points.map(({ rows }) => rows)])).toEqual([
    ['8', [50, 100]]
  ])
})
