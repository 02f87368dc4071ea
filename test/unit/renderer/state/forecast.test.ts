import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SweepForecast } from '#contract/sweeps.ts'
import { Forecast } from '#renderer/state/forecast.svelte.ts'
import { defaultPlan } from '#engine/training/plan.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const request = (seeds: number[]) => ({
  experimentId: 1,
  space: { layers: [[{ units: 8, activation: 'relu' as const }]] },
  plan: defaultPlan('cross_entropy'),
  seeds,
  folds: null,
  baseline: false
})

/** A lab that counts what it is asked, and answers with as many runs as there are seeds, or with what it is told. */
function countingLab(fail: () => boolean = () => false) {
  const asked: number[] = []
  const forecast = ({ seeds = [] }: { seeds?: number[] }): Promise<SweepForecast> => {
    asked.push(seeds.length)
    return fail()
      ? Promise.reject(new Error('The lab is gone.'))
      : Promise.resolve({
          points: 1,
          runs: seeds.length,
          trainedAlready: 0,
          leftOut: 0,
          seconds: { low: 1, high: 2 },
          basis: 'measured'
        })
  }
  return { asked, forecast: new Forecast({ forecast }) }
}

test('answers though the same trials are put together anew all the time, as while a run trains', async () => {
  const { asked, forecast } = countingLab()
  for (let frame = 0; frame < 60; frame++) {
    forecast.ask([request([1, 2])])
    await vi.advanceTimersByTimeAsync(16)
  }
  expect(forecast.value?.runs).toBe(2)
  expect(asked).toEqual([2])
})

test('adds up what is started together, and follows what is planned', async () => {
  const { forecast } = countingLab()
  forecast.ask([request([1, 2]), request([3])])
  await vi.advanceTimersByTimeAsync(200)
  expect(forecast.value?.runs).toBe(3)
  forecast.ask([request([1, 2, 3, 4])])
  await vi.advanceTimersByTimeAsync(200)
  expect(forecast.value?.runs).toBe(4)
  forecast.ask([])
  expect(forecast.value).toBeNull()
})

test('asks again after a failure', async () => {
  let isGone = true
  const { forecast } = countingLab(() => isGone)
  forecast.ask([request([1])])
  await vi.advanceTimersByTimeAsync(200)
  expect(forecast.problem).toMatch(/broke off/)
  isGone = false
  forecast.ask([request([1])])
  await vi.advanceTimersByTimeAsync(200)
  expect(forecast).toMatchObject({ problem: null, value: { runs: 1 } })
})
