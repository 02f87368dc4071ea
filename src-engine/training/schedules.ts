/**
 * The table of learning-rate schedules: of each its numbers with their defaults, and the rate of an epoch. Rates change
 * between epochs, not within one. Its type, the contract's schema, forms and options follow from a row; its case in
 * kernels/reference/schedules.ts is what it is compared with.
 * Only `plateau` looks at how training goes; its state is PlateauState, kept by the trainer.
 */
import type { OwnOf } from '#engine/own-numbers.ts'

/** Where an epoch stands, warm-up left out. Units: epoch from 1 to epochs; plateauFactor is PlateauState's. */
interface EpochPlace {
  /** The plan's learning rate. */
  readonly rate: number
  readonly epoch: number
  readonly epochs: number
  readonly plateauFactor: number
}

export interface ScheduleEntry<Own = object> {
  readonly label: string
  readonly formula: string
  readonly defaults: Own
  /** The learning rate of an epoch. */
  readonly rate: (own: Own, place: EpochPlace) => number
  readonly help: string
}

/** A row, whose function knows its own numbers. */
const row = <const Defaults extends { readonly name: string }>(
  entry: ScheduleEntry<NoInfer<OwnOf<Defaults>>> & { readonly defaults: Defaults }
): ScheduleEntry<OwnOf<Defaults>> => entry

export const schedules = {
  constant: row({
    label: 'Constant',
    formula: 'r',
    defaults: { name: 'constant' },
    rate: (_, { rate }) => rate,
    help: 'The same rate from first to last.'
  }),
  inverse: row({
    label: 'c1 / (k + c2)',
    formula: 'c1 / (k + c2) in epoch k, from 1',
    defaults: { name: 'inverse', c1: 1, c2: 100 },
    rate: ({ c1, c2 }, { epoch }) => c1 / (epoch + c2),
    help: 'Falls fast, then ever slower; the sum of all rates has no limit, so no goal is out of reach.'
  }),
  step: row({
    label: 'Steps',
    formula: 'r f^floor((k - 1) / n)',
    defaults: { name: 'step', every: 30, factor: 0.1 },
    rate: ({ every, factor }, { rate, epoch }) => rate * factor ** Math.floor((epoch - 1) / every),
    help: 'Multiplies the rate by a factor every n epochs.'
  }),
  exponential: row({
    label: 'Exponential',
    formula: 'r f^(k - 1)',
    defaults: { name: 'exponential', factor: 0.95 },
    rate: ({ factor }, { rate, epoch }) => rate * factor ** (epoch - 1),
    help: 'Multiplies the rate by a factor every epoch.'
  }),
  cosine: row({
    label: 'Cosine',
    formula: 'r0 + (r - r0) (1 + cos(pi (k - 1) / n)) / 2',
    defaults: { name: 'cosine', minimum: 0 },
    rate: ({ minimum }, { rate, epoch, epochs }) => halfCosine(rate, minimum, (epoch - 1) / Math.max(1, epochs)),
    help: 'Half a cosine from the rate down to a minimum over all epochs (Loshchilov & Hutter 2017).'
  }),
  one_cycle: row({
    label: 'One cycle',
    formula: 'up from r / 25 to r, then down to r / 250000, both as half a cosine',
    defaults: { name: 'one_cycle', rise: 0.3 },
    rate: ({ rise }, { rate, epoch, epochs }) => {
      const done = epoch - 1
      const first = rate / 25
      const turn = rise * epochs - 1
      if (done <= turn) return halfCosine(first, rate, turn > 0 ? done / turn : 1)
      return halfCosine(rate, first / 10_000, (done - turn) / Math.max(1, epochs - 1 - turn))
    },
    help: 'Up to the rate in the first share of epochs, then down to almost nothing (Smith & Topin 2018).'
  }),
  plateau: row({
    label: 'Reduce on plateau',
    formula: 'r f^j after j stretches without a better loss',
    defaults: { name: 'plateau', factor: 0.1, patience: 10 },
    rate: (_, { rate, plateauFactor }) => rate * plateauFactor,
    help: 'Multiplies the rate by a factor when the loss has not become better for so many epochs.'
  })
}

type Table = typeof schedules
export type ScheduleName = keyof Table

/** A schedule with its numbers, by the rows of the table. */
export type Schedule = { [Name in ScheduleName]: Table[Name]['defaults'] & WarmUp }[ScheduleName]

interface WarmUp {
  /** Epochs in which the rate rises in equal steps to its first value. */
  readonly warmUp?: number | undefined
}

export const scheduleNames = Object.keys(schedules) as ScheduleName[]

/**
 * Computes the learning rate of an epoch.
 * Units: epoch from 1 to epochs; plateauFactor is PlateauState's.
 */
export function rateAt(schedule: Schedule, rate: number, epoch: number, epochs: number, plateauFactor: number): number {
  const warmUp = Math.min(schedule.warmUp ?? 0, epochs)
  const entry = schedules[schedule.name] as ScheduleEntry<Schedule>
  const isWarming = epoch <= warmUp
  const place = { rate, epoch: isWarming ? 1 : epoch - warmUp, epochs: epochs - warmUp, plateauFactor }
  return entry.rate(schedule, place) * (isWarming ? epoch / (warmUp + 1) : 1)
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
