/**
 * Learning-rate schedules in float64, closed forms of the number of epochs done before.
 * Those that PyTorch has too give its figures epoch by epoch.
 */
import type { Vector } from '#engine/kernels/reference/matrix.ts'

export type ReferenceSchedule =
  | { readonly name: 'constant' }
  /** The lecture's c1 / (k + c2) with k from 1, which stands in for the base rate. */
  | { readonly name: 'inverse'; readonly c1: number; readonly c2: number }
  | { readonly name: 'step'; readonly every: number; readonly factor: number }
  | { readonly name: 'exponential'; readonly factor: number }
  | { readonly name: 'cosine'; readonly epochs: number; readonly minimum: number }
  /** `rise` is the share of the epochs in which the rate rises to the base rate, its peak. */
  | { readonly name: 'one_cycle'; readonly epochs: number; readonly rise: number }

/** One cycle starts at peak / 25 and ends at a ten-thousandth of that, as PyTorch's defaults. */
const startDivisor = 25
const endDivisor = 1e4

/** Computes the rate of an epoch. Units: base is the plan's learning rate; `done` counts the epochs before, from 0. */
export function scheduledRate(schedule: ReferenceSchedule, base: number, done: number): number {
  switch (schedule.name) {
    case 'constant':
      return base
    // Robbins & Monro 1951: the steps add up to infinity, their squares do not.
    case 'inverse':
      return schedule.c1 / (done + 1 + schedule.c2)
    case 'step':
      return base * schedule.factor ** Math.floor(done / schedule.every)
    case 'exponential':
      return base * schedule.factor ** done
    // Half a cosine from base to minimum, which then stays. Loshchilov & Hutter 2017, equation 5, without restarts.
    case 'cosine':
      return cosineBetween(base, schedule.minimum, Math.min(done / schedule.epochs, 1))
    // Smith & Topin 2019; two halves of a cosine, as PyTorch's OneCycleLR.
    case 'one_cycle': {
      const { epochs, rise } = schedule
      const start = base / startDivisor
      const top = Math.max(rise * epochs - 1, 0)
      if (done < top) return cosineBetween(start, base, done / top)
      const falling = epochs - 1 - top
      return cosineBetween(base, start / endDivisor, falling > 0 ? Math.min((done - top) / falling, 1) : 0)
    }
  }
}

/**
 * Puts a warm-up of some epochs in front of a schedule, which then begins at its own epoch 0: the rate rises in equal
 * steps, 1/(n + 1) to n/(n + 1) of the schedule's first.
 * Source: Goyal et al. 2017, section 2.2 (gradual warm-up).
 */
export function warmedRate(warmUp: number, schedule: ReferenceSchedule, base: number, done: number): number {
  if (done >= warmUp) return scheduledRate(schedule, base, done - warmUp)
  return (scheduledRate(schedule, base, 0) * (done + 1)) / (warmUp + 1)
}

export interface ReduceOnPlateau {
  readonly factor: number
  /** Epochs without a better loss that are let pass; the one after them lowers the rate. */
  readonly patience: number
  /** The loss must fall below best * (1 - threshold) to count as better. */
  readonly threshold: number
  /** Epochs after a lowering in which none are counted. */
  readonly cooldown: number
  readonly minimum: number
}

export const reduceOnPlateauDefaults: ReduceOnPlateau = {
  factor: 0.1,
  patience: 10,
  threshold: 1e-4,
  cooldown: 0,
  minimum: 0
}

/**
 * Computes the rates of a run whose rate falls where its loss stands still: entry k is the rate after losses[k] is known.
 * Units: losses in order of epochs; base is the rate of the first epoch.
 * Source: PyTorch's ReduceLROnPlateau (mode min, relative threshold), which also leaves falls below 1e-8 undone.
 */
export function plateauRates(settings: ReduceOnPlateau, base: number, losses: Vector): number[] {
  let [rate, best, bad, cooldown] = [base, Infinity, 0, 0]
  return losses.map((loss) => {
    const isBetter = loss < best * (1 - settings.threshold)
    if (isBetter) best = loss
    bad = isBetter ? 0 : bad + 1
    if (cooldown > 0) {
      cooldown--
      bad = 0
    }
    if (bad > settings.patience) {
      const lowered = Math.max(rate * settings.factor, settings.minimum)
      if (rate - lowered > 1e-8) rate = lowered
      cooldown = settings.cooldown
      bad = 0
    }
    return rate
  })
}

/** From `from` at share 0 to `to` at share 1 along half a cosine. */
function cosineBetween(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2
}
