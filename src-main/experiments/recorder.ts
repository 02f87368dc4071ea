/** Stores what the engine says of a run, and only then lets anybody hear of it. */
import type { RunOutcome } from '#engine/training/outcome.ts'
import type { RunFrame } from '#engine/process/protocol.ts'
import type { Announcer } from '#lab/experiments/announcer.ts'
import { compactCurves } from '#lab/experiments/compaction.ts'
import type { MetricsStream } from '#lab/experiments/metrics-stream.ts'
import { finiteMetrics, type ProgressTracker } from '#lab/experiments/progress.ts'
import type { Statuses } from '#lab/experiments/statuses.ts'
import type { HostServices } from '#lab/host-services.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'

export interface Recorder {
  /** Stores the records of all runs of a frame in one transaction. */
  frame(records: readonly { readonly frame: RunFrame; readonly tracker: ProgressTracker }[]): void
  /** Stores how a run ended and what it came to, then compacts its curves in the background. */
  end(runId: number, outcome: RunOutcome, tracker: ProgressTracker | null): void
  /** Resolves when nothing is left in the background. */
  settled(): Promise<void>
}

export interface RecorderOptions {
  readonly store: Store
  readonly statuses: Statuses
  readonly stream: MetricsStream
  readonly announcer: Announcer
  readonly log: HostServices['log']
}

/** Creates the recorder. Errors: its calls throw what the store throws. */
export function createRecorder({ store, statuses, stream, announcer, log }: RecorderOptions): Recorder {
  const compacting = new Set<Promise<void>>()

  function compact(runId: number): void {
    const work = compactCurves(store.metrics, runId)
      .catch((error: unknown) => log('warning', `The curves of run ${runId} stay in pieces: ${String(error)}`))
      .finally(() => compacting.delete(work))
    compacting.add(work)
  }

  return {
    frame(records) {
      const pieces = store.transaction(() =>
        records.map(({ frame, tracker }) => {
          store.runs.saveProgress(frame.runId, tracker.add(frame))
          return store.metrics.append(frame)
        })
      )
      stream.publish(pieces)
      pieces.forEach((piece) => announcer.soon(piece.runId))
    },

    end(runId, outcome, tracker) {
      const run = store.runs.get(runId)
      if (!run) return
      const { status, reason, checkpoint } = outcome
      statuses.change(runId, { status, reason, message: sentenceFor(outcome, run), endedAt: Date.now() }, () => {
        if (checkpoint) store.checkpoints.save(runId, checkpoint)
        const train = finiteMetrics(outcome.train)
        store.runs.saveProgress(runId, {
          epochs: outcome.epochs,
          bestEpoch: train ? outcome.bestEpoch : null,
          train,
          validation: finiteMetrics(outcome.validation),
          seconds: outcome.seconds,
          samplesPerSecond: tracker?.progress().samplesPerSecond ?? run.samplesPerSecond
        })
      })
      compact(runId)
    },

    async settled() {
      await Promise.all(compacting)
    }
  }
}

function sentenceFor(outcome: RunOutcome, run: StoredRun): string | null {
  switch (outcome.reason) {
    case 'epochs':
      return null
    case 'patience':
      return `Stopped early: no lower validation loss in the last ${run.plan.stopping.patience ?? 0} epochs.`
    case 'target':
      return `Stopped early: the loss has reached its target of ${run.plan.stopping.targetLoss ?? 0}.`
    case 'time':
      return `Stopped early: its ${run.plan.stopping.seconds ?? 0} seconds of training are over.`
    case 'asked':
      return 'Stopped by request.'
    case 'diverged':
      return outcome.divergence?.message ?? outcome.message
    case 'failed':
      return outcome.message
  }
}
