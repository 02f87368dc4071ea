/**
 * The table of learning-rate schedules, and the rate of an epoch. Rates change between epochs, not within one.
 * Only `plateau` looks at how training goes; its state is PlateauState, kept by the trainer.
 */
export type Schedule = (
  | { readonly name: 'constant' }
  | { readonly name: 'inverse'; readonly c1: number; readonly c2: number }
  | { readonly name: 'step'; readonly every: number; readonly factor: number }
  | { readonly name: 'exponential'; readonly factor: number }
  | { readonly name: 'cosine'; readonly minimum: number }
  | { readonly name: 'one_cycle'; readonly rise: number }
  | { readonly name: 'plateau'; readonly factor: number; readonly patience: number }
) & {
  /** Epochs in which the rate rises in equal steps to its first value. */
  readonly warmUp?: number | undefined
}

export type ScheduleName = Schedule['name']

export interface ScheduleEntry {
  readonly label: string
  readonly formula: string
  readonly defaults: Schedule
  readonly help: string
}

export const schedules = {
  constant: {
    label: 'Constant',
    formula: 'r',
    defaults: { name: 'constant' },
    help: 'The same rate from first to last.'
  },
  inverse: {
    label: 'c1 / (k + c2)',
    formula: 'c1 / (k + c2) in epoch k, from 1',
    defaults: { name: 'inverse', c1: 1, c2: 100 },
    help: 'Falls fast, then ever slower; the sum of all rates has no limit, so no goal is out of reach.'
  },
  step: {
    label: 'Steps',
    formula: 'r f^floor((k - 1) / n)',
    defaults: { name: 'step', every: 30, factor: 0.1 },
    help: 'Multiplies the rate by a factor every n epochs.'
  },
  exponential: {
    label: 'Exponential',
    formula: 'r f^(k - 1)',
    defaults: { name: 'exponential', factor: 0.95 },
    help: 'Multiplies the rate by a factor every epoch.'
  },
  cosine: {
    label: 'Cosine',
    formula: 'r0 + (r - r0) (1 + cos(pi (k - 1) / n)) / 2',
    defaults: { name: 'cosine', minimum: 0 },
    help: 'Half a cosine from the rate down to a minimum over all epochs (Loshchilov & Hutter 2017).'
  },
  one_cycle: {
    label: 'One cycle',
    formula: 'up from r / 25 to r, then down to r / 250000, both as half a cosine',
    defaults: { name: 'one_cycle', rise: 0.3 },
    help: 'Up to the rate in the first share of epochs, then down to almost nothing (Smith & Topin 2018).'
  },
  plateau: {
    label: 'Reduce on plateau',
    formula: 'r f^j after j stretches without a better loss',
    defaults: { name: 'plateau', factor: 0.1, patience: 10 },
    help: 'Multiplies the rate by a factor when the loss has not become better for so many epochs.'
  }
} as const satisfies Record<ScheduleName, ScheduleEntry>

export const scheduleNames = Object.keys(schedules) as ScheduleName[]

/**
 * Computes the learning rate of an epoch.
 * Units: epoch from 1 to epochs; plateauFactor is PlateauState's.
 */
export function rateAt(schedule: Schedule, rate: number, epoch: number, epochs: number, plateauFactor: number): number {
  const warmUp = Math.min(schedule.warmUp ?? 0, epochs)
  if (epoch <= warmUp)
    return rateAfterWarmUp(schedule, rate, 1, epochs - warmUp, plateauFactor) * (epoch / (warmUp + 1))
  return rateAfterWarmUp(schedule, rate, epoch - warmUp, epochs - warmUp, plateauFactor)
}

function rateAfterWarmUp(schedule: Schedule, rate: number, epoch: number, epochs: number, factor: number): number {
  const done = epoch - 1
  switch (schedule.name) {
    case 'constant':
      return rate
    case 'inverse':
      return schedule.c1 / (epoch + schedule.c2)
    case 'step':
      return rate * schedule.factor ** Math.floor(done / schedule.every)
    case 'exponential':
      return rate * schedule.factor ** done
    case 'cosine':
      return halfCosine(rate, schedule.minimum, done / Math.max(1, epochs))
    case 'one_cycle': {
      const first = rate / 25
      const turn = schedule.rise * epochs - 1
      if (done <= turn) return halfCosine(first, rate, turn > 0 ? done / turn : 1)
      return halfCosine(rate, first / 10_000, (done - turn) / Math.max(1, epochs - 1 - turn))
    }
    case 'plateau':
      return rate * factor
  }
}

function halfCosine(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2
}

/** How `plateau` stands: kept in float32, so that a checkpoint has all of it. */
export interface PlateauState {
  readonly factor: number
  readonly best: number
  readonly waited: number
}

export const plateauStart: PlateauState = { factor: 1, best: Infinity, waited: 0 }

/** Takes in the loss of an epoch; better means lower by a ten-thousandth at least, as PyTorch has it. */
export function afterEpoch(state: PlateauState, schedule: Schedule, loss: number): PlateauState {
  if (schedule.name !== 'plateau') return state
  if (loss < state.best * (1 - 1e-4) || state.best === Infinity) {
    return { ...state, best: Math.fround(loss), waited: 0 }
  }
  if (state.waited < schedule.patience) return { ...state, waited: state.waited + 1 }
  return { ...state, factor: Math.fround(state.factor * schedule.factor), waited: 0 }
}
