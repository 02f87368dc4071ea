/** The station of minima and saddle points: a landscape, a start, and three ways of descending beside each other. */
import type { LossSlice, LossSliceRequest } from '#contract/loss-slice.ts'
import { newOptimizerState, optimizerStep, type ReferenceOptimizer } from '#engine/kernels/reference/optimizers.ts'
import { optimizers } from '#engine/training/optimizers.ts'
import {
  addressOf,
  choiceField,
  countField,
  numberField,
  numbersField,
  switchField
} from '#renderer/parts/foundations/address.ts'
import {
  emptyGround,
  type Landscape,
  landscapeNames,
  landscapes
} from '#renderer/parts/foundations/saddle/functions.ts'
import { landscapeOf, type SliceLandscape } from '#renderer/parts/foundations/saddle/slice.ts'

export const wayNames = ['sgd', 'momentum', 'adam'] as const
export type WayName = (typeof wayNames)[number]
export const mostSteps = 1000

const codec = addressOf({
  of: choiceField([...landscapeNames, 'run']),
  run: countField(0, 0, 1_000_000_000),
  plane: choiceField(['way', 'random']),
  seed: countField(1, 0, 9999),
  part: choiceField(['train', 'validation']),
  start: numbersField([landscapes.saddle.start[0], landscapes.saddle.start[1]], -5, 5),
  /** Times the landscape's own rate. */
  pace: numberField(1, 0.1, 10),
  surface: switchField(false),
  steps: countField(0, 0, mostSteps)
})

type State = ReturnType<typeof codec.read>['state']
export type Ground = State['of']

/** Training's own start lies at (1, 0) of its way. */
const startOf = (plane: State['plane']): readonly [number, number] => (plane === 'way' ? [1, 0] : [0.8, 0.8])

/** What is asked of the lab. */
export type LossSliceAsked = Pick<LossSliceRequest, 'runId' | 'plane' | 'seed' | 'part'>

/** A way down: the places it was at. */
export class Way {
  readonly name: WayName
  readonly path: (readonly [number, number])[]
  readonly #settings: ReferenceOptimizer
  readonly #landscape: Landscape
  #state = newOptimizerState

  constructor(name: WayName, landscape: Landscape, start: readonly [number, number], pace: number) {
    this.name = name
    this.#landscape = landscape
    this.path = [start]
    // Adam's rate is a length of its own: about so far it goes in a step. A fiftieth of the plane is a walk.
    const rate = name === 'adam' ? (landscape.domain[1] - landscape.domain[0]) / 100 : landscape.rate
    this.#settings = { ...optimizers[name].defaults, learningRate: pace * rate }
  }

  get at(): readonly [number, number] {
    return this.path.at(-1) ?? [0, 0]
  }

  step(): void {
    const [x, y] = this.at
    if (!(Math.abs(x) < 1e6 && Math.abs(y) < 1e6)) return
    const { parameters, state } = optimizerStep(this.#settings, this.#state, [x, y], this.#landscape.gradient(x, y))
    this.#state = state
    this.path.push([parameters[0] ?? 0, parameters[1] ?? 0])
  }
}

export class SaddleModel {
  readonly problem: string | null
  #state = $state.raw<State>(codec.read('').state)
  #ways: readonly Way[] = []
  #steps = 0
  #revision = $state(0)
  #slice = $state.raw<{ readonly answer: LossSlice; readonly ground: SliceLandscape } | null>(null)
  /** Steps that wait for the ground of a run. */
  #pending = 0

  constructor(address: string) {
    const { state, problem } = codec.read(address)
    this.problem = problem
    this.#pending = state.of === 'run' ? state.steps : 0
    this.#take(state, state.of === 'run' ? 0 : state.steps)
  }

  get state(): Readonly<State> {
    return this.#state
  }

  /** The slice that was measured for what the state asks; null before. */
  get slice(): LossSlice | null {
    return this.#slice?.answer ?? null
  }

  get ofSlice(): SliceLandscape | null {
    return this.#state.of === 'run' ? (this.#slice?.ground ?? null) : null
  }

  get landscape(): Landscape {
    const { of } = this.#state
    return of === 'run' ? (this.#slice?.ground ?? emptyGround) : landscapes[of]
  }

  /** What is to be measured; null where no run is asked for. */
  get request(): LossSliceAsked | null {
    const { of, run, plane, seed, part } = this.#state
    return of === 'run' && run > 0 ? { runId: run, plane, seed: plane === 'random' ? seed : 1, part } : null
  }

  /** Lays the ground of a run, and goes the steps on it that the address asks for. */
  lay(answer: LossSlice): void {
    this.#slice = { answer, ground: landscapeOf(answer) }
    this.#take(this.#state, this.#pending)
    this.#pending = 0
  }

  get ways(): readonly Way[] {
    void this.#revision
    return this.#ways
  }

  get steps(): number {
    void this.#revision
    return this.#steps
  }

  get start(): readonly [number, number] {
    const [x = 0, y = 0] = this.#state.start
    const [low, high] = this.landscape.domain
    return [Math.min(high, Math.max(low, x)), Math.min(high, Math.max(low, y))]
  }

  get address(): string {
    return codec.write({ ...this.#state, steps: Math.max(this.steps, this.#pending) })
  }

  choose(of: Ground): void {
    this.#pending = 0
    const start = of === 'run' ? startOf(this.#state.plane) : landscapes[of].start
    this.#take({ ...this.#state, of, start: [...start] }, 0)
  }

  /** Asks for another slice: of another run, along other directions, or over the other part. */
  ask(change: Partial<Pick<State, 'run' | 'plane' | 'seed' | 'part'>>): void {
    this.#pending = 0
    this.#slice = null
    const state = { ...this.#state, ...change }
    this.#take({ ...state, start: change.plane ? [...startOf(change.plane)] : state.start }, 0)
  }

  startAt(x: number, y: number): void {
    this.#take({ ...this.#state, start: [x, y] }, 0)
  }

  set(change: Partial<State>): void {
    this.#take({ ...this.#state, ...change }, this.steps)
  }

  reset(): void {
    this.#take(this.#state, 0)
  }

  step(): boolean {
    if (this.#steps >= mostSteps || this.landscape === emptyGround) return false
    for (const way of this.#ways) way.step()
    this.#steps++
    this.#revision++
    return this.#steps < mostSteps
  }

  #take(state: State, steps: number): void {
    this.#state = state
    this.#ways = wayNames.map((name) => new Way(name, this.landscape, this.start, state.pace))
    this.#steps = 0
    while (this.#steps < steps) {
      for (const way of this.#ways) way.step()
      this.#steps++
    }
    this.#revision++
  }
}
