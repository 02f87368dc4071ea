/** The stored weights of a run, wherever they are: snapshots of chosen epochs, and the best and last of its checkpoint. */
import { LabError } from '#contract/errors.ts'
import type { KeptEpochs } from '#contract/runs.ts'
import type { StoredWeights } from '#lab/store/checkpoints.ts'
import type { Store } from '#lab/store/store.ts'

/** The best epoch, the last one stored, or a kept epoch by its number. */
export type WeightChoice = 'best' | 'last' | number

type WeightStore = Pick<Store, 'checkpoints' | 'snapshots'>

/** Lists the epochs whose weights are stored. */
export function keptEpochs({ checkpoints, snapshots }: WeightStore, runId: number): KeptEpochs {
  const stored = checkpoints.epochs(runId)
  const best = stored && stored.best > 0 ? stored.best : null
  const last = stored && stored.last > 0 ? stored.last : null
  return { epochs: snapshots.epochs(runId), best, last }
}

/**
 * Reads weights of a run.
 * Errors: LabError 'not_found' where the run has none yet, or not of that epoch.
 */
export function storedWeights(store: WeightStore, runId: number, which: WeightChoice): StoredWeights {
  if (typeof which === 'string') {
    const weights = store.checkpoints.weights(runId, which)
    if (weights) return weights
    throw new LabError('not_found', `Run ${runId} has no weights yet: it has not completed an epoch.`)
  }
  const parameters = store.snapshots.read(runId, which)
  if (parameters) return { epoch: which, parameters }
  const { best, last } = keptEpochs(store, runId)
  const of = which === best ? 'best' : which === last ? 'last' : null
  const weights = of && store.checkpoints.weights(runId, of)
  if (weights) return weights
  throw new LabError('not_found', `The weights of epoch ${which} of run ${runId} were not kept.`)
}
