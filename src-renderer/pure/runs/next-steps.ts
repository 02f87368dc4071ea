/** What a verdict advises as runs that one click starts: another seed, a simpler or larger topology, more epochs. */
import type { Run } from '#contract/runs.ts'
import type { Verdict } from '#contract/selection.ts'
import type { Layer } from '#engine/network/topology.ts'
import { writeHidden } from '#engine/network/topology-text.ts'
import { likeIt } from '#renderer/pure/runs/again.ts'
import { describeTopology } from '#renderer/pure/runs/describe-run.ts'
import { formatCount } from '#words/numbers.ts'

/** What the next run has of its own. */
type Change = 'seed' | 'simpler' | 'larger' | 'longer'

const advised: Readonly<Partial<Record<Verdict['verdict'], readonly Change[]>>> = {
  good: ['seed', 'simpler'],
  too_small: ['larger'],
  underfit: ['larger', 'longer'],
  larger_than_needed: ['simpler', 'seed'],
  overfit: ['simpler'],
  not_converged: ['longer']
}

/** A first hidden layer where there was none. */
const firstLayer: Layer = { units: 8, activation: 'relu' }
const mostUnits = 4096

/**
 * Lists what to try after a run, each with what its button says. `others` are the runs of its experiment, so that a seed
 * is one that its topology has not had.
 */
export function nextSteps(run: Run, verdict: Verdict['verdict'], others: readonly Run[]) {
  if (run.data?.kind === 'fold' || run.source) return []
  const { hidden, experimentId } = likeIt(run)
  const base = { experimentId, hidden, plan: run.plan, seeds: [run.seed], parentId: run.id }

  function stepOf(change: Change) {
    if (change === 'seed') {
      const alike = others.filter((other) => describeTopology(other) === describeTopology(run))
      const seed = alike.reduce((most, other) => Math.max(most, other.seed), run.seed) + 1
      return [{ label: `Train with seed ${seed}`, request: { ...base, seeds: [seed] } }]
    }
    if (change === 'longer') {
      const epochs = run.plan.stopping.epochs * 2
      const plan = { ...run.plan, stopping: { ...run.plan.stopping, epochs } }
      return [{ label: `Train up to ${formatCount(epochs)} epochs`, request: { ...base, plan } }]
    }
    const layers = change === 'simpler' ? halved(hidden) : doubled(hidden)
    const label = `Try ${layers.length === 0 ? 'no hidden layer' : writeHidden(layers, layers[0]?.activation ?? null)}`
    return layers === hidden ? [] : [{ label, request: { ...base, hidden: [...layers] } }]
  }

  return (advised[verdict] ?? []).flatMap(stepOf)
}

/** Half the units of each layer; a single one of each is followed by none. */
function halved(hidden: readonly Layer[]): readonly Layer[] {
  if (hidden.every(({ units }) => units === 1)) return hidden.length === 0 ? hidden : []
  return hidden.map((layer) => ({ ...layer, units: Math.max(1, Math.floor(layer.units / 2)) }))
}

function doubled(hidden: readonly Layer[]): readonly Layer[] {
  if (hidden.length === 0) return [firstLayer]
  if (hidden.some(({ units }) => units * 2 > mostUnits)) return hidden
  return hidden.map((layer) => ({ ...layer, units: layer.units * 2 }))
}
