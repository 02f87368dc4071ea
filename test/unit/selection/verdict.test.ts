/** The verdict on a run from made-up curves whose answer is known. */
import { describe, expect, it } from 'vitest'
import { judgeRun as judge, type RunFacts } from '#lab/selection/verdict.ts'
import { formatShare } from '#words/numbers.ts'

const judgeRun = (facts: RunFacts) => judge(facts, formatShare)

const epochs = (count: number, loss: (epoch: number) => number) =>
  Array.from({ length: count }, (_, index) => loss(index + 1))

/** A run that has come down to 0.2 and stays there. */
const settled: RunFacts = {
  status: 'done',
  isTakenOver: false,
  reason: 'epochs',
  message: null,
  plannedEpochs: 100,
  bestEpoch: 60,
  trainLoss: epochs(100, (epoch) => 0.18 + Math.exp(-epoch / 8)),
  validationLoss: epochs(100, (epoch) => 0.2 + Math.exp(-epoch / 8)),
  trainError: 0.09,
  validationError: 0.1,
  lowestError: 0.1,
  constantError: 0.5
}

describe('the verdict', () => {
  it('is good for a run that has converged without a gap', () => {
    expect(judgeRun(settled)).toMatchObject({ verdict: 'good', next: expect.stringMatching(/simpler/) as string })
    const behind = judgeRun({ ...settled, trainError: 0.02, lowestError: 0.05 })
    expect(behind).toMatchObject({ verdict: 'good', next: expect.stringContaining('reaches 5.0\u00a0%') as string })
  })

  it('is underfit where training and validation error are alike and others do better, or nothing was learned', () => {
    expect(judgeRun({ ...settled, lowestError: 0.03 })).toMatchObject({ verdict: 'underfit' })
    const nothing = judgeRun({ ...settled, trainError: 0.48, validationError: 0.5, lowestError: 0.5 })
    expect(nothing).toMatchObject({ verdict: 'underfit', evidence: expect.stringContaining('sees no input') as string })
  })

  it('is overfit where the validation loss rises while the training loss falls', () => {
    const verdict = judgeRun({
      ...settled,
      bestEpoch: 20,
      trainLoss: epochs(100, (epoch) => 1 / epoch),
      validationLoss: epochs(100, (epoch) => 0.2 + Math.abs(epoch - 20) / 400)
    })
    expect(verdict.verdict).toBe('overfit')
    expect(verdict.evidence).toMatch(/After epoch 20 .* from 0\.200 to 0\.39/)
  })

  it('is not converged where the loss still falls at the last planned epoch, but not where patience ended it', () => {
    const falling = {
      ...settled,
      bestEpoch: 100,
      trainLoss: epochs(100, (epoch) => 2 - epoch / 60),
      validationLoss: epochs(100, (epoch) => 2 - epoch / 60)
    }
    expect(judgeRun(falling)).toMatchObject({ verdict: 'not_converged' })
    expect(judgeRun({ ...falling, reason: 'patience' }).verdict).not.toBe('not_converged')
  })

  it('gives no verdict on quality for a run that diverged or was stopped', () => {
    const diverged = judgeRun({ ...settled, status: 'diverged', message: 'Layer 2 blew up in epoch 3.' })
    expect(diverged).toMatchObject({ verdict: 'diverged', evidence: 'Layer 2 blew up in epoch 3.' })
    expect(judgeRun({ ...settled, status: 'stopped' })).toMatchObject({ verdict: 'unfinished' })
  })
})
