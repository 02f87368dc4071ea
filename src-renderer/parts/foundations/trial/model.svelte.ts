/** The station of trial and error: networks of more and more hidden units on one problem, beside what is true of them. */
import { addressOf, countField, numberField } from '#renderer/parts/foundations/address.ts'
import {
  CurveNetwork,
  curveOf,
  type CurveProblem,
  drawProblem,
  errorOn,
  trueError
} from '#renderer/parts/foundations/curve-problem.ts'

/** Hidden units that are tried; 0 is a straight line. */
export const sizes = [0, 1, 2, 3, 4, 6, 9, 14] as const
/** A network is trained in so many steps of so many epochs. */
export const stepsEach = 16
const epochsAStep = 125
const rate = 0.02
const mostSeeds = 5

const codec = addressOf({
  rows: countField(14, 6, 60),
  noise: numberField(0.25, 0, 0.6),
  seed: countField(3, 1, 9999),
  seeds: countField(3, 1, mostSeeds),
  /** The place in `sizes` of the network that is looked at, from 1; 0 follows the one in training. */
  look: countField(0, 0, sizes.length),
  steps: countField(0, 0, sizes.length * mostSeeds * stepsEach)
})

type State = ReturnType<typeof codec.read>['state']

/** Roots of mean squared errors. */
export interface Errors {
  readonly train: number
  readonly validation: number
  /** Against the truth with its noise. */
  readonly test: number
}

export interface Trained {
  /** Its place in `sizes`. */
  readonly size: number
  readonly errors: Errors
  readonly curve: readonly (readonly [x: number, y: number])[]
}

/** What the seeds of a size say together: medians. */
export interface SizeErrors extends Errors {
  readonly size: number
}

export const errorKinds = ['train', 'validation', 'test'] as const satisfies readonly (keyof Errors)[]

export class TrialModel {
  readonly problem: string | null
  #points = $state.raw<CurveProblem>({ train: [], validation: [] })
  #state = $state.raw<State>(codec.read('').state)
  #learner: CurveNetwork | null = null
  #steps = $state(0)
  #aim = $state(0)
  trained = $state.raw<readonly Trained[]>([])
  /** One entry a size that was trained, the smallest first. */
  readonly medians = $derived(
    sizes.flatMap((_, size): SizeErrors[] => {
      const own = this.trained.filter((one) => one.size === size)
      const middle = (kind: keyof Errors) => median(own.map(({ errors }) => errors[kind]))
      return own.length === 0
        ? []
        : [{ size, train: middle('train'), validation: middle('validation'), test: middle('test') }]
    })
  )
  /** The size that is best in truth, and the one that the validation points would choose. */
  readonly sweet = $derived(leastOf(this.medians, 'test'))
  readonly chosen = $derived(leastOf(this.medians, 'validation'))

  constructor(address: string) {
    const { state, problem } = codec.read(address)
    this.problem = problem
    this.#take(state, state.steps)
  }

  get state(): Readonly<State> {
    return this.#state
  }

  get points(): CurveProblem {
    return this.#points
  }

  get address(): string {
    return codec.write({ ...this.#state, steps: Math.max(this.#steps, this.#aim) })
  }

  get mostSteps(): number {
    return sizes.length * this.#state.seeds * stepsEach
  }

  get isDone(): boolean {
    return this.#steps >= this.mostSteps
  }

  get isBehind(): boolean {
    return this.#steps < Math.min(this.#aim, this.mostSteps)
  }

  /** The place in `sizes` of the network that is in training, or was last. */
  get current(): number {
    return Math.floor(Math.max(0, Math.min(this.#steps, this.mostSteps - 1)) / stepsEach) % sizes.length
  }

  get seed(): number {
    return Math.min(this.#state.seeds, 1 + Math.floor(this.#steps / stepsEach / sizes.length))
  }

  /** The place of the size that is looked at. */
  get looked(): number {
    return this.#state.look === 0 ? this.current : this.#state.look - 1
  }

  /** The curves of the size that is looked at: of each seed that was trained, or as far as the training is. */
  get curves(): Trained['curve'][] {
    void this.#steps
    const own = this.trained.filter(({ size }) => size === this.looked).map(({ curve }) => curve)
    const live = this.#learner && this.looked === this.current ? [curveOf(this.#learner.network)] : []
    return [...own, ...live]
  }

  lookAt(place: number): void {
    this.#state = { ...this.#state, look: place + 1 }
  }

  /** More seeds go on with what was trained; all else begins anew. */
  set(change: Partial<State>): void {
    const seeds = change.seeds ?? 0
    if (Object.keys(change).length === 1 && this.#steps <= sizes.length * stepsEach * seeds) {
      this.#state = { ...this.#state, ...change }
    } else this.#take({ ...this.#state, ...change, look: 0 }, 0)
  }

  reset(): void {
    this.#take({ ...this.#state, look: 0 }, 0)
  }

  /** Trains on for a sixteenth of a network; false where all are trained. */
  step(): boolean {
    if (this.isDone) return false
    const { current } = this
    this.#learner ??= new CurveNetwork(this.#points.train, {
      units: sizes[current] ?? 0,
      seed: 100 * this.seed + current,
      batch: this.#state.rows,
      rate
    })
    for (let epoch = 0; epoch < epochsAStep; epoch++) this.#learner.epoch()
    this.#steps++
    if (this.#steps % stepsEach === 0) this.#keep(current, this.#learner)
    return !this.isDone
  }

  #keep(size: number, { network }: CurveNetwork): void {
    const { train, validation } = this.#points
    const errors = {
      train: errorOn(network, train),
      validation: errorOn(network, validation),
      test: trueError(network, this.#state.noise)
    }
    this.trained = [...this.trained, { size, errors, curve: curveOf(network) }]
    this.#learner = null
  }

  #take(state: State, aim: number): void {
    this.#state = state
    this.#aim = aim
    this.#points = drawProblem(state.seed, state.rows, state.noise)
    this.#learner = null
    this.#steps = 0
    this.trained = []
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2
}

function leastOf(all: readonly SizeErrors[], kind: keyof Errors): SizeErrors | null {
  return all.reduce<SizeErrors | null>((best, one) => (best && best[kind] <= one[kind] ? best : one), null)
}
