/** The station of stopping: a network learns a noisy curve; its errors, and the epoch at which patience would end it. */
import { batchesPerEpoch } from '#engine/network/topology.ts'
import { addressOf, countField, numberField } from '#renderer/parts/foundations/address.ts'
import {
  CurveNetwork,
  curveOf,
  type CurveProblem,
  drawProblem,
  errorOn,
  trueError
} from '#renderer/parts/foundations/curve-problem.ts'

export const mostEpochs = 1200
const rate = 0.02

const codec = addressOf({
  units: countField(12, 1, 24),
  rows: countField(14, 6, 60),
  noise: numberField(0.25, 0, 0.6),
  patience: countField(40, 1, 400),
  batch: countField(7, 1, 60),
  seed: countField(2, 1, 9999),
  epochs: countField(0, 0, mostEpochs)
})

type State = ReturnType<typeof codec.read>['state']

/** Roots of mean squared errors. */
export interface EpochErrors {
  readonly train: number
  readonly validation: number
  /** Of an endless test part: against the truth with its noise, which no lab can know. */
  readonly test: number
}

/** What early stopping does with errors by epoch, the first being the start. */
export interface Stopping {
  /** The epoch whose weights are kept. */
  readonly kept: number
  /** The epoch at which it ends; null while it goes on. */
  readonly stop: number | null
}

/**
 * Goes through validation errors until `patience` epochs in a row brought none better.
 * Source: Goodfellow, Bengio & Courville 2016, algorithm 7.1, validated after each epoch.
 */
export function earlyStopping(validation: readonly number[], patience: number): Stopping {
  let kept = 0
  for (let epoch = 1; epoch < validation.length; epoch++) {
    if ((validation[epoch] ?? Infinity) < (validation[kept] ?? Infinity)) kept = epoch
    else if (epoch - kept >= patience) return { kept, stop: epoch }
  }
  return { kept, stop: null }
}

export class StoppingModel {
  readonly problem: string | null
  #points = $state.raw<CurveProblem>({ train: [], validation: [] })
  #state = $state.raw<State>(codec.read('').state)
  #learner!: CurveNetwork
  #weights: (readonly number[])[] = []
  #errors: EpochErrors[] = []
  /** Epochs that the address asks for. */
  #aim = $state(0)
  #revision = $state(0)

  constructor(address: string) {
    const { state, problem } = codec.read(address)
    this.problem = problem
    this.#take(state, state.epochs)
  }

  get state(): Readonly<State> {
    return this.#state
  }

  get points(): CurveProblem {
    return this.#points
  }

  get address(): string {
    return codec.write({ ...this.#state, epochs: Math.max(this.epochs, this.#aim) })
  }

  get epochs(): number {
    void this.#revision
    return this.#errors.length - 1
  }

  /** Whether the address asks for epochs that are still to be made. */
  get isBehind(): boolean {
    return this.epochs < this.#aim
  }

  /** By epoch; the first is the start. */
  get errors(): readonly EpochErrors[] {
    void this.#revision
    return this.#errors
  }

  get batch(): number {
    return Math.min(this.#state.batch, this.#state.rows)
  }

  /** Batches of an epoch. */
  get batches(): number {
    return batchesPerEpoch(this.#state.rows, this.batch)
  }

  /** The network's curve with the weights of an epoch. */
  curveAt(epoch: number): [number, number][] {
    void this.#revision
    const parameters = this.#weights[epoch]
    return parameters ? curveOf(this.#learner.network, parameters) : []
  }

  /** Another patience looks at the same epochs; all else begins anew. */
  set(change: Partial<State>): void {
    if (Object.keys(change).every((name) => name === 'patience')) this.#state = { ...this.#state, ...change }
    else this.#take({ ...this.#state, ...change }, 0)
  }

  reset(): void {
    this.#take(this.#state, 0)
  }

  /** One epoch; false where it was the last. */
  step(): boolean {
    if (this.epochs >= mostEpochs) return false
    this.#learner.epoch()
    this.#record()
    this.#revision++
    return this.epochs < mostEpochs
  }

  #record(): void {
    const { network } = this.#learner
    this.#weights.push(network.parameters)
    this.#errors.push({
      train: errorOn(network, this.#points.train),
      validation: errorOn(network, this.#points.validation),
      test: trueError(network, this.#state.noise)
    })
  }

  #take(state: State, aim: number): void {
    this.#state = state
    this.#aim = aim
    const { units, rows, noise, seed, batch } = state
    this.#points = drawProblem(seed, rows, noise)
    this.#learner = new CurveNetwork(this.#points.train, { units, seed: seed + 100, batch, rate })
    this.#weights = []
    this.#errors = []
    this.#record()
    this.#revision++
  }
}
