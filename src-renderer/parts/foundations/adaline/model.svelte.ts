/** The station of Adaline and Madaline: an Adaline beside a perceptron on the same points, and a Madaline that learns XOR. */
import { adalineOutput, adalineStep } from '#engine/units/adaline.ts'
import { leastSquaresUnit } from '#engine/units/least-squares.ts'
import { type LinearUnit, weightedSum, zeroUnit } from '#engine/units/linear-unit.ts'
import { perceptronOutput, perceptronStep } from '#engine/units/perceptron.ts'
import {
  addressOf,
  choiceField,
  countField,
  numberField,
  type Point,
  pointsField,
  rounded,
  switchField
} from '#renderer/parts/foundations/address.ts'
import { Madaline, madalineRules } from '#renderer/parts/foundations/adaline/madaline.ts'
import { cloudsOf, gatePoints, gates, signedXor, tableOf } from '#renderer/parts/foundations/clouds.ts'

export const parts = ['adaline', 'madaline'] as const
export type Part = (typeof parts)[number]
export const pointSets = ['outlier', 'clouds', 'overlap', 'or', 'xor', 'own'] as const
export type PointSet = (typeof pointSets)[number]
export const mostEpochs = 2000
export const mostSteps = 2000

const codec = addressOf({
  part: choiceField(parts),
  set: choiceField(pointSets),
  points: pointsField([], [0, 1], 3),
  view: choiceField(['wide', 'unit']),
  rate: numberField(0.01, 0.0005, 1),
  epochs: countField(0, 0, mostEpochs),
  surface: switchField(false),
  /** Of the Madaline. */
  rule: choiceField(madalineRules),
  units: countField(2, 1, 6),
  seed: countField(1, 1, 9999),
  steps: countField(0, 0, mostSteps)
})

type State = ReturnType<typeof codec.read>['state']

/** Two clouds, and far behind its own one some points of class 1: least squares leans towards them, though they are right. */
function withOutlier(): Point[] {
  const near = cloudsOf(5, 20, 4.2).map(({ x, y, t }) => ({ x: rounded(x / 3), y: rounded(y / 3), t }))
  return [...near, ...[2.3, 2.45, 2.6, 2.75, 2.9].map((x) => ({ x, y: rounded(5.2 - x), t: 1 }))]
}

/** Both units after some epochs, row by row in order. */
export interface Pair {
  readonly adaline: LinearUnit
  readonly perceptron: LinearUnit
  readonly path: readonly LinearUnit[]
  /** Mean of (t - z)^2 after each epoch. */
  readonly errors: readonly number[]
  readonly diverged: boolean
}

export class AdalineModel {
  readonly problem: string | null
  points = $state.raw<readonly Point[]>([])
  pair = $state.raw<Pair>({ adaline: zeroUnit(2), perceptron: zeroUnit(2), path: [], errors: [], diverged: false })
  #state = $state.raw<State>(codec.read('').state)
  #madaline!: Madaline
  #revision = $state(0)
  readonly best = $derived(leastSquaresUnit(tableOf(this.points, true)))

  constructor(address: string) {
    const { state, problem } = codec.read(address)
    this.problem = problem
    this.#take(state, state.epochs, state.steps)
  }

  get state(): Readonly<State> {
    return this.#state
  }

  get epochs(): number {
    return this.pair.path.length - 1
  }

  get madaline(): Madaline {
    void this.#revision
    return this.#madaline
  }

  get view(): 'unit' | 'wide' {
    const { set, view } = this.#state
    return set === 'own' ? view : set === 'or' || set === 'xor' ? 'unit' : 'wide'
  }

  get domain(): readonly [number, number] {
    return this.view === 'unit' ? [-0.6, 1.6] : [-3, 3]
  }

  get address(): string {
    return codec.write({ ...this.#state, epochs: this.epochs, steps: this.madaline.steps })
  }

  /** The mean of (t - z)^2 over the points. */
  errorOf(unit: LinearUnit): number {
    const squares = this.points.map(({ x, y, t }) => ((t === 1 ? 1 : -1) - weightedSum(unit, [x, y])) ** 2)
    return squares.length === 0 ? 0 : squares.reduce((sum, value) => sum + value, 0) / squares.length
  }

  /** Places of the points that a unit has wrong. */
  wrongOf(of: 'adaline' | 'perceptron'): number[] {
    const { adaline, perceptron } = this.pair
    return this.points.flatMap(({ x, y, t }, index) => {
      const isOne = of === 'adaline' ? adalineOutput(adaline, [x, y]) === 1 : perceptronOutput(perceptron, [x, y]) === 1
      return isOne === (t === 1) ? [] : [index]
    })
  }

  /** How far the Adaline's weights are from those of least squares; null where there is no single such solution. */
  get distance(): number | null {
    const { adaline } = this.pair
    if (!this.best) return null
    const differences = adaline.weights.map((weight, index) => weight - (this.best?.weights[index] ?? 0))
    return Math.hypot(...differences, adaline.bias - this.best.bias)
  }

  set(change: Partial<State>): void {
    this.#take({ ...this.#state, ...change }, this.epochs, this.madaline.steps)
  }

  choose(set: PointSet): void {
    if (set === 'own') this.setPoints(this.points)
    else this.#take({ ...this.#state, set, points: [] }, 0, 0)
  }

  setPoints(points: readonly Point[]): void {
    const view = this.view
    this.#take({ ...this.#state, set: 'own', view, points }, this.epochs, this.madaline.steps)
  }

  load(points: readonly Point[]): void {
    const own = points.map(({ x, y, t }) => ({ x: rounded(x), y: rounded(y), t }))
    this.#take({ ...this.#state, set: 'own', view: 'wide', points: own }, 0, 0)
  }

  reset(): void {
    this.#take(this.#state, 0, 0)
  }

  /** Other first weights for the Madaline. */
  redraw(): void {
    this.#take({ ...this.#state, seed: (this.#state.seed % 9999) + 1 }, this.epochs, 0)
  }

  /** One pass of both units over the points; false where the Adaline has diverged or the way is long enough. */
  epoch(): boolean {
    if (this.epochs >= mostEpochs || this.pair.diverged || this.points.length === 0) return false
    this.pair = this.#after(this.pair)
    return !this.pair.diverged && this.epochs < mostEpochs
  }

  /** Shows the Madaline one more point; false where all are right. */
  madalineStep(): boolean {
    if (this.#madaline.steps >= mostSteps) return false
    const goesOn = this.#madaline.step()
    this.#revision++
    return goesOn
  }

  #after({ adaline, perceptron, path, errors }: Pair): Pair {
    const { rate } = this.#state
    let [a, p] = [adaline, perceptron]
    for (const { x, y, t } of this.points) {
      a = adalineStep(a, [x, y], t === 1 ? 1 : -1, rate)
      p = perceptronStep(p, [x, y], t, rate)
    }
    const error = this.errorOf(a)
    return { adaline: a, perceptron: p, path: [...path, a], errors: [...errors, error], diverged: !(error < 1e9) }
  }

  #take(state: State, epochs: number, steps: number): void {
    this.#state = state
    const { set, points } = state
    this.points =
      set === 'own'
        ? points
        : set === 'outlier'
          ? withOutlier()
          : set === 'clouds' || set === 'overlap'
            ? cloudsOf(2, 24, set === 'clouds' ? 2.8 : 1.2)
            : gatePoints(gates[set])
    const start = zeroUnit(2)
    let pair: Pair = {
      adaline: start,
      perceptron: start,
      path: [start],
      errors: [this.errorOf(start)],
      diverged: false
    }
    for (let epoch = 0; epoch < epochs && !pair.diverged && this.points.length > 0; epoch++) pair = this.#after(pair)
    this.pair = pair
    const { rule, units, seed } = state
    this.#madaline = new Madaline(tableOf(signedXor, true), { rule, units, seed })
    while (this.#madaline.steps < steps && this.#madaline.step());
    this.#revision++
  }
}
