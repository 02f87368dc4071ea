/**
 * The station of backpropagation: one row through a network and back, phase by phase. The network is the station's own
 * small one, which learns XOR, or that of a run at one of its kept epochs, with a row of its table.
 */
import { outputLayer } from '#engine/network/topology.ts'
import type { RowNetwork } from '#contract/understand.ts'
import {
  backpropagate,
  type BackpropagationSettings,
  checkGradients,
  targetVector,
  unexplained
} from '#engine/graph/backpropagation.ts'
import { unflatten } from '#engine/kernels/reference/parameters.ts'
import { addressOf, choiceField, countField, numberField, numbersField } from '#renderer/parts/foundations/address.ts'
import { hiddenNames, SmallNetwork, xorRows } from '#renderer/parts/foundations/backprop/small.ts'

export const sources = ['xor', 'run'] as const
export const mostUpdates = 8000
const largestRun = 1_000_000_000
/** In the place of an epoch. */
export const best = -1

const codec = addressOf({
  of: choiceField(sources),
  hidden: numbersField([2], 1, 6, 3, 1),
  activation: choiceField(hiddenNames),
  loss: choiceField(['binary_cross_entropy', 'mean_squared_error']),
  seed: countField(1, 1, 9999),
  rate: numberField(0.3, 0.001, 5),
  updates: countField(0, 0, mostUpdates),
  phase: countField(0, 0, 20),
  run: countField(0, 0, largestRun),
  /** -1 for the best epoch; 0 is the start. */
  epoch: countField(best, best, largestRun),
  /** Of the data set, from 1; 0 for the first of the training part. */
  row: countField(0, 0, largestRun)
})

type State = ReturnType<typeof codec.read>['state']

/** What the figure and the formulas tell of. */
export interface Explained extends BackpropagationSettings {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
}

export type Phase =
  | { readonly kind: 'forward'; readonly layer: number }
  | { readonly kind: 'loss' }
  | { readonly kind: 'backward'; readonly layer: number }
  | { readonly kind: 'update' }

/** Reads what the lab knows of a run, an epoch and a row. */
export type ReadRow = (request: { runId: number; weights: 'best' | number; row: number | null }) => Promise<RowNetwork>

export class BackpropModel {
  readonly problem: string | null
  #state = $state.raw<State>(codec.read('').state)
  #small!: SmallNetwork
  #revision = $state(0)
  /** Of a run, once it was read. */
  network = $state.raw<RowNetwork | null>(null)
  /** Why a run can't be shown. */
  failure = $state<string | null>(null)
  readonly explained = $derived.by((): Explained | null => (this.#state.of === 'run' ? this.#ofRun() : this.#ofSmall()))
  readonly pass = $derived(this.explained && backpropagate(this.explained))
  readonly check = $derived(this.explained && checkGradients(this.explained, this.explained.x.length > 40 ? 60 : 200))

  constructor(address: string) {
    const { state, problem } = codec.read(address)
    const whole = state.hidden.every((units) => Number.isInteger(units))
    this.problem = whole ? problem : 'In the address a layer has no whole number of units. The station starts as usual.'
    this.#take(whole ? state : codec.read('').state, state.updates)
  }

  get state(): Readonly<State> {
    return this.#state
  }

  get small(): SmallNetwork {
    void this.#revision
    return this.#small
  }

  get address(): string {
    return codec.write({ ...this.#state, updates: this.small.updates, phase: this.phase })
  }

  get phases(): Phase[] {
    const layers = this.explained?.topology.layers.length ?? 0
    const numbers = Array.from({ length: layers }, (_, index) => index)
    return [
      ...numbers.map((layer): Phase => ({ kind: 'forward', layer })),
      { kind: 'loss' },
      ...numbers.toReversed().map((layer): Phase => ({ kind: 'backward', layer })),
      { kind: 'update' }
    ]
  }

  /** Phases that are done. */
  get phase(): number {
    return Math.min(this.#state.phase, this.phases.length)
  }

  /** Whether a phase of a layer is done. */
  isDone(kind: Phase['kind'], layer = 0): boolean {
    return this.phases
      .slice(0, this.phase)
      .some((one) => one.kind === kind && (!('layer' in one) || one.layer === layer))
  }

  set(change: Partial<State>): void {
    this.#take({ ...this.#state, ...change }, this.small.updates)
  }

  /** Another network of its own: from the start. */
  restart(change: Partial<State> = {}): void {
    this.#take({ ...this.#state, phase: 0, ...change }, 0)
  }

  /** Goes on a phase; behind the last the weights are moved and the next row comes. */
  step(): boolean {
    if (!this.explained) return false
    if (this.phase < this.phases.length) {
      this.#state = { ...this.#state, phase: this.phase + 1 }
      return true
    }
    this.#state = { ...this.#state, phase: 0 }
    if (this.#state.of === 'xor') this.#learn(1)
    return this.#small.updates < mostUpdates
  }

  /** Shows the network many rows at once. */
  train(rows: number): void {
    this.#learn(rows)
    this.#state = { ...this.#state, phase: 0 }
  }

  /** Reads a run's network and row; what was asked last counts. */
  async load(read: ReadRow): Promise<void> {
    const { of, run, epoch, row } = this.#state
    if (of !== 'run' || run === 0) return
    const asked = `${run} ${epoch} ${row}`
    try {
      const network = await read({
        runId: run,
        weights: epoch === best ? 'best' : epoch,
        row: row === 0 ? null : row - 1
      })
      if (asked !== `${this.#state.run} ${this.#state.epoch} ${this.#state.row}`) return
      this.failure = unexplained(network.topology)
      this.network = network
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error)
      this.network = null
    }
  }

  #learn(rows: number): void {
    for (let row = 0; row < rows && this.#small.updates < mostUpdates; row++) this.#small.update()
    this.#revision++
  }

  #ofSmall(): Explained {
    const { settings, topology, parameters, row } = this.small
    const { x, t } = xorRows[row] ?? xorRows[0]
    return {
      topology,
      loss: { name: settings.loss },
      parameters,
      x,
      t: targetVector(t, 1),
      rate: settings.rate,
      inputNames: ['x1', 'x2'],
      outputNames: ['y']
    }
  }

  #ofRun(): Explained | null {
    const { network } = this
    if (!network || this.failure !== null) return null
    const { topology, inputs, target, parameters, inputNames, outputNames, learningRate } = network
    const outputs = outputLayer(topology).units
    return {
      topology,
      loss: network.loss === 'huber' ? { name: 'huber', delta: network.huberDelta } : { name: network.loss },
      parameters: unflatten(topology, parameters),
      x: [...inputs],
      t: targetVector(target, outputs),
      rate: learningRate,
      inputNames,
      outputNames
    }
  }

  #take(state: State, updates: number): void {
    this.#state = state
    const { hidden, activation, loss, seed, rate } = state
    this.#small = new SmallNetwork({ hidden, activation, loss, seed, rate })
    while (this.#small.updates < Math.min(updates, mostUpdates)) this.#small.update()
    this.#revision++
  }
}
