/** What sets one plan, or one whole trial, apart from another, in words: `Learning rate 0.001 -> 0.003`. */
import { hiddenLayers, type Topology } from '#engine/network/topology.ts'
import { sharedActivation, writeHidden } from '#engine/network/topology-text.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { planSettings } from '#engine/training/plan-settings.ts'
import type { SettingPath } from '#engine/training/settings.ts'
import { usualValue } from '#engine/training/plan-values.ts'

export interface Difference {
  readonly label: string
  readonly from: string
  readonly to: string
}

export interface PlanDifference extends Difference {
  readonly path: SettingPath
}

/** Lists what a plan has otherwise than the one before; a setting that only one of them has is told by its holder. */
export function planDifferences(before: TrainingPlan, after: TrainingPlan): PlanDifference[] {
  const [from, to] = [planSettings(before), planSettings(after)]
  return [...to].flatMap(([path, { label, text, value }]) => {
    const old = from.get(path)
    // What came with a choice from its table is no change of its own.
    const isSame = old ? old.text === text : value === usualValue(after, path)
    return isSame ? [] : [{ path, label, from: old?.text ?? '', to: text }]
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
  const depth = { label: 'Depth', from: `${from.length}`, to: `${to.length}` }
  const layers = { label: 'Hidden layers', ...text }
  return from.length === to.length ? [layers] : [depth, layers]
}
