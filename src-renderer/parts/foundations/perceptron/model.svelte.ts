/** The perceptron's station: points, the learning rate, and as many updates as were made. No page, no picture. */
import { marginOf } from '#engine/units/margin.ts'
import {
  addressOf,
  choiceField,
  countField,
  numberField,
  type Point,
  pointsField,
  rounded
} from '#renderer/parts/foundations/address.ts'
import { cloudsOf, gatePoints, gates, tableOf } from '#renderer/parts/foundations/clouds.ts'
import { PerceptronRun } from '#renderer/parts/foundations/perceptron/run.ts'
import type { Domain } from '#renderer/parts/foundations/plane.ts'

export const pointSets = ['clouds', 'or', 'and', 'nand', 'xor', 'own'] as const
export type PointSet = (typeof pointSets)[number]

export const mostUpdates = 5000

const codec = addressOf({
  set: choiceField(pointSets),
  /** Of `own`. */
  points: pointsField([], [0, 1], 3),
  /** How far one sees: the unit square, or 3 in all directions. */
  view: choiceField(['wide', 'unit']),
  seed: countField(1, 1, 9999),
  rate: numberField(0.5, 0.001, 10),
  updates: countField(0, 0, mostUpdates)
})

type State = ReturnType<typeof codec.read>['state']

export class PerceptronModel {
  readonly problem: string | null
  points = $state.raw<readonly Point[]>([])
  #state = $state.raw<State>(codec.read('').state)
  /** Learns in place; every change of it is told by the revision. */
  #run!: PerceptronRun
  #revision = $state(0)
  readonly margin = $derived(this.points.length > 0 ? marginOf(tableOf(this.points)) : null)

  constructor(address: string) {
    const { state, problem } = codec.read(address)
    this.problem = problem
    this.#take(state, state.updates)
  }

  /** The run after the updates that were made. */
  get run(): PerceptronRun {
    void this.#revision
    return this.#run
  }

  get set(): PointSet {
    return this.#state.set
  }

  get rate(): number {
    return this.#state.rate
  }

  /** What is seen of the plane. */
  get domain(): Domain {
    return this.#view === 'unit' ? [-0.6, 1.6] : [-3, 3]
  }

  get address(): string {
    return codec.write({ ...this.#state, updates: this.run.updates })
  }

  /** Takes other points, from the start. */
  choose(set: PointSet): void {
    if (set === 'own') this.setPoints(this.points)
    else this.#take({ ...this.#state, set, points: [] }, 0)
  }

  /** Draws the clouds anew. */
  redraw(): void {
    this.#take({ ...this.#state, set: 'clouds', points: [], seed: (this.#state.seed % 9999) + 1 }, 0)
  }

  /** Points that were moved, added or taken away: the same number of updates is made anew on them. */
  setPoints(points: readonly Point[]): void {
    this.#take({ ...this.#state, set: 'own', view: this.#view, points }, this.run.updates)
  }

  /** Points of a data set, in standard deviations from the mean. */
  load(points: readonly Point[]): void {
    const own = points.map(({ x, y, t }) => ({ x: rounded(x), y: rounded(y), t }))
    this.#take({ ...this.#state, set: 'own', view: 'wide', points: own }, 0)
  }

  setRate(rate: number): void {
    this.#take({ ...this.#state, rate }, this.run.updates)
  }

  /** Makes one update; false where the way ends: learned, the weights came back, or it is long enough. */
  update(): boolean {
    if (this.#run.updates >= mostUpdates) return false
    const goesOn = this.#run.update()
    this.#revision++
    return goesOn
  }

  reset(): void {
    this.#take(this.#state, 0)
  }

  get #view(): 'unit' | 'wide' {
    const { set, view } = this.#state
    return set === 'own' ? view : set === 'clouds' ? 'wide' : 'unit'
  }

  #take(state: State, updates: number): void {
    const { set, seed, points, rate } = (this.#state = state)
    this.points = set === 'own' ? points : set === 'clouds' ? cloudsOf(seed, 24, 2.8) : gatePoints(gates[set])
    this.#run = new PerceptronRun(tableOf(this.points), rate)
    while (this.#run.updates < updates && !this.#run.learned) this.#run.update()
    this.#revision++
  }
}
