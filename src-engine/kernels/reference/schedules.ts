/**
 * Learning-rate schedules in float64, closed forms of the epoch k = 0, 1, 2, ... (the epochs completed before).
 * Those that PyTorch has too give its figures epoch by epoch.
 */
import type { Vector } from '#engine/kernels/reference/matrix.ts'

export type ReferenceSchedule =
  | { readonly name: 'constant' }
  /** The lecture's c1 / (k + c2), which stands in for the base rate. */
  | { readonly name: 'inverse'; readonly c1: number; readonly c2: number }
  | { readonly name: 'step'; readonly every: number; readonly factor: number }
  | { readonly name: 'exponential'; readonly factor: number }
  | { readonly name: 'cosine'; readonly epochs: number; readonly minimum: number }
  | {
      readonly name: 'one_cycle'
      readonly epochs: number
      /** The share of the epochs in which the rate rises. */
      readonly rising: number
      /** The base rate is the peak: it starts at peak / startDivisor and ends at that start / endDivisor. */
      readonly startDivisor: number
      readonly endDivisor: number
    }

export const oneCycleDefaults = { rising: 0.3, startDivisor: 25, endDivisor: 1e4 } as const

/** Computes the rate of epoch k. Units: base is the plan's learning rate; k counts from 0. */
export function scheduledRate(schedule: ReferenceSchedule, base: number, k: number): number {
  switch (schedule.name) {
    case 'constant':
      return base
    // Robbins & Monro 1951: the steps add up to infinity, their squares do not.
    case 'inverse':
      return schedule.c1 / (k + schedule.c2)
    case 'step':
      return base * schedule.factor ** Math.floor(k / schedule.every)
    case 'exponential':
      return base * schedule.factor ** k
    // Half a cosine from base to minimum, which then stays. Loshchilov & Hutter 2017, equation 5, without restarts.
    case 'cosine':
      return cosineBetween(base, schedule.minimum, Math.min(k / schedule.epochs, 1))
    // Smith & Topin 2019; two halves of a cosine, as PyTorch's OneCycleLR.
    case 'one_cycle': {
      const { epochs, rising, startDivisor, endDivisor } = schedule
      const start = base / startDivisor
      const top = Math.max(rising * epochs - 1, 0)
      if (k < top) return cosineBetween(start, base, k / top)
      const falling = epochs - 1 - top
      return cosineBetween(base, start / endDivisor, falling > 0 ? Math.min((k - top) / falling, 1) : 0)
    }
  }
}

/** A warm-up: `epochs` epochs that rise in a straight line from `start` (a share of the rate, 0 to 1) to the whole. */
export interface WarmUp {
  readonly epochs: number
  readonly start: number
}

/**
 * Puts a warm-up in front of a schedule, which then begins at its own epoch 0.
 * Source: Goyal et al. 2017, section 2.2 (gradual warm-up); PyTorch's LinearLR followed by the schedule.
 */
export function warmedRate(warmUp: WarmUp, schedule: ReferenceSchedule, base: number, k: number): number {
  if (k >= warmUp.epochs) return scheduledRate(schedule, base, k - warmUp.epochs)
  return scheduledRate(schedule, base, 0) * (warmUp.start + ((1 - warmUp.start) * k) / warmUp.epochs)
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
