/** Requests for runs that go another's way: from its start, or from the weights of one of its epochs. */
import type { Run } from '#contract/runs.ts'
import { hiddenLayers } from '#engine/network/topology.ts'

/** What a run is made of. */
export function likeIt(run: Run) {
  return { experimentId: run.experimentId, hidden: hiddenLayers(run.topology) }
}

/** The same run with another rate, from the weights of `epoch`, or from its start where that is null. */
export function retryRequest(run: Run, learningRate: number, epoch: number | null) {
  const plan = { ...run.plan, optimizer: { ...run.plan.optimizer, learningRate } }
  const request = { ...likeIt(run), plan, seeds: [run.seed] }
  return epoch === null ? { ...request, parentId: run.id } : { ...request, from: { runId: run.id, epoch } }
}
