import { describe, expect, it } from 'vitest'
import {
  plateauRates,
  reduceOnPlateauDefaults,
  type ReferenceSchedule,
  scheduledRate,
  warmedRate
} from '#engine/kernels/reference/schedules.ts'
import { expectClose } from '#test/unit/engine/reference/support.ts'

const exact = { absolute: 1e-15, relative: 1e-12 }
const rates = (schedule: ReferenceSchedule, epochs: readonly number[]) =>
  epochs.map((k) => scheduledRate(schedule, 0.1, k))

describe('the rate after so many epochs, base 0.1', () => {
  it.each<[ReferenceSchedule, number[], number[]]>([
    [{ name: 'constant' }, [0, 7, 1000], [0.1, 0.1, 0.1]],
    [{ name: 'inverse', c1: 2, c2: 4 }, [0, 3, 15], [0.4, 0.25, 0.1]],
    [{ name: 'step', every: 3, factor: 0.5 }, [0, 2, 3, 5, 6], [0.1, 0.1, 0.05, 0.05, 0.025]],
    [{ name: 'exponential', factor: 0.9 }, [0, 1, 2], [0.1, 0.09, 0.081]],
    [{ name: 'cosine', epochs: 10, minimum: 0.02 }, [0, 5, 10, 15], [0.1, 0.06, 0.02, 0.02]],
    [{ name: 'one_cycle', epochs: 21, rise: 1 / 3 }, [0, 3, 6, 20], [0.004, 0.052, 0.1, 4e-7]],
    [{ name: 'one_cycle', epochs: 1, rise: 0.3 }, [0], [0.1]]
  ])('$name', (schedule, epochs, wanted) => {
    expectClose('rates', rates(schedule, epochs), wanted, exact)
  })
})

it('warms up in a straight line, then starts the schedule at its own beginning', () => {
  const schedule: ReferenceSchedule = { name: 'exponential', factor: 0.5 }
  const warmed = [0, 1, 2, 3, 4, 5].map((k) => warmedRate(4, schedule, 1, k))
  expectClose('rates', warmed, [0.2, 0.4, 0.6, 0.8, 1, 0.5], exact)
})

describe('reduce on plateau', () => {
  const settings = { ...reduceOnPlateauDefaults, patience: 2 }

  it('lowers the rate after patience + 1 epochs that are not better', () => {
    const losses = [5, 4, 4, 4, 4, 3, 3, 3, 3]
    expectClose('rates', plateauRates(settings, 1, losses), [1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.01], exact)
  })

  it('counts a gain below the threshold as none, and rests during the cooldown', () => {
    const losses = [1, 0.99999, 0.99998, 0.99997, 0.99996, 0.99995, 0.99994, 0.99993, 0.99992]
    const resting = plateauRates({ ...settings, cooldown: 2 }, 1, losses)
    expectClose('rates', resting, [1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.01], exact)
  })

  it('never goes below its minimum', () => {
    expect(plateauRates({ ...settings, minimum: 0.05 }, 1, Array<number>(20).fill(1)).at(-1)).toBe(0.05)
  })
})
