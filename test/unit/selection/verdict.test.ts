/** The verdict on a run from made-up curves whose answer is known. */
import { describe, expect, it } from 'vitest'
import { neighboursOf, pointsNear } from '#lab/selection/neighbours.ts'
import { judgeRun as judge, type RunFacts } from '#lab/selection/verdict.ts'
import { commonRows, made, type Made, pointsOf } from '#test/unit/selection/points.ts'
import { formatPercent, formatShare } from '#words/numbers.ts'

const words = { error: formatShare, difference: formatPercent, unit: ' points' }
const judgeRun = (facts: RunFacts) => judge(facts, words)

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
  constantError: 0.5,
  neighbours: null
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

describe('the verdict beside the neighbouring sizes', () => {
  const rows = commonRows(400, 0.05)
  /** The verdict on a run of 16 units among topologies of these mean errors, by units; 0 units are the constant model. */
  function verdictAmong(errors: Readonly<Record<number, number>>, facts: Partial<RunFacts> = {}) {
    const all: Made[] = Object.entries(errors).map(([units, error]) => ({
      ...made(Number(units), error, rows),
      key: units === '0' ? 'constant' : units
    }))
    const { points, rows: results } = pointsOf(all)
    const constant = points.find(({ key }) => key === 'constant') ?? null
    const networks = points.filter((point) => point !== constant)
    const own = networks.find(({ key }) => key === '16')
    if (!own) throw new Error('16 units are lacking.')
    const neighbours = neighboursOf(own, pointsNear(own, networks), constant, {
      rows: results,
      folds: null,
      zone: 0.02
    })
    return judgeRun({ ...settled, trainError: 0.05, validationError: errors[16] ?? NaN, ...facts, neighbours })
  }

  it('is too small where a larger one is surely better, whatever its own curves look like', () => {
    const verdict = verdictAmong({ 0: 0.5, 8: 0.3, 16: 0.2, 32: 0.15 })
    expect(verdict.verdict).toBe('too_small')
    expect(verdict.evidence).toMatch(/^32 is better by 5\.0 points \(\d\.\d+ to \d\.\d+\) on the same rows\.$/)
    expect(verdict.next).toMatch(/^Take 32/)
  })

  it('is larger than needed where a smaller one is as good, and names the simplest that is', () => {
    const verdict = verdictAmong({ 0: 0.5, 2: 0.3, 4: 0.2, 8: 0.2, 16: 0.2, 32: 0.2 })
    expect(verdict.verdict).toBe('larger_than_needed')
    expect(verdict.evidence).toMatch(/^4, 4 times smaller, is as good.* a gap of 15\.0 points\.$/)
    expect(verdict.next).toBe('Take 4.')
  })

  it('is overfit where a smaller one is surely better, and tells the gap', () => {
    const verdict = verdictAmong({ 0: 0.5, 4: 0.3, 8: 0.15, 16: 0.2, 32: 0.22 })
    expect(verdict.verdict).toBe('overfit')
    expect(verdict.evidence).toMatch(/a gap of 15\.0 points, and 8, 2 times smaller, is better by 5\.0 points/)
  })

  it('is good where no neighbour is better and no smaller one as good', () => {
    expect(verdictAmong({ 0: 0.5, 8: 0.3, 16: 0.2, 32: 0.2 }).verdict).toBe('good')
  })

  it('asks for no more units where no size is better than the model that sees no input', () => {
    const verdict = verdictAmong({ 0: 0.3, 8: 0.31, 16: 0.305, 32: 0.32 }, { trainError: 0.2 })
    expect(verdict).toMatchObject({
      verdict: 'little_signal',
      evidence: expect.stringMatching(/Neither 16 nor a topology near it is better than the majority class/) as string,
      next: expect.not.stringMatching(/try more units/i) as string
    })
  })

  it('finds the size at fault, not the inputs, where another one is better than that model', () => {
    expect(verdictAmong({ 0: 0.3, 8: 0.31, 16: 0.305, 32: 0.1 }).verdict).toBe('too_small')
  })

  it('says nothing of sizes to a run that has not converged', () => {
    const loss = epochs(100, (epoch) => 2 - epoch / 60)
    const slow = { bestEpoch: 100, trainLoss: loss, validationLoss: loss }
    expect(verdictAmong({ 0: 0.5, 8: 0.3, 16: 0.2, 32: 0.15 }, slow).verdict).toBe('not_converged')
  })
})
