/** The station of cost and gradient descent: points, a way of descending, and as many steps as were done. */
import {
  addressOf,
  choiceField,
  countField,
  numberField,
  numbersField,
  type Point,
  pointsField,
  switchField
} from '#renderer/parts/foundations/address.ts'
import {
  costOf,
  type DescentSettings,
  gradientOf,
  largestCurvature,
  leastSquares,
  LineDescent,
  linePoints,
  sumsOf,
  type Weights
} from '#renderer/parts/foundations/descent/line.ts'
import type { Domain } from '#renderer/parts/foundations/plane.ts'

export const methods = ['full', 'mini', 'stochastic'] as const
export type Method = (typeof methods)[number]
export const sizes = ['12', '40', '200', '1000', 'own'] as const
export type Size = (typeof sizes)[number]

/** Of the plane of the weights. */
export const weightDomain: Domain = [-3, 3]
export const mostSteps = 2000

const codec = addressOf({
  points: choiceField(sizes),
  own: pointsField([], [0], 3),
  method: choiceField(methods),
  batch: countField(8, 1, 1000),
  rate: numberField(0.1, 0.001, 3),
  decay: switchField(false),
  c1: numberField(2, 0.01, 100),
  c2: numberField(5, 0, 100),
  start: numbersField([-2, -2], -3, 3),
  all: switchField(false),
  surface: switchField(false),
  steps: countField(0, 0, mostSteps)
})

type State = ReturnType<typeof codec.read>['state']

export class DescentModel {
  readonly problem: string | null
  points = $state.raw<readonly Point[]>([])
  #state = $state.raw<State>(codec.read('').state)
  #runs: Record<Method, LineDescent>
  #revision = $state(0)
  readonly sums = $derived(sumsOf(this.points))
  readonly best = $derived(leastSquares(this.sums))
  /** Above it full-batch descent diverges. */
  readonly rateLimit = $derived(2 / largestCurvature(this.sums))

  constructor(address: string) {
    const { state, problem } = codec.read(address)
    this.problem = problem
    this.#runs = this.#take(state, state.steps)
  }

  get state(): Readonly<State> {
    return this.#state
  }

  get address(): string {
    return codec.write({ ...this.#state, steps: this.run.steps })
  }

  /** The descent by the chosen method. */
  get run(): LineDescent {
    void this.#revision
    return this.#runs[this.#state.method]
  }

  /** Those that are drawn: all three beside each other, or the chosen one. */
  get shown(): { method: Method; run: LineDescent }[] {
    void this.#revision
    const which = this.#state.all ? methods : [this.#state.method]
    return which.map((method) => ({ method, run: this.#runs[method] }))
  }

  get cost(): number {
    return costOf(this.sums, this.run.weights)
  }

  get gradient(): Weights {
    return gradientOf(this.sums, this.run.weights)
  }

  /** K of a method. */
  batchOf(method: Method): number {
    const m = this.points.length
    return method === 'full' ? m : method === 'stochastic' ? 1 : Math.min(m, this.#state.batch)
  }

  set(change: Partial<State>): void {
    this.#take({ ...this.#state, ...change }, this.run.steps)
  }

  /** Other points, or another start: from step 0. */
  restart(change: Partial<State> = {}): void {
    this.#take({ ...this.#state, ...change }, 0)
  }

  setPoints(own: readonly Point[]): void {
    this.set({ points: 'own', own: own.map(({ x, y }) => ({ x, y, t: 0 })) })
  }

  /** One step of each method; false where the chosen one has diverged or the way is long enough. */
  step(): boolean {
    if (this.run.steps >= mostSteps) return false
    for (const method of methods) this.#runs[method].step()
    this.#revision++
    return !this.run.diverged
  }

  #take(state: State, steps: number): Record<Method, LineDescent> {
    this.#state = state
    this.points = state.points === 'own' ? state.own : linePoints(Number(state.points), 3)
    const [w0 = 0, w1 = 0] = state.start
    const make = (method: Method) => {
      const settings: DescentSettings = {
        start: [w0, w1],
        rate: state.rate,
        schedule: state.decay ? { name: 'inverse', c1: state.c1, c2: state.c2 } : { name: 'constant' },
        batch: Math.max(1, this.batchOf(method)),
        seed: 11
      }
      const run = new LineDescent(this.points, this.sums, settings)
      while (run.steps < steps && run.step());
      return run
    }
    this.#runs = { full: make('full'), mini: make('mini'), stochastic: make('stochastic') }
    this.#revision++
    return this.#runs
  }
}
