import { expect, it } from 'vitest'
import type { Sweep } from '#contract/sweeps.ts'
import { describeProgress, progressOf } from '#renderer/pure/describe-sweep.ts'

const counts = { waiting: 0, running: 0, done: 0, stopped: 0, failed: 0 }

function sweepOf(
  change: Partial<Pick<Sweep, 'rung' | 'runs' | 'planned'>>,
  seeds = 1,
  folds: number | null = 5
): Sweep {
  const settings = { seeds: Array.from({ length: seeds }, (_, at) => at + 1), folds, budget: { minutes: null } }
  return { planned: 110, runs: counts, rung: null, etaSeconds: null, elapsedSeconds: 3, settings, ...change } as Sweep
}

it('counts the runs that have ended', () => {
  const sweep = sweepOf({ runs: { ...counts, done: 50, failed: 5, running: 2, waiting: 53 } })
  expect(describeProgress(sweep)).toBe('55 of 110 runs, 2 training, 5 diverged or failed')
  expect(progressOf(sweep)).toBe(0.5)
})

it('counts the runs of the present rung, and never falls from one rung of successive halving to the next', () => {
  const first = sweepOf({
    runs: { ...counts, stopped: 64, done: 2, running: 2, waiting: 42 },
    rung: { number: 1, of: 3, epochs: 334, points: 22 }
  })
  expect(describeProgress(first)).toBe('rung 1 of 3: 66 of 110 runs to epoch 334, 2 training')
  expect(progressOf(first)).toBeCloseTo(0.2)

  // 8 of 22 points go on, 5 folds each; the others stay stopped.
  const second = sweepOf({
    runs: { ...counts, stopped: 76, done: 2, running: 2, waiting: 30 },
    rung: { number: 2, of: 3, epochs: 1000, points: 8 }
  })
  expect(describeProgress(second)).toBe('rung 2 of 3: 8 of 40 runs to epoch 1,000, 2 training')
  expect(progressOf(second)).toBeCloseTo((1 + 8 / 40) / 3)
})
