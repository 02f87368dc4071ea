/** Stations 11 to 13: stopping, trial and error, history. */
import { describe, expect, test } from 'vitest'
import {
  CurveNetwork,
  curveOf,
  drawProblem,
  places,
  trueError,
  truth
} from '#renderer/parts/foundations/curve-problem.ts'
import { history } from '#renderer/parts/foundations/history/entries.ts'
import { HistoryModel } from '#renderer/parts/foundations/history/model.svelte.ts'
import { earlyStopping, StoppingModel } from '#renderer/parts/foundations/stopping/model.svelte.ts'
import { sizes, stepsEach, TrialModel } from '#renderer/parts/foundations/trial/model.svelte.ts'

describe('stopping', () => {
  test('patience counts epochs without a better one, and the best are kept', () => {
    const errors = [5, 4, 3, 4, 2, 3, 3, 3, 1]
    expect(earlyStopping(errors, 1)).toEqual({ kept: 2, stop: 3 })
    expect(earlyStopping(errors, 3)).toEqual({ kept: 4, stop: 7 })
    expect(earlyStopping(errors, 4)).toEqual({ kept: 8, stop: null })
    expect(earlyStopping([1, 1, 1], 2)).toEqual({ kept: 0, stop: 2 })
  })

  test('on its points the kept weights are far better in truth than the last ones', () => {
    const model = new StoppingModel('')
    while (model.step());
    const { kept, stop } = earlyStopping(
      model.errors.map(({ validation }) => validation),
      model.state.patience
    )
    const [best, last] = [model.errors[kept], model.errors.at(-1)]
    expect(stop).toBe(kept + model.state.patience)
    expect(last?.test).toBeGreaterThan(1.3 * (best?.test ?? NaN))
    expect(last?.train).toBeLessThan(best?.train ?? NaN)
  })

  test('batches are what the trainer makes of them, and its address holds the epochs', () => {
    const model = new StoppingModel('')
    model.set({ rows: 20, batch: 6 })
    expect(model.batches).toBe(4)
    for (let epoch = 0; epoch < 12; epoch++) model.step()
    const twin = new StoppingModel(model.address)
    expect(twin.address).toBe(model.address)
    while (twin.isBehind) twin.step()
    expect(twin.errors).toEqual(model.errors)
    model.set({ patience: 5 })
    expect(model.epochs).toBe(12)
    model.set({ batch: 20 })
    expect(model.epochs).toBe(0)
  })

  test('the true error is what endlessly many new points would say', () => {
    const { train } = drawProblem(4, 20, 0.3)
    const learner = new CurveNetwork(train, { units: 6, seed: 1, batch: 20, rate: 0.02 })
    for (let epoch = 0; epoch < 200; epoch++) learner.epoch()
    const { train: fresh } = drawProblem(5, 40_000, 0.3)
    const squares = fresh.map(({ x, y }) => (y - (learner.network.output([x])[0] ?? NaN)) ** 2)
    const measured = Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / squares.length)
    expect(trueError(learner.network, 0.3)).toBeCloseTo(measured, 2)
    expect(curveOf(learner.network)).toHaveLength(places.length)
    expect(truth(0)).toBe(0)
  })
})

describe('trial and error', () => {
  const model = new TrialModel('seeds=3')
  while (model.step());

  test('training errors fall with the size, and the true ones turn', () => {
    const [line] = model.medians
    const largest = model.medians.at(-1)
    const { sweet } = model
    expect(model.trained).toHaveLength(3 * sizes.length)
    expect(largest?.train).toBeLessThan(0.2 * (line?.train ?? NaN))
    expect(sweet?.test).toBeLessThan(0.7 * (line?.test ?? NaN))
    expect(sweet?.test).toBeLessThan(0.7 * (largest?.test ?? NaN))
  })

  test('no training error of a larger network is that of its truth: nothing is below the noise', () => {
    for (const { errors } of model.trained) expect(errors.test).toBeGreaterThan(model.state.noise)
  })

  test('its address holds what was trained', () => {
    const short = new TrialModel('seeds=1')
    for (let step = 0; step < 2 * stepsEach + 3; step++) short.step()
    const twin = new TrialModel(short.address)
    expect(twin.address).toBe(short.address)
    while (twin.isBehind) twin.step()
    expect(twin.trained).toEqual(short.trained)
    expect(twin.curves).toEqual(short.curves)
  })

  test('more seeds go on, other points begin anew', () => {
    const short = new TrialModel('seeds=1')
    for (let step = 0; step < stepsEach; step++) short.step()
    short.set({ seeds: 2 })
    expect(short.trained).toHaveLength(1)
    short.set({ rows: 20 })
    expect(short.trained).toEqual([])
  })
})

describe('history', () => {
  test('the entries are in order, and one can go through them', () => {
    expect(history.map(({ year }) => year)).toEqual(history.map(({ year }) => year).toSorted((a, b) => a - b))
    const model = new HistoryModel('at=2')
    expect(model.entry.year).toBe(1958)
    while (model.step());
    expect(model.address).toBe(`at=${history.length - 1}`)
  })
})
