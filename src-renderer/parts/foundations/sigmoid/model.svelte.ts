/** The station of a sigmoid neuron: one input, one target; the chain rule factor by factor, and two losses side by side. */
import { sigmoid, softplus } from '#engine/kernels/reference/activations.ts'
import { addressOf, choiceField, countField, numberField } from '#renderer/parts/foundations/address.ts'

export const lossNames = ['squared', 'entropy'] as const
export type LossName = (typeof lossNames)[number]
export const mostSteps = 1000

const codec = addressOf({
  x: numberField(1, -3, 3),
  t: choiceField(['0', '1']),
  /** Badly wrong: the neuron is sure of 1, and 0 is wanted. */
  w: numberField(3, -8, 8),
  b: numberField(2, -8, 8),
  rate: numberField(0.5, 0.01, 10),
  loss: choiceField(lossNames),
  steps: countField(0, 0, mostSteps)
})

type State = ReturnType<typeof codec.read>['state']

/** The factors of dJ/dw = dJ/da * da/dz * dz/dw at some weights. */
export interface Factors {
  readonly z: number
  readonly a: number
  readonly loss: number
  /** dJ/da. */
  readonly byOutput: number
  /** da/dz = a (1 - a). */
  readonly bySum: number
  /** dz/dw = x. */
  readonly byWeight: number
  /** dJ/dz: the first two, for the cross-entropy computed as a - t, which stays exact where a rounds to 0 or 1. */
  readonly delta: number
  readonly gradient: number
}

/**
 * Computes the factors. Units: squared is 1/2 (a - t)^2; entropy is -t log a - (1 - t) log(1 - a).
 * Source: Goodfellow, Bengio & Courville 2016, 6.2.2.2; Bishop & Bishop 2024, 5.4.4.
 */
export function factorsOf(loss: LossName, { w, b, x, t }: { w: number; b: number; x: number; t: number }): Factors {
  const z = w * x + b
  const a = sigmoid(z)
  const bySum = sigmoid(z) * sigmoid(-z)
  const isSquared = loss === 'squared'
  const byOutput = isSquared ? a - t : (a - t) / bySum
  const delta = isSquared ? (a - t) * bySum : a - t
  return {
    z,
    a,
    loss: isSquared ? 0.5 * (a - t) ** 2 : softplus(z) - t * z,
    byOutput,
    bySum,
    byWeight: x,
    delta,
    gradient: delta * x
  }
}

export interface Course {
  readonly w: number
  readonly b: number
  /** Distance |a - t| after each step, the start included. */
  readonly wrong: readonly number[]
}

export class SigmoidModel {
  readonly problem: string | null
  #state = $state.raw<State>(codec.read('').state)
  readonly courses = $derived({ squared: this.#descend('squared'), entropy: this.#descend('entropy') })

  constructor(address: string) {
    const { state, problem } = codec.read(address)
    this.#state = state
    this.problem = problem
  }

  get state(): Readonly<State> {
    return this.#state
  }

  get t(): number {
    return Number(this.#state.t)
  }

  get address(): string {
    return codec.write(this.#state)
  }

  /** Where the chosen loss has come to. */
  get now(): Factors {
    const { w, b } = this.courses[this.#state.loss]
    return factorsOf(this.#state.loss, { w, b, x: this.#state.x, t: this.t })
  }

  set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change }
  }

  step(): boolean {
    if (this.#state.steps >= mostSteps) return false
    this.set({ steps: this.#state.steps + 1 })
    return this.#state.steps < mostSteps
  }

  #descend(loss: LossName): Course {
    const { x, rate, steps } = this.#state
    let { w, b } = this.#state
    const wrong = [Math.abs(factorsOf(loss, { w, b, x, t: this.t }).a - this.t)]
    for (let step = 0; step < steps; step++) {
      const { delta } = factorsOf(loss, { w, b, x, t: this.t })
      w -= rate * delta * x
      b -= rate * delta
      wrong.push(Math.abs(factorsOf(loss, { w, b, x, t: this.t }).a - this.t))
    }
    return { w, b, wrong }
  }
}
