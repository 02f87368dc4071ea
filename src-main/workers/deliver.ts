/** Takes the result of a unit into the run that it belongs to, the way the engine's own words of it would have been. */
import { columnOf, type EpochColumns } from '#engine/training/epoch-columns.ts'
import { trackProgress } from '#lab/runs/progress.ts'
import type { Recorder } from '#lab/runs/recorder.ts'
import type { Statuses } from '#lab/runs/statuses.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'
import type { UnitResult } from '#lab/workers/result.ts'

export interface Delivery {
  readonly store: Pick<Store, 'runs' | 'transaction'>
  readonly statuses: Statuses
  readonly recorder: Recorder
  readonly columnsOf: (runId: number) => readonly string[]
}

/** Epochs of one transaction. */
const piece = 2000

/** Stores a result; resolves once it is stored. Errors: what the store throws. */
export async function deliver(
  { store, recorder, columnsOf }: Delivery,
  run: StoredRun,
  { frames, snapshots, outcome, processor }: UnitResult,
  hasValidation: boolean
): Promise<void> {
  const fresh = { ...run, epochs: 0, bestEpoch: null, train: null, validation: null, seconds: 0 }
  const tracker = trackProgress(columnsOf(run.id), hasValidation, run.plan.stopping, fresh)
  const frameFrom = (from: number) => {
    if (frames) recorder.frame([{ frame: { runId: run.id, ...stretch(frames, from, piece) }, tracker }])
  }
  const epochs = frames?.epochs ?? 0
  // The first piece together with the status: of a short run that is all there is. Nobody is told of a status that lasts
  // for a moment; the end is.
  store.transaction(() => {
    if (run.status !== 'running') {
      store.runs.saveStatus(run.id, { status: 'running', message: null, startedAt: Date.now(), endedAt: null })
    }
    if (epochs > 0) frameFrom(0)
  })
  for (let from = piece; from < epochs; from += piece) frameFrom(from)
  for (const snapshot of snapshots) await recorder.snapshot(run.id, snapshot)
  await recorder.end(
    run.id,
    { outcome, tracker, askedBecause: '', isCompact: epochs <= piece, processor },
    () => undefined
  )
}

function stretch(all: EpochColumns, from: number, most: number): EpochColumns {
  const epochs = Math.min(most, all.epochs - from)
  const columns = all.values.length / all.epochs
  const values = new Float32Array(columns * epochs)
  for (let column = 0; column < columns; column++) {
    values.set(columnOf(all, column).subarray(from, from + epochs), column * epochs)
  }
  return { firstEpoch: all.firstEpoch + from, epochs, values }
}
