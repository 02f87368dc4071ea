/** The engine's learning-rate schedules against PyTorch, over 50 epochs. */
import { describe, expect, it } from 'vitest'
import { afterEpoch, plateauStart, rateAt, type Schedule, scheduleNames } from '#engine/training/schedules.ts'
import { readGolden } from '#test/golden/golden.ts'
import { expectClose } from '#test/unit/engine/reference/support.ts'

const { base, cases, warmed, plateaus } = readGolden('schedules')
const float64 = { absolute: 1e-13, relative: 1e-11 }
const ratesOf = (schedule: Schedule, epochs: number) =>
  Array.from({ length: epochs }, (_, done) => rateAt(schedule, base, done + 1, epochs, 1))

it.each(cases)('$schedule.name', ({ schedule, rates }) => {
  expectClose('rate', ratesOf(schedule, rates.length), rates, float64)
})

it('warm-up in front of exponential', () => {
  const { warmUp, schedule, rates } = warmed
  expectClose('rate', ratesOf({ ...schedule, warmUp }, rates.length), rates, float64)
})

describe('reduce on plateau', () => {
  it.each(plateaus.filter(({ settings }) => settings.cooldown === 0))('as PyTorch', ({ settings, losses, rates }) => {
    const schedule: Schedule = { name: 'plateau', factor: settings.factor, patience: settings.patience }
    let state = plateauStart
    const lowered = losses.map((loss) => {
      state = afterEpoch(state, schedule, loss)
      return rateAt(schedule, base, 1, losses.length, state.factor)
    })
    expectClose('rate', lowered, rates, float64)
  })
})

it('covers every schedule of the table', () => {
  const covered = [...cases.map(({ schedule }) => schedule.name), 'plateau']
  expect(covered).toEqual(expect.arrayContaining(scheduleNames))
})
