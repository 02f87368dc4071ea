/** What sets one plan, or one whole trial, apart from another, in words: `Learning rate 0.001 -> 0.003`. */
import { initialisations } from '#engine/network/initialisations.ts'
import { losses } from '#engine/network/losses.ts'
import { hiddenLayers, type Topology } from '#engine/network/topology.ts'
import { sharedActivation, writeHidden } from '#engine/network/topology-text.ts'
import { optimizers, type TrainingPlan } from '#engine/training/plan.ts'
import { valueAt } from '#engine/training/plan-values.ts'
import {
  lineSearches,
  type PlanField,
  planFields,
  planPaths,
  rowOrders,
  stoppingMetrics
} from '#engine/training/plan-fields.ts'
import { schedules } from '#engine/training/schedules.ts'

export interface Difference {
  /** Path in the plan, or `hidden`. */
  readonly field: string
  readonly label: string
  readonly from: string
  readonly to: string
}

/** The settings of a plan by their path, as label and text; numbers that are missing as what that means. */
export function planSettings(plan: TrainingPlan): Map<string, { readonly label: string; readonly text: string }> {
  const { optimizer, schedule, initialisation, stopping, classWeights } = plan
  const settings = new Map([
    ['optimizer.name', { label: 'Optimizer', text: optimizers[optimizer.name].label }],
    ['schedule.name', { label: 'Schedule', text: schedules[schedule?.name ?? 'constant'].label }],
    ['initialisation.name', { label: 'First weights', text: initialisations[initialisation.name].label }],
    ['loss', { label: 'Loss', text: losses[plan.loss].label }],
    ['stopping.metric', { label: 'Best by', text: stoppingMetrics[stopping.metric ?? 'loss'].label }],
    ['order', { label: 'Order of rows', text: rowOrders[plan.order ?? 'shuffled'].label }],
    ['classWeights', { label: 'Class weights', text: describeClassWeights(classWeights) }]
  ])
  if (optimizer.name === 'lbfgs') {
    settings.set('optimizer.lineSearch', { label: 'Line search', text: lineSearches[optimizer.lineSearch].label })
  }
  for (const path of planPaths) {
    const { label, missing }: PlanField = planFields[path]
    const value = valueAt(plan, path) ?? missing
    if (value === undefined && path !== 'stopping.patience') continue
    settings.set(path, { label, text: describeNumber(value) })
  }
  return settings
}

/** Lists what a plan has otherwise than the one before; a setting that only one of them has is told by its holder. */
export function planDifferences(before: TrainingPlan, after: TrainingPlan): Difference[] {
  const [from, to, fresh] = [planSettings(before), planSettings(after), planSettings(withTableValues(after))]
  return [...to].flatMap(([field, { label, text }]) => {
    const old = from.get(field)
    if (text === (old ?? fresh.get(field))?.text) return []
    return [{ field, label, from: old?.text ?? '', to: text }]
  })
}

/** Lists what a trial has otherwise than the one before: hidden layers first, then the plan. */
export function trialDifferences(
  before: { readonly topology: Topology; readonly plan: TrainingPlan },
  after: { readonly topology: Topology; readonly plan: TrainingPlan }
): Difference[] {
  return [...topologyDifferences(before.topology, after.topology), ...planDifferences(before.plan, after.plan)]
}

/** Writes a difference in a line. */
export function describeDifference({ label, from, to }: Difference): string {
  return from === '' ? `${label} ${to}` : `${label} ${from} \u2192 ${to}`
}

function topologyDifferences(before: Topology, after: Topology): Difference[] {
  const [from, to] = [hiddenLayers(before), hiddenLayers(after)]
  const shared = { from: sharedActivation(from), to: sharedActivation(to) }
  // An activation that both share needs no word; one that changed is told with the layers.
  const isSame = shared.from !== null && (shared.from === shared.to || to.length === 0)
  const text = {
    from: writeHidden(from, isSame || from.length === 0 ? shared.from : null),
    to: writeHidden(to, isSame || from.length === 0 ? shared.to : null)
  }
  if (text.from === text.to) return []
  const depth = { field: 'depth', label: 'Depth', from: `${from.length}`, to: `${to.length}` }
  const layers = { field: 'hidden', label: 'Hidden layers', ...text }
  return from.length === to.length ? [layers] : [depth, layers]
}

/** The same choices with the values of their tables: what came with a choice is no change of its own. */
function withTableValues(plan: TrainingPlan): TrainingPlan {
  return {
    ...plan,
    optimizer: optimizers[plan.optimizer.name].defaults,
    schedule: schedules[plan.schedule?.name ?? 'constant'].defaults,
    initialisation: initialisations[plan.initialisation.name].defaults
  }
}

function describeNumber(value: unknown): string {
  if (value === null || value === undefined) return 'none'
  if (typeof value === 'number') return Number.isNaN(value) ? 'empty' : `${value}`
  return value === 'full' ? 'full' : ''
}

function describeClassWeights(weights: TrainingPlan['classWeights']): string {
  if (weights === undefined) return 'all alike'
  return weights === 'balanced' ? 'balanced' : weights.join(', ')
}
