/**
 * The runs that a complexity curve is made of: those that one validation part judged, or those of as many folds. Runs on a
 * share of the rows saw fewer than others, and final models have seen the validation part: neither is ever compared.
 */
import { hiddenLayers, type Topology } from '#engine/network/topology.ts'
import type { RunGroup } from '#lab/selection/groups.ts'
import type { TrialRun } from '#lab/store/runs.ts'
import { wholeSeeds } from '#trials/trials.ts'

/** The number of folds of a cross-validation; null for the one validation part. */
export type FoldCount = number | null

/**
 * Chooses the runs that were judged in one way. A fold may see fewer levels of a column than others, so that its networks
 * have fewer inputs: `complete` makes of hidden layers the network of the experiment, which stands for all folds.
 */
export function comparedRuns(
  runs: readonly TrialRun[],
  folds: FoldCount,
  complete: (hidden: Topology['layers']) => Topology
): TrialRun[] {
  if (folds === null) return runs.filter(({ data }) => data.kind === 'whole')
  const own = runs.filter(({ data }) => data.kind === 'fold' && data.of === folds)
  return own.map((run) => ({ ...run, topology: complete(hiddenLayers(run.topology)) }))
}

/** The numbers of folds that runs were judged by, ascending. */
export function foldCounts(runs: readonly TrialRun[]): number[] {
  const counts = runs.flatMap(({ data }) => (data.kind === 'fold' ? [data.of] : []))
  return [...new Set(counts)].sort((a, b) => a - b)
}

/** Leaves only the seeds of a group that all folds have judged; the runs of other seeds count as unfinished. */
export function ofWholeSeeds({ trials, unfinished, ...group }: RunGroup, folds: number): RunGroup {
  const finite = trials.filter(({ validationError }) => Number.isFinite(validationError))
  const complete = wholeSeeds(finite, folds)
  return { ...group, trials: complete, unfinished: unfinished + trials.length - complete.length }
}
