/**
 * Which runs of a learning curve an experiment has already, by hand or by an earlier sweep: the same network, plan, rows
 * and seed give the same weights again, so that training them anew would tell nothing. Pure.
 */
import type { NewRun, StoredRun } from '#lab/store/runs.ts'
import { isOwnTrial } from '#trials/trials.ts'

export type PlannedTrial = Pick<NewRun, 'topology' | 'plan' | 'seed' | 'data'>

/** Tells of a planned run whether one of these has come to its own end in its place: with a result, or by diverging. */
export function trainedAlready(runs: readonly StoredRun[]): (planned: PlannedTrial) => boolean {
  const ended = runs.filter((run) => (run.status === 'done' || run.status === 'diverged') && isOwnTrial(run))
  const known = new Set(ended.map(keyOf))
  return (planned) => known.has(keyOf(planned))
}

const keyOf = ({ topology, plan, seed, data }: PlannedTrial) => JSON.stringify([topology, plan, seed, data])
