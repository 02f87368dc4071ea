/**
 * The training plan that a person is editing. Numbers may be absent while a field is empty; `problems` says so beside
 * the field, in the same words as the engine's own checks. What the plan can leave out is left out, so that equal plans
 * stay equal.
 */
import { type InitialisationName, initialisations } from '#engine/network/initialisations.ts'
import type { LossName } from '#engine/network/losses.ts'
import type { Topology } from '#engine/network/topology.ts'
import type { Problem } from '#engine/problem.ts'
import { checkPlan, defaultPlan, type OptimizerName, optimizers, type TrainingPlan } from '#engine/training/plan.ts'
import { type PlanField, planFields, type PlanPath, planPaths, planRanges } from '#engine/training/plan-fields.ts'
import { valueAt, without, withValue } from '#engine/training/plan-values.ts'
import { type ScheduleName, schedules } from '#engine/training/schedules.ts'
import { planDifferences } from '#renderer/state/plan-differences.ts'
import { describeRange } from '#words/plan-range.ts'

/** A number field's value: null while it is empty. */
type Entry = number | null

export class PlanDraft {
  /** An empty field stands as NaN, which no check lets pass. */
  #plan = $state.raw<TrainingPlan>(defaultPlan('cross_entropy'))
  /** What comes back when full batch or no patience are taken back. */
  #batchSize = 32
  #patience = 20
  readonly #firstLoss: LossName

  constructor(loss: LossName) {
    this.#firstLoss = loss
    this.replace(defaultPlan(loss))
  }

  get plan(): TrainingPlan {
    return this.#plan
  }

  /** The plan that a new experiment starts from, which chips and resets go by. */
  get firstPlan(): TrainingPlan {
    return defaultPlan(this.#firstLoss)
  }

  replace(plan: TrainingPlan): void {
    this.#plan = plan
    if (plan.batchSize !== 'full') this.#batchSize = plan.batchSize
    if (plan.stopping.patience !== null) this.#patience = plan.stopping.patience
  }

  /** Lays choices over the plan, such as another loss or metric. */
  change(change: Partial<TrainingPlan>): void {
    this.replace({ ...this.#plan, ...change })
  }

  /** The number at a path: what a missing one means, null where the field is empty. */
  number(path: PlanPath): Entry {
    const value = valueAt(this.#plan, path)
    if (typeof value === 'number') return Number.isNaN(value) ? null : value
    return this.#missing(path) ?? null
  }

  /** Sets a number; null empties the field, which for a number that may be missing as null means none. */
  setNumber(path: PlanPath, value: Entry): void {
    const missing = this.#missing(path)
    const isLeftOut = missing !== undefined && value === missing
    this.replace(withValue(this.#plan, path, isLeftOut ? undefined : (value ?? NaN)))
  }

  /** What the field has in a new plan with this optimizer, schedule and initialisation. */
  defaultOf(path: PlanPath): Entry {
    const { optimizer, schedule, initialisation } = this.#plan
    const fresh: TrainingPlan = {
      ...this.firstPlan,
      optimizer: optimizers[optimizer.name].defaults,
      initialisation: initialisations[initialisation.name].defaults,
      ...(schedule && { schedule: schedules[schedule.name].defaults })
    }
    const value = valueAt(fresh, path)
    return typeof value === 'number' ? value : (this.#missing(path) ?? null)
  }

  isChanged(path: PlanPath): boolean {
    return this.number(path) !== this.defaultOf(path)
  }

  reset(path: PlanPath): void {
    this.setNumber(path, this.defaultOf(path))
  }

  /** What sets the plan apart from a new one, in words. */
  get changes() {
    return planDifferences(this.firstPlan, this.#plan)
  }

  get optimizer(): OptimizerName {
    return this.#plan.optimizer.name
  }

  /** Changes the optimizer; a learning rate still at the old optimizer's default follows to the new one's. */
  chooseOptimizer(name: OptimizerName): void {
    const { defaults } = optimizers[name]
    const { learningRate } = this.#plan.optimizer
    const isFirst = learningRate === optimizers[this.optimizer].defaults.learningRate
    this.change({ optimizer: isFirst ? defaults : { ...defaults, learningRate } })
  }

  get schedule(): ScheduleName {
    return this.#plan.schedule?.name ?? 'constant'
  }

  /** Changes the schedule to the table's values; a warm-up stays. */
  chooseSchedule(name: ScheduleName): void {
    const warmUp = this.#plan.schedule?.warmUp
    const { defaults } = schedules[name]
    this.replace(without(this.#plan, 'schedule'))
    if (name !== 'constant' || warmUp !== undefined) {
      this.change({ schedule: warmUp === undefined ? defaults : { ...defaults, warmUp } })
    }
  }

  get initialisation(): InitialisationName {
    return this.#plan.initialisation.name
  }

  chooseInitialisation(name: InitialisationName): void {
    const { biases } = this.#plan.initialisation
    const { defaults } = initialisations[name]
    this.change({ initialisation: biases === undefined ? defaults : { ...defaults, biases } })
  }

  get loss(): LossName {
    return this.#plan.loss
  }

  get learningRate(): Entry {
    return this.number('optimizer.learningRate')
  }

  set learningRate(value: Entry) {
    this.setNumber('optimizer.learningRate', value)
  }

  get batchSize(): Entry {
    return this.fullBatch ? this.#batchSize : this.number('batchSize')
  }

  set batchSize(value: Entry) {
    this.setNumber('batchSize', value)
  }

  get fullBatch(): boolean {
    return this.#plan.batchSize === 'full'
  }

  set fullBatch(full: boolean) {
    this.change({ batchSize: full ? 'full' : this.#batchSize })
  }

  get patience(): Entry {
    return this.stopEarly ? this.number('stopping.patience') : this.#patience
  }

  set patience(value: Entry) {
    this.setNumber('stopping.patience', value)
  }

  get stopEarly(): boolean {
    return this.#plan.stopping.patience !== null
  }

  set stopEarly(early: boolean) {
    this.change({ stopping: { ...this.#plan.stopping, patience: early ? this.#patience : null } })
  }

  get balanceClasses(): boolean {
    return this.#plan.classWeights === 'balanced'
  }

  set balanceClasses(balanced: boolean) {
    this.replace(balanced ? { ...this.#plan, classWeights: 'balanced' } : without(this.#plan, 'classWeights'))
  }

  /** What is wrong with the plan for a topology, by field; sentences name fields as the form does. */
  problems(topology: Topology): Map<string, string> {
    const found = [...checkPlan(this.#plan, topology), ...this.#emptyFields()]
    return new Map(found.map(({ field, message }) => [field, spell(field, message)]))
  }

  #missing(path: PlanPath): Entry | undefined {
    const { missing }: PlanField = planFields[path]
    return missing
  }

  #emptyFields(): Problem[] {
    return planPaths
      .filter((path) => Number.isNaN(valueAt(this.#plan, path)))
      .map((field) => ({ field, message: `${field} needs a number.` }))
  }
}

/** Range and default of a number in words, for its hover help. */
export function describeNumber(path: PlanPath, fallback: Entry): string {
  const { range, whole, missing }: PlanField = planFields[path]
  const kind = whole ? 'A whole number' : 'A number'
  const unless = missing === null && fallback === null ? 'none' : `${fallback}`
  return `${kind} ${describeRange(planRanges[range])}; default ${unless}.`
}

function spell(field: string, message: string): string {
  const known = planPaths.find((path) => path === field)
  return known ? message.replace(field, planFields[known].label) : message
}
