/** Takes the result of a unit into the run that it belongs to, the way the engine's own words of it would have been. */
import { columnOf, type EpochColumns } from '#engine/training/epoch-columns.ts'
import { trackProgress } from '#lab/runs/progress.ts'
import type { Recorder } from '#lab/runs/recorder.ts'
import type { Statuses } from '#lab/runs/statuses.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import type { UnitResult } from '#lab/workers/result.ts'

export interface Delivery {
  readonly statuses: Statuses
  readonly recorder: Recorder
  readonly columnsOf: (runId: number) => readonly string[]
}

/** Epochs of one transaction. */
const piece = 2000

/** Stores a result; resolves once it is stored. Errors: what the store throws. */
export async function deliver(
  { statuses, recorder, columnsOf }: Delivery,
  run: StoredRun,
  { frames, snapshots, outcome }: UnitResult,
  hasValidation: boolean
): Promise<void> {
  if (run.status !== 'queued' && run.status !== 'running') {
    statuses.change(run.id, { status: 'queued', message: null, endedAt: null })
  }
  if (run.status !== 'running') {
    statuses.change(run.id, { status: 'running', message: null, startedAt: Date.now(), endedAt: null })
  }
  const fresh = { ...run, epochs: 0, bestEpoch: null, train: null, validation: null, seconds: 0 }
  const tracker = trackProgress(columnsOf(run.id), hasValidation, run.plan.stopping, fresh)
  for (let from = 0; frames && from < frames.epochs; from += piece) {
    recorder.frame([{ frame: { runId: run.id, ...stretch(frames, from, piece) }, tracker }])
  }
  for (const snapshot of snapshots) await recorder.snapshot(run.id, snapshot)
  await recorder.end(run.id, { outcome, tracker, askedBecause: '' }, () => undefined)
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
