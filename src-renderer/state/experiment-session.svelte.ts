/**
 * One experiment as a person works in it: the topology and plan being edited, and which runs are on the screen.
 * Lives as long as the page, so that going to the data and back loses nothing.
 */
import type { Experiment } from '#contract/experiments.ts'
import type { Run } from '#contract/runs.ts'
import { checkTopology, defaultHidden, hiddenLayers, type Layer, type Topology } from '#engine/network/topology.ts'
import { outputFor } from '#engine/network/losses.ts'
import type { ChoiceSetting } from '#engine/setting.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import { belongsTo, storedAt } from '#engine/training/plan-values.ts'
import { type GroupName, pathsOf, settingAt, type SettingPath } from '#engine/training/settings.ts'
import { ComplexityChoices } from '#renderer/state/complexity-view.svelte.ts'
import { PlanDraft } from '#renderer/state/plan-draft.svelte.ts'
import { SweepDraft } from '#renderer/state/sweep-draft.svelte.ts'
import { TopologyDraft } from '#renderer/state/topology-draft.svelte.ts'
import { UnderstandView } from '#renderer/state/understand-view.svelte.ts'
import { usualFolds } from '#trials/usual-folds.ts'

/** What somewhere else proposes to try in an experiment, such as a station of Foundations. */
export interface Suggestion {
  /** Hidden layers as text. */
  readonly hidden?: string
  /** To plan a sweep instead of a single run. */
  readonly sweeps?: boolean
}

/** The views of an experiment's runs. */
export type ExperimentTab = 'curves' | 'complexity' | 'understand' | 'choose'

export class ExperimentSession {
  readonly experiment: Experiment
  readonly topology: TopologyDraft
  readonly plan: PlanDraft
  readonly understand = new UnderstandView()
  #begun = false
  /** What a person came to try, before the form was filled in. */
  #suggested: Suggestion | null = null
  readonly sweep: SweepDraft
  readonly complexity = new ComplexityChoices()
  /** Whether the form at the left plans a sweep instead of a single run. */
  sweeping = $state(false)
  tab = $state<ExperimentTab>('curves')
  firstSeed = $state<number | null>(1)
  seedCount = $state<number | null>(1)
  note = $state('')
  /** Tags of the next runs, as written; they stay, since trials of one question come in a row. */
  tags = $state('')
  /** The run that a person goes on from: the last one started, or the one whose settings were taken up. */
  parentId = $state<number | null>(null)
  /** The run that details are shown of. */
  focused = $state<number | null>(null)
  /** Runs that are ticked and whose curves are drawn, in the order they were chosen. */
  shown = $state.raw<readonly number[]>([])
  readonly #places = $derived(new Map(this.shown.map((runId, index) => [runId, index])))
  /** Epoch under the pointer in the charts, and the one that was clicked to stay. */
  hoveredEpoch = $state<number | null>(null)
  pinnedEpoch = $state<number | null>(null)

  constructor(experiment: Experiment) {
    this.experiment = experiment
    this.topology = new TopologyDraft(defaultHidden, { inputs: experiment.inputs.length, outputs: this.output.units })
    this.plan = new PlanDraft(defaultPlan(this.output.loss, experiment.rows.train))
    this.sweep = new SweepDraft(usualFolds(experiment))
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

  /** The settings of a group that are not in sight at first and do something in this plan, or are said in it. */
  furtherPaths(group: GroupName): SettingPath[] {
    const { plan } = this.plan
    return pathsOf(group).filter((path) => {
      const { first, task } = settingAt(path)
      const isOfTask = task === undefined || task === this.experiment.settings.task
      return !first && isOfTask && (belongsTo(plan, path) || storedAt(plan, path) !== undefined)
    })
  }

  /** The names of a choice that fit the task and its output layer. */
  namesFor({ names }: Pick<ChoiceSetting, 'names'>): string[] {
    const { task } = this.experiment.settings
    const { activation } = this.output
    return Object.entries(names).flatMap(([name, { tasks = [task], outputs = [activation] }]) =>
      tasks.includes(task) && outputs.includes(activation) ? [name] : []
    )
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
    if (run) {
      if (run.id !== this.focused) this.focus(run.id)
      this.topology.begin(hiddenOf(run))
      this.plan.replace(run.plan)
      this.parentId = run.id
    }
    if (this.#suggested) this.suggest(this.#suggested)
  }

  /** Puts what is proposed into the form, now or once it is filled in; it can be undone there. */
  suggest(suggestion: Suggestion): void {
    this.#suggested = this.#begun ? null : suggestion
    if (!this.#begun) return
    if (suggestion.hidden !== undefined) this.topology.write(suggestion.hidden)
    this.topology.settle()
    this.sweeping = suggestion.sweeps ?? false
  }

  /** Takes up the topology and plan of a run, to go on from there. */
  adopt(run: Run): void {
    this.topology.replace(hiddenOf(run))
    this.plan.replace(run.plan)
    this.parentId = run.id
  }

  /** Shows one run alone, or none. */
  focus(runId: number | null): void {
    if (runId !== this.focused) this.pinnedEpoch = null
    this.focused = runId
    this.shown = runId === null ? [] : [runId]
  }

  /** The place of a run among those that are shown; -1 where it is not. */
  placeOf(runId: number): number {
    return this.#places.get(runId) ?? -1
  }

  /** Shows exactly these runs; the focus stays where it is among them, else goes to the first. */
  show(runIds: readonly number[]): void {
    this.shown = runIds
    if (this.focused === null || !runIds.includes(this.focused)) this.focused = runIds[0] ?? null
  }

  /** Shows runs that were just started together. */
  showStarted(runIds: readonly number[]): void {
    this.focused = runIds[0] ?? this.focused
    this.parentId = runIds[0] ?? this.parentId
    this.shown = runIds
  }

  /** Lays curves over the others, or takes them away where all are shown; the focus stays on a run that is shown. */
  toggle(...runIds: number[]): void {
    if (runIds.every((runId) => this.placeOf(runId) >= 0)) this.forget(runIds)
    else {
      this.shown = [...new Set([...this.shown, ...runIds])]
      this.focused ??= runIds[0] ?? null
    }
  }

  /** Forgets runs that are gone. */
  forget(runIds: readonly number[]): void {
    const gone = new Set(runIds)
    this.shown = this.shown.filter((runId) => !gone.has(runId))
    if (this.focused !== null && gone.has(this.focused)) this.focused = this.shown.at(-1) ?? null
    if (this.parentId !== null && gone.has(this.parentId)) this.parentId = null
  }
}

function hiddenOf(run: Run): Layer[] {
  return hiddenLayers(run.topology)
}

function isWhole(value: number | null, minimum: number, maximum: number): boolean {
  return value !== null && Number.isInteger(value) && value >= minimum && value <= maximum
}
