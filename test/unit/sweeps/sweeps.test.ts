/** The pure parts of sweeps: the points of a space, rungs, forecast and cost. */
import { describe, expect, it } from 'vitest'
import { formatHidden, hiddenLayers, type Layer, parameterCount } from '#engine/network/topology.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import { sweepSettings, type SweepSettings } from '#contract/sweeps.ts'
import { costOf } from '#lab/sweeps/cost.ts'
import { forecastEpoch, forecastTime } from '#lab/sweeps/forecast.ts'
import { keepBest, rungEpochs } from '#lab/sweeps/halving.ts'
import { planSweep } from '#lab/sweeps/space.ts'

const plan = defaultPlan('cross_entropy')

const complete = (hidden: readonly Layer[]) => ({
  inputs: 10,
  layers: [...hidden, { units: 2, activation: 'softmax' as const }]
})

function settings(space: object, rest: object = {}): SweepSettings {
  return sweepSettings.parse({ experimentId: 1, space, plan, seeds: [1, 2, 3], ...rest })
}

const names = (given: SweepSettings) =>
  planSweep(given, complete).points.map(({ topology }) => formatHidden(hiddenLayers(topology)))

describe('the points of a sweep', () => {
  it('are the list and the grid, the linear model first, each once', () => {
    expect(names(settings({ hidden: ['8', '16x4'], grid: { depths: [1, 2], widths: [4, 8] } }))).toEqual([
      'none',
      '8',
      '16x4',
      '4',
      '4x4',
      '8x8'
    ])
    expect(names(settings({ hidden: ['8'] }, { baseline: false }))).toEqual(['8'])
    expect(names(settings({ hidden: ['a', '2a x i/2'] }, { baseline: false }))).toEqual(['6', '12x5'])
  })

  it('have every combination of the settings, but none that say nothing', () => {
    const vary = [
      { path: 'hidden.activation', values: ['relu', 'tanh'] },
      { path: 'optimizer.learningRate', values: [0.1, 0.01] },
      { path: 'hidden.dropout', values: [0, 0.5] }
    ]
    const space = { hidden: ['8'], vary }
    const { points } = planSweep(settings(space), complete)
    // The linear model has neither activation nor dropout: only its two rates differ.
    expect(points).toHaveLength(2 + 2 * 2 * 2)
    expect(points.filter(({ topology }) => topology.layers[0]?.dropout === 0.5)).toHaveLength(4)
    const written = planSweep(
      settings({ hidden: ['8:dropout=0.3'], vary: vary.slice(2) }, { baseline: false }),
      complete
    )
    expect(written.points.map(({ topology }) => topology.layers[0]?.dropout)).toEqual([undefined, 0.5])
    expect(new Set(points.map((point) => point.plan.optimizer.learningRate))).toEqual(new Set([0.1, 0.01]))
  })

  it('have layers as they are, whatever is varied, and schedules; a constant rate is that of a plan without one', () => {
    const layers = [[{ units: 8, activation: 'tanh', dropout: 0.3 }]]
    const vary = [
      { path: 'hidden.dropout', values: [0, 0.5] },
      { path: 'schedule.name', values: ['constant', 'cosine'] }
    ]
    const given = settings({ layers, vary }, { baseline: false })
    const { points } = planSweep(given, complete)
    expect(points.map(({ topology }) => topology.layers[0])).toEqual([layers[0]?.[0], layers[0]?.[0]])
    expect(points.map(({ plan }) => plan.schedule?.name)).toEqual([undefined, 'cosine'])
  })

  it('vary any setting of the plan, choices before the numbers that belong to them, each plan once', () => {
    const vary = [
      { path: 'optimizer.momentum', values: [0.5, 0.9] },
      { path: 'optimizer.name', values: ['adam', 'momentum'] },
      { path: 'stopping.patience', values: [null, 5] }
    ]
    const { points } = planSweep(settings({ hidden: ['8'], vary }, { baseline: false }), complete)
    const tried = points.map(({ plan: { optimizer, stopping } }) => [
      optimizer.name,
      'momentum' in optimizer ? optimizer.momentum : null,
      stopping.patience
    ])
    expect(tried).toEqual([
      ['adam', null, null],
      ['adam', null, 5],
      ['momentum', 0.5, null],
      ['momentum', 0.5, 5],
      ['momentum', 0.9, null],
      ['momentum', 0.9, 5]
    ])
  })

  it('keep the numbers of a choice that the plan has already; another comes with those of its table', () => {
    const own = { ...plan, schedule: { name: 'cosine', minimum: 0.0001 } }
    const vary = [{ path: 'schedule.name', values: ['step', 'cosine'] }]
    const { points } = planSweep(settings({ hidden: ['8'], vary }, { plan: own, baseline: false }), complete)
    expect(points.map((point) => point.plan.schedule)).toEqual([
      { name: 'step', every: 30, factor: 0.1 },
      { name: 'cosine', minimum: 0.0001 }
    ])
  })

  it('are refused with the setting that can not be had', () => {
    const refusal = (vary: object[]) => () => planSweep(settings({ hidden: ['8'], vary }), complete)
    expect(refusal([{ path: 'batchSize', values: [1.5] }])).toThrow(/^Batch size takes a whole number .*"1.5" is none/)
    expect(refusal([{ path: 'hidden.dropout', values: [1] }])).toThrow(/^Dropout takes a number from 0 to below 1/)
    expect(refusal([{ path: 'hidden.activation', values: ['softmax'] }])).toThrow(
      /^Activation takes .*"softmax" is none/
    )
    expect(refusal([{ path: 'optimizer.history', values: [5] }])).toThrow(
      'History is varied, and no plan has it: it belongs to optimizer L-BFGS.'
    )
  })

  it('are refused by their count where they are too many to be written out, also with a budget', () => {
    const values = Array.from({ length: 100 }, (_, index) => (index + 1) / 1000)
    const vary = ['optimizer.learningRate', 'regularisation.l1', 'regularisation.l2', 'regularisation.inputNoise'].map(
      (path) => ({ path, values })
    )
    const budget = { runs: 10, minutes: null }
    expect(() => planSweep(settings({ hidden: ['8'], vary }, { budget }), complete)).toThrow(
      /^The space has 200,000,000 points; the limit is 20,000\./
    )
  })

  it('have the wanted count of parameters at every depth, as near as whole units allow', () => {
    const given = settings({ equalParameters: { parameters: 1000, depths: [1, 2, 3] } }, { baseline: false })
    const { points } = planSweep(given, complete)
    expect(points.map(({ topology }) => topology.layers.length - 1)).toEqual([1, 2, 3])
    for (const { topology } of points) expect(Math.abs(parameterCount(topology) - 1000)).toBeLessThan(40)
  })

  it('keep to a budget in whole points, drawn by a seed, and count what is left out', () => {
    const space = { grid: { depths: [1], widths: [1, 2, 4, 8, 16, 32] } }
    const given = settings(space, { budget: { runs: 10 } })
    expect(planSweep(given, complete)).toMatchObject({ points: { length: 3 }, leftOut: 4 })
    expect(names(given)).toEqual(names(given))
    const random = { strategy: { name: 'random', points: 4, seed: 5 } }
    expect(planSweep(settings(space, random), complete)).toMatchObject({ points: { length: 4 }, leftOut: 3 })
  })

  it('are refused where there are none, too many, or one that can not be read', () => {
    expect(() => planSweep(settings({}, { baseline: false }), complete)).toThrow(/nothing to try/)
    expect(() => planSweep(settings({ hidden: ['8x'] }), complete)).toThrow(/A layer is missing/)
    const wide = { grid: { depths: [1, 2, 3, 4, 5, 6, 7], widths: Array.from({ length: 1000 }, (_, i) => i + 1) } }
    expect(() => planSweep(settings(wide), complete)).toThrow(/the limit is 20000/)
  })

  it('are counted before they are built, so that a grid far too large is refused at once', () => {
    const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
    const grid = { depths: numbers(64), widths: numbers(1000) }
    let built = 0
    const counting = (hidden: Parameters<typeof complete>[0]) => {
      built++
      return complete(hidden)
    }
    expect(() => planSweep(settings({ grid }), counting)).toThrow(/64,001 points; the limit is 20,000/)
    expect(built).toBe(0)
  })
})

describe('successive halving', () => {
  it('gives each rung factor times the epochs, the last one all', () => {
    expect(rungEpochs(27, 81, { factor: 3 })).toEqual([9, 27, 81])
    expect(rungEpochs(3, 81, { factor: 3 })).toEqual([81])
    expect(rungEpochs(1000, 4, { factor: 2 })).toEqual([1, 2, 4])
  })

  it('decides once where the first epochs are named, however many points there are', () => {
    expect(rungEpochs(27, 81, { factor: 3, firstEpochs: 30 })).toEqual([30, 81])
    expect(rungEpochs(3, 81, { factor: 3, firstEpochs: 30 })).toEqual([30, 81])
    expect(rungEpochs(27, 81, { factor: 3, firstEpochs: 81 })).toEqual([81])
    expect(rungEpochs(1, 81, { factor: 3, firstEpochs: 30 })).toEqual([81])
  })

  it('keeps the best share by the mean over seeds; a diverged seed counts as worst', () => {
    const scores = [
      { point: 0, scores: [0.3, 0.5] },
      { point: 1, scores: [0.1, Infinity] },
      { point: 2, scores: [0.39, 0.39] },
      { point: 3, scores: [0.2, 0.2] }
    ]
    expect(keepBest(scores, 2)).toEqual([2, 3])
    expect(keepBest(scores, 4)).toEqual([3])
    expect(keepBest([{ point: 7, scores: [] }], 3)).toEqual([7])
  })
})

describe('the forecast', () => {
  const point = { multiplyAdds: 1000, samples: 2000, runs: 3 }

  it('follows from the speed of earlier runs of the same size', () => {
    const history = [{ multiplyAdds: 1000, samplesPerSecond: 1000 }]
    const { seconds, basis } = forecastTime([point], history, 2, 0.5)
    expect(basis).toBe('measured')
    expect(seconds.low).toBeCloseTo(1.5, 1)
    expect(seconds.high).toBeCloseTo(3.1, 1)
  })

  it('counts what every run takes beside its training', () => {
    const tiny = { multiplyAdds: 10, samples: 1, runs: 1000 }
    const { seconds } = forecastTime([tiny], [{ multiplyAdds: 10, samplesPerSecond: 1e6 }], 1, 1)
    expect(seconds.low).toBeGreaterThan(1)
    expect(seconds.high).toBeGreaterThan(10)
  })

  it('of an epoch tells its training alone', () => {
    const history = [{ multiplyAdds: 10, samplesPerSecond: 1e6 }]
    const { seconds } = forecastEpoch({ multiplyAdds: 10, samples: 1000 }, history)
    expect(seconds.low).toBeCloseTo(0.001, 6)
    expect(seconds.high).toBeCloseTo(0.001, 6)
  })

  it('is a wide range before anything was measured', () => {
    const { seconds, basis } = forecastTime([point], [], 1, 1)
    expect(basis).toBe('assumed')
    expect(seconds.high).toBeGreaterThan(5 * seconds.low)
  })
})

describe('the cost', () => {
  const trial = (point: number, seconds: number, validationLoss: number | null) => ({
    runId: 0,
    point,
    status: validationLoss === null ? ('stopped' as const) : ('done' as const),
    epochs: 10,
    seconds,
    validationLoss
  })

  it('is lost on points above the best by more than its noise, and on unfinished ones', () => {
    // The best has mean 0.2 and standard error 0.02; the second lies within, the third above.
    const trials = [trial(0, 1, 0.18), trial(0, 1, 0.22), trial(1, 2, 0.21), trial(2, 4, 0.3), trial(3, 8, null)]
    expect(costOf(trials)).toEqual({ seconds: 16, lostSeconds: 12, lostShare: 0.75 })
  })

  it('is nothing for a sweep that has not begun', () => {
    expect(costOf([])).toEqual({ seconds: 0, lostSeconds: 0, lostShare: 0 })
  })
})
