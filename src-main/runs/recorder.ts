/** Stores what the engine says of a run, and only then lets anybody hear of it. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Checkpoint } from '#engine/training/checkpoint.ts'
import type { RunOutcome } from '#engine/training/outcome.ts'
import type { Snapshot } from '#engine/training/snapshots.ts'
import type { RunColumns } from '#engine/training/epoch-columns.ts'
import { processorKind } from '#lab/engine/processor.ts'
import type { Announcer } from '#lab/runs/announcer.ts'
import { compactCurves } from '#lab/runs/compaction.ts'
import type { MetricsStream } from '#lab/runs/metrics-stream.ts'
import { finiteMetrics, type ProgressTracker } from '#lab/runs/progress.ts'
import type { Statuses } from '#lab/runs/statuses.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'

export interface Recorder {
  /** Stores the records of all runs of a frame in one transaction. */
  frame(records: readonly { readonly frame: RunColumns; readonly tracker: ProgressTracker }[]): void
  /** Stores a checkpoint. These four resolve once it is stored; those of one run follow each other. */
  checkpoint(runId: number, checkpoint: Checkpoint): Promise<void>
  /** Stores the weights of an epoch, to be looked at later. */
  snapshot(runId: number, snapshot: Snapshot): Promise<void>
  /**
   * Stores the checkpoint of a pause together with the status. `then` is called in the same turn as the status is told:
   * whoever hears of it may ask for the next one before the older checkpoints are swept away.
   */
  pause(runId: number, checkpoint: Checkpoint, then: () => void): Promise<void>
  /** Stores how a run ended and what it came to, then compacts its curves in the background. `then` as for pause(). */
  end(runId: number, end: RunEnd, then: () => void): Promise<void>
  /** Resolves when nothing is left in the background. */
  settled(): Promise<void>
}

export interface RunEnd {
  readonly outcome: RunOutcome
  readonly tracker: ProgressTracker | null
  /** The sentence for a run that was asked to stop. */
  readonly askedBecause: string
  /** Its curves came in one piece, so that there is nothing to compact. */
  readonly isCompact?: boolean
  /** The kind of processor that trained it; left out: this one. */
  readonly processor?: string
}

export interface RecorderOptions {
  readonly store: Store
  readonly statuses: Statuses
  readonly stream: MetricsStream
  readonly announcer: Announcer
  readonly log: HostServices['log']
}

/** Creates the recorder. Errors: its calls throw, or reject with, what the store throws. */
export function createRecorder({ store, statuses, stream, announcer, log }: RecorderOptions): Recorder {
  /** The last work of each run that has some under way. */
  const underWay = new Map<number, Promise<void>>()

  function inOrder(runId: number, work: () => Promise<void>): Promise<void> {
    const before = underWay.get(runId) ?? Promise.resolve()
    const done = before.catch(() => undefined).then(work)
    underWay.set(runId, done)
    const forget = () => {
      if (underWay.get(runId) === done) underWay.delete(runId)
    }
    done.then(forget, forget)
    return done
  }

  /** Stores a checkpoint in short steps; `complete` is the last one, which makes it count. */
  async function save(runId: number, checkpoint: Checkpoint, complete: (adopt: () => void) => void): Promise<void> {
    const steps = store.checkpoints.stage(runId, checkpoint)
    const id = await inSteps({ next: () => store.transaction(() => steps.next()) })
    complete(() => store.checkpoints.adopt(id))
    await inSteps(store.checkpoints.sweep(runId))
  }

  async function compact(runId: number): Promise<void> {
    try {
      await compactCurves(store.metrics, runId)
    } catch (error) {
      log('warning', `The curves of run ${runId} stay in pieces: ${String(error)}`)
    }
  }

  function saveEnd(runId: number, { outcome, tracker, askedBecause, processor }: RunEnd, adopt: () => void): void {
    const run = store.runs.get(runId)
    if (!run) return
    const { status, reason } = outcome
    statuses.change(
      runId,
      { status, reason, message: sentenceFor(outcome, run, askedBecause), endedAt: Date.now() },
      () => {
        adopt()
        const train = finiteMetrics(outcome.train)
        store.runs.saveProgress(runId, {
          epochs: outcome.epochs,
          bestEpoch: train ? outcome.bestEpoch : null,
          train,
          validation: finiteMetrics(outcome.validation),
          seconds: outcome.seconds,
          samplesPerSecond: tracker?.progress().samplesPerSecond ?? run.samplesPerSecond
        })
        store.runs.saveProcessor(runId, processor ?? processorKind())
        if (outcome.divergence) store.runs.saveDivergence(runId, outcome.divergence)
        if (train && outcome.details) store.details.save(runId, outcome.details)
        if (train && outcome.rows) store.rowFigures.save(runId, outcome.rows)
      }
    )
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

    checkpoint: (runId, checkpoint) => inOrder(runId, () => save(runId, checkpoint, (adopt) => adopt())),

    snapshot: (runId, snapshot) => inOrder(runId, () => inSteps(store.snapshots.write(runId, snapshot))),

    pause: (runId, checkpoint, then) =>
      inOrder(runId, () =>
        save(runId, checkpoint, (adopt) => {
          statuses.change(runId, { status: 'paused', message: null }, adopt)
          then()
        })
      ),

    async end(runId, end, then) {
      const { checkpoint } = end.outcome
      const complete = (adopt: () => void) => {
        saveEnd(runId, end, adopt)
        then()
      }
      await inOrder(runId, async () => {
        if (checkpoint && isSmall(checkpoint)) {
          // One transaction for all of it: most runs of a sweep are of this kind, and a transaction costs more than they do.
          complete(() => store.checkpoints.adopt(allSteps(store.checkpoints.stage(runId, checkpoint))))
          await inSteps(store.checkpoints.sweep(runId))
        } else if (checkpoint) await save(runId, checkpoint, complete)
        else complete(() => undefined)
      })
      if (!end.isCompact) void inOrder(runId, () => compact(runId))
    },

    async settled() {
      await Promise.allSettled(underWay.values())
    }
  }
}

/** A checkpoint is written at once up to so many numbers: half a millisecond. */
const mostAtOnce = 32 * 1024

const isSmall = ({ parameters, optimizerState, best }: Checkpoint): boolean =>
  parameters.length + optimizerState.length + best.parameters.length <= mostAtOnce

/** Runs a generator to its end, without a look at anything else. */
function allSteps<Result>(steps: Generator<void, Result, void>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** Runs a generator to its end, and between its steps the other work of the process. */
async function inSteps<Result>(steps: Pick<Generator<void, Result, void>, 'next'>): Promise<Result> {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    await nextTurn()
  }
}

function sentenceFor(outcome: RunOutcome, run: StoredRun, askedBecause: string): string | null {
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
      return askedBecause
    case 'diverged':
      return outcome.divergence?.message ?? outcome.message
    case 'failed':
      return outcome.message
  }
}
