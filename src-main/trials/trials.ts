/**
 * What one trial is: runs that differ in nothing but the seed, or the fold, repeat one trial, and equal runs are one. The
 * same for the lab's comparisons and the window's groups. Pure.
 */
import type { Topology } from '#engine/network/topology.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { planKey } from '#engine/training/plan-settings.ts'
import type { Run, RunData } from '#contract/runs.ts'

/** What of a run says which trial it repeats. */
export interface TrialFacts {
  readonly topology: Topology
  readonly plan: TrainingPlan
  readonly data: RunData
  readonly source?: Run['source']
  readonly parentId?: number | null
  readonly fromEpoch?: number | undefined
}

/** What of a run says which repeat of its trial it is. */
export type Repeat = Pick<Run, 'id' | 'seed' | 'data'>

/** The fold that judged a run, from 1; null for one that the validation part judged. */
export const foldOf = (data: RunData): number | null => (data.kind === 'fold' ? data.index : null)

/** How many folds judge the runs of a trial; null for the one validation part. */
export const foldsOf = (data: RunData): number | null => (data.kind === 'fold' ? data.of : null)

/** Whether a run is a trial of its topology and plan alone: not begun with another run's weights, not trained elsewhere. */
export const isOwnTrial = ({ fromEpoch, source }: Pick<TrialFacts, 'fromEpoch' | 'source'>): boolean =>
  fromEpoch === undefined && source === undefined

/** Texts of objects that many runs share, each written once. */
function written<Value extends object>(write: (value: Value) => string): (value: Value) => string {
  const texts = new WeakMap<Value, string>()
  return (value) => {
    let text = texts.get(value)
    if (text === undefined) texts.set(value, (text = write(value)))
    return text
  }
}

const textOf = written((value: object) => JSON.stringify(value))
const textOfPlan = written(planKey)

/**
 * Names the network and plan of a run: equal for runs that train the same network in the same way. A fold may see fewer
 * levels of a column than others, so that its networks have fewer inputs.
 */
export function networkKey({ topology, plan, data }: Pick<TrialFacts, 'topology' | 'plan' | 'data'>): string {
  return `${textOf(data.kind === 'fold' ? topology.layers : topology)} ${textOfPlan(plan)}`
}

/** Names the trial that a run repeats: its network and plan, its rows, and where its weights began. */
export function trialKey(run: TrialFacts): string {
  const { data, source = null, fromEpoch, parentId } = run
  const rows = data.kind === 'fold' ? { folds: data.of } : data
  const beginning = fromEpoch === undefined ? null : [parentId, fromEpoch]
  return `${networkKey(run)} ${JSON.stringify([rows, source, beginning])}`
}

/** Of runs of one trial with the same seed and fold, which are equal, leaves the newest, so that no seed counts twice. */
export function newestOfEqual<Each extends Repeat>(runs: readonly Each[]): readonly Each[] {
  const newest = new Map<string, Each>()
  for (const run of runs) {
    const key = `${run.seed} ${foldOf(run.data)}`
    const known = newest.get(key)
    if (!known || known.id < run.id) newest.set(key, run)
  }
  return newest.size === runs.length ? runs : [...newest.values()]
}

/**
 * Leaves the seeds that all folds have judged: folds differ in how hard they are, so that a mean over some of them says
 * nothing beside a mean over others. Each fold may stand there once a seed.
 */
export function wholeSeeds<Each extends { readonly seed: number }>(repeats: readonly Each[], folds: number): Each[] {
  return [...Map.groupBy(repeats, ({ seed }) => seed).values()].filter((own) => own.length === folds).flat()
}
