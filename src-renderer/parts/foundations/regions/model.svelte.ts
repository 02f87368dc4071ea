/** The station of decision regions: what one unit, one and two hidden layers fence in, and what learns to do so. */
import {
  addressOf,
  choiceField,
  countField,
  numberField,
  numbersField,
  type Point,
  pointsField
} from '#renderer/parts/foundations/address.ts'
import {
  approximate,
  bendNames,
  brokenLine,
  mostUnits,
  targetNames,
  targets
} from '#renderer/parts/foundations/regions/approximation.ts'
import { type Attempt, Attempts, mostSteps } from '#renderer/parts/foundations/regions/attempts.ts'
import { isInside, partsOf, regionNetwork } from '#renderer/parts/foundations/regions/region.ts'

export const views = ['line', 'convex', 'union', 'fit', 'curve'] as const
export type View = (typeof views)[number]
export const mostCorners = 36

const corner = (x: number, y: number, t: number): Point => ({ x, y, t })
const firstCorners: readonly Point[] = [
  corner(-2, -1.4, 0),
  corner(-0.2, -2, 0),
  corner(0.9, -0.9, 0),
  corner(-0.3, 1.2, 0),
  corner(-1.9, 0.8, 0),
  corner(0.6, 1, 1),
  corner(2.4, 0.2, 1),
  corner(2, 2.3, 1)
]
const firstCurve: readonly Point[] = [-3, -1.5, 0, 1.5, 3].map((x, index) => corner(x, index % 2 === 0 ? -1 : 1.2, 0))

const codec = addressOf({
  view: choiceField(views),
  /** Of the normal of the line, in degrees. */
  angle: numberField(35, -180, 180),
  offset: numberField(0.4, -3, 3),
  steep: numberField(6, 0.5, 40),
  corners: pointsField(firstCorners, [0, 1, 2], 3, mostCorners),
  probe: numbersField([-0.6, -0.4], -3, 3),
  seed: countField(1, 1, 9999),
  steps: countField(0, 0, mostSteps),
  target: choiceField(targetNames),
  points: pointsField(firstCurve, [0], 3, 60),
  bend: choiceField(bendNames),
  units: countField(6, 1, mostUnits)
})

type State = ReturnType<typeof codec.read>['state']

export class RegionsModel {
  readonly problem: string | null
  #state = $state.raw<State>(codec.read('').state)
  #attempts: Attempts | null = null
  #revision = $state(0)
  #aim = $state(0)
  /** The corners that count: with one hidden layer those of the first part. */
  readonly corners = $derived(
    this.#state.view === 'convex' ? this.#state.corners.filter(({ t }) => t === 0) : this.#state.corners
  )
  readonly parts = $derived(partsOf(this.corners))
  /** Null where nothing is fenced in. */
  readonly network = $derived(this.parts.length > 0 ? regionNetwork(this.parts) : null)
  readonly target = $derived(
    this.#state.target === 'own' ? brokenLine(this.#state.points) : targets[this.#state.target].value
  )
  readonly approximation = $derived(approximate(this.target, this.#state.bend, this.#state.units))
  /** Largest error with 1, 2, ... units. */
  readonly errorsByUnits = $derived(
    Array.from({ length: mostUnits }, (_, more) => approximate(this.target, this.#state.bend, more + 1).error)
  )

  constructor(address: string) {
    const { state, problem } = codec.read(address)
    this.problem = problem
    this.#state = state
    this.#aim = state.steps
  }

  get state(): Readonly<State> {
    return this.#state
  }

  get address(): string {
    return codec.write({ ...this.#state, steps: Math.max(this.steps, this.#aim) })
  }

  /** The unit of the view "line": it fires where w1 x + w2 y + b >= 0. Units: (w1, w2) has length 1. */
  get line(): { w1: number; w2: number; bias: number } {
    const angle = (this.#state.angle * Math.PI) / 180
    return { w1: Math.cos(angle), w2: Math.sin(angle), bias: -this.#state.offset }
  }

  get probe(): readonly [x: number, y: number] {
    const [x = 0, y = 0] = this.#state.probe
    return [x, y]
  }

  get isProbeInside(): boolean {
    return isInside(this.parts, ...this.probe)
  }

  get steps(): number {
    void this.#revision
    return this.#attempts?.steps ?? 0
  }

  /** What the topologies have made of the region so far. */
  get attempts(): readonly Attempt[] {
    void this.#revision
    return [...this.#learning().all]
  }

  get smallest(): Attempt | null {
    void this.#revision
    return this.#learning().smallest
  }

  get isOver(): boolean {
    void this.#revision
    return this.#attempts?.isOver ?? false
  }

  get isBehind(): boolean {
    return this.#state.view === 'fit' && this.steps < this.#aim && !this.isOver
  }

  set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change }
    if ('corners' in change || 'seed' in change) this.reset()
  }

  /** Takes corners that were changed: with one hidden layer the other parts stay as they are. */
  setCorners(corners: readonly Point[]): void {
    const others = this.#state.view === 'convex' ? this.#state.corners.filter(({ t }) => t !== 0) : []
    this.set({ corners: [...corners.slice(0, mostCorners - others.length), ...others] })
  }

  /** The region of the start. */
  drawAnew(): void {
    this.set({ corners: firstCorners })
  }

  /** The attempts begin anew. */
  reset(): void {
    this.#attempts = null
    this.#aim = 0
    this.#revision++
  }

  step(): boolean {
    const goesOn = this.#learning().step()
    this.#revision++
    return goesOn
  }

  #learning(): Attempts {
    this.#attempts ??= new Attempts(partsOf(this.#state.corners), this.#state.seed)
    return this.#attempts
  }
}
