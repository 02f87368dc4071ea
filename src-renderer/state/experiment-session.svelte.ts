/**
 * One experiment as a person works in it: the topology and plan being edited, and which runs are on the screen.
 * Lives as long as the page, so that going to the data and back loses nothing.
 */
import type { Experiment } from '#contract/experiments.ts'
import type { Run } from '#contract/runs.ts'
import { checkTopology, type Layer, type Topology } from '#engine/network/topology.ts'
import { outputFor } from '#engine/network/losses.ts'
import { ComplexityChoices } from '#renderer/state/complexity-view.svelte.ts'
import { PlanDraft } from '#renderer/state/plan-draft.svelte.ts'
import { SweepDraft } from '#renderer/state/sweep-draft.svelte.ts'
import { TopologyDraft } from '#renderer/state/topology-draft.svelte.ts'
import { UnderstandView } from '#renderer/state/understand-view.svelte.ts'

/** More curves than this on one chart can't be told apart. */
export const mostShown = 12

/** The views of an experiment's runs. */
export type ExperimentTab = 'curves' | 'complexity' | 'understand' | 'choose'

const firstHidden: readonly Layer[] = [
  { units: 32, activation: 'relu' },
  { units: 16, activation: 'relu' }
]

export class ExperimentSession {
  readonly experiment: Experiment
  readonly topology: TopologyDraft
  readonly plan: PlanDraft
  readonly understand = new UnderstandView()
  #begun = false
  readonly sweep = new SweepDraft()
  readonly complexity = new ComplexityChoices()
  /** Whether the form at the left plans a sweep instead of a single run. */
  sweeping = $state(false)
  tab = $state<ExperimentTab>('curves')
  firstSeed = $state<number | null>(1)
  seedCount = $state<number | null>(1)
  note = $state('')
  /** The run that a person goes on from: the last one started, or the one whose settings were taken up. */
  parentId = $state<number | null>(null)
  /** The run that details are shown of. */
  focused = $state<number | null>(null)
  /** Runs whose curves are drawn, in the order they were chosen. */
  shown = $state.raw<readonly number[]>([])

  constructor(experiment: Experiment) {
    this.experiment = experiment
    this.topology = new TopologyDraft(firstHidden, { inputs: experiment.inputs.length, outputs: this.output.units })
    this.plan = new PlanDraft(this.output.loss)
  }

  get output() {
    return outputFor(this.experiment.settings.task, this.experiment.classes?.length ?? 0)
  }

  /** The network as it would be trained, with the output layer that the task asks for. */
  get network(): Topology {
    const { units, activation } = this.output
    return { inputs: this.experiment.inputs.length, layers: [...this.topology.hidden, { units, activation }] }
  }

  /** What is wrong with topology and plan, by field. */
  get problems(): Map<string, string> {
    const { network } = this
    const ofTopology = checkTopology(network).map(({ field, message }) => [field, message] as const)
    return new Map([...ofTopology, ...this.plan.problems(network)])
  }

  get seeds(): number[] {
    const first = this.firstSeed ?? 0
    return Array.from({ length: this.seedCount ?? 0 }, (_, index) => first + index)
  }

  /** What is wrong with the seeds, in a sentence. */
  get seedProblem(): string | null {
    if (!isWhole(this.firstSeed, 0, 2 ** 31 - 1)) return 'Seed must be a whole number of 0 or more.'
    if (!isWhole(this.seedCount, 1, 1000)) return 'Repeats must be a whole number from 1 to 1,000.'
    return null
  }

  /** Goes on, the first time it is called, where the person left: with the run in the address, else the newest. */
  begin(runs: readonly Run[]): void {
    if (this.#begun) return
    this.#begun = true
    const run = runs.find(({ id }) => id === this.focused) ?? runs[0]
    if (!run) return
    if (run.id !== this.focused) this.focus(run.id)
    this.topology.begin(hiddenOf(run))
    this.plan.replace(run.plan)
    this.parentId = run.id
  }

  /** Takes up the topology and plan of a run, to go on from there. */
  adopt(run: Run): void {
    this.topology.replace(hiddenOf(run))
    this.plan.replace(run.plan)
    this.parentId = run.id
  }

  /** Shows one run alone, or none. */
  focus(runId: number | null): void {
    this.focused = runId
    this.shown = runId === null ? [] : [runId]
  }

  /** Shows runs that were just started together. */
  showStarted(runIds: readonly number[]): void {
    this.focused = runIds[0] ?? this.focused
    this.parentId = runIds[0] ?? this.parentId
    this.shown = runIds.slice(0, mostShown)
  }

  /** Lays a run's curves over the others, or takes them away; the focus stays on a run that is shown. */
  toggle(runId: number): void {
    if (this.shown.includes(runId)) {
      this.shown = this.shown.filter((shown) => shown !== runId)
      if (this.focused === runId) this.focused = this.shown.at(-1) ?? null
    } else if (this.shown.length < mostShown) {
      this.shown = [...this.shown, runId]
      this.focused ??= runId
    }
  }

  /** Forgets runs that are gone. */
  forget(runIds: readonly number[]): void {
    this.shown = this.shown.filter((runId) => !runIds.includes(runId))
    if (this.focused !== null && runIds.includes(this.focused)) this.focused = this.shown.at(-1) ?? null
    if (this.parentId !== null && runIds.includes(this.parentId)) this.parentId = null
  }
}

function hiddenOf(run: Run): Layer[] {
  return run.topology.layers.slice(0, -1)
}

function isWhole(value: number | null, minimum: number, maximum: number): boolean {
  return value !== null && Number.isInteger(value) && value >= minimum && value <= maximum
}
