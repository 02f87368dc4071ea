/** The loss over a plane through a run's weights: a job that lives as long as somebody follows it. Of open parts alone. */
import { LabError } from '#contract/errors.ts'
import type { LossSliceItem, LossSliceRequest } from '#contract/loss-slice.ts'
import type { SlicePlane } from '#engine/training/slice-plane.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import { lookedAt } from '#lab/experiments/run-view.ts'
import { expectOneNetwork } from '#lab/runs/predictor.ts'
import { keptEpochs, storedWeights } from '#lab/runs/run-weights.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'
import { createJobs } from '#lab/streams/jobs.ts'

export interface LossSlices {
  /** Follows a new slice to its last item; it is cancelled when its follower goes. */
  measure(request: LossSliceRequest, signal: AbortSignal | undefined): AsyncGenerator<LossSliceItem, void, void>
  close(): Promise<void>
}

export interface LossSlicesOptions {
  readonly store: Store
  readonly experiments: Experiments
  readonly prepared: PreparedTables
  readonly engine: Pick<EngineHost, 'sliceLoss'>
  readonly log: HostServices['log']
}

/** Weights of the way that go to the engine together, in numbers; the start and one more always do. */
const mostNumbers = 4_000_000

/**
 * Creates the service.
 * Errors: measure() throws LabError 'not_found' for an unknown run; one without weights, a part that it does not have and
 * first weights that were not kept are told by the last item.
 */
export function createLossSlices({ store, experiments, prepared, engine, log }: LossSlicesOptions): LossSlices {
  const jobs = createJobs<LossSliceItem>()

  async function slice(
    run: StoredRun,
    { part, size, span, ...request }: LossSliceRequest,
    report: (item: LossSliceItem) => void,
    signal: AbortSignal
  ): Promise<LossSliceItem> {
    expectOneNetwork(run)
    const { epoch, parameters } = storedWeights(store, run.id, request.weights)
    const epochs = request.plane === 'way' ? wayOf(store, run, epoch) : []
    const { train, validation, ...dataset } = await prepared.prepare(
      experiments.find(run.experimentId),
      lookedAt(run.data)
    )
    const file = part === 'train' ? train : validation
    if (!file) throw new LabError('not_found', `Run ${run.id} has no validation part: look at the training part.`)
    const way = epochs.map((kept) => storedWeights(store, run.id, kept).parameters)
    const plane: SlicePlane = request.plane === 'way' ? { kind: 'way', way } : { kind: 'random', seed: request.seed }
    const { topology, plan } = run
    const measured = await engine.sliceLoss(
      { topology, plan, parameters, dataset, part: file, slice: { plane, span, size } },
      (done) => report({ type: 'progress', done, of: size * size }),
      signal
    )
    const places = measured.way.map(([a, b], index) => ({ epoch: epochs[index] ?? 0, a, b }))
    return { ...measured, type: 'done', epoch, part, ofRows: file.rows, size, way: places }
  }

  return {
    measure(request, signal) {
      const run = store.runs.find(request.runId)
      return jobs.whileFollowed(async (report, ended) => {
        try {
          return await slice(run, request, report, ended)
        } catch (error) {
          if (error instanceof LabError) return { type: 'failed', message: error.message }
          log('error', `Loss slice: ${error instanceof Error ? error.stack : String(error)}`)
          return { type: 'failed', message: 'The slice ended by an unexpected error; the log tells more.' }
        }
      }, signal)
    },
    close: () => jobs.close()
  }
}

/** The kept epochs of a run up to `end`, its start first, as many as may travel together. */
function wayOf(store: Store, run: StoredRun, end: number): number[] {
  const { epochs } = keptEpochs(store, run.id)
  if (!epochs.includes(0) || end === 0) {
    throw new LabError('not_found', `The first weights of run ${run.id} were not kept: choose random directions.`)
  }
  const passed = epochs.filter((epoch) => epoch < end)
  const most = Math.max(2, Math.floor(mostNumbers / Math.max(1, run.parameters)))
  const stride = Math.max(1, (passed.length - 1) / (most - 1))
  const chosen = passed.filter((_, at) => at === 0 || Math.floor(at / stride) > Math.floor((at - 1) / stride))
  return [...chosen, end]
}
