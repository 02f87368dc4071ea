/**
 * The loop of one thread: takes turns over its active runs in steps of about 10 ms, so that control is answered soon.
 * It owns the trainers of its runs; the coordinator owns the memory they work in.
 */
import type { Kernels } from '#engine/kernels/kernels.ts'
import { failedOutcome } from '#engine/process/outcomes.ts'
import { describeError } from '#engine/process/sentences.ts'
import type { FromThread, RunMessage, RunSetup } from '#engine/process/thread-protocol.ts'
import type { Checkpoint } from '#engine/training/checkpoint.ts'
import { createTrainer, type Trainer } from '#engine/training/trainer.ts'

/** One step of training between two looks at the messages. */
const stepMs = 10
/** The least time between two checkpoints of a run, on the clock. */
const checkpointMs = 2000

export interface RunLoopOptions {
  readonly kernels: Kernels
  readonly checkpointBytesPerMs: number
  /** Milliseconds, monotonic. */
  readonly now: () => number
  readonly post: (message: FromThread) => void
  /** Calls back after messages that have come in the meantime were handled. */
  readonly afterMessages: (callback: () => void) => void
}

type RunRequest<Type extends RunMessage['type']> = Extract<RunMessage, { type: Type }>

interface ActiveRun {
  readonly runId: number
  readonly trainer: Trainer
  /** Training is over and the parts are being measured with the best weights; `asked` where a person stopped it. */
  ending: { readonly reason: 'asked' | undefined } | null
  /** The last epoch whose records were posted. */
  epoch: number
  checkpointAt: number
  /** Milliseconds of training since the last checkpoint, and how many a checkpoint of this size must be worth. */
  trainedMs: number
  checkpointCostMs: number
}

/**
 * Creates the loop of a thread and returns what takes its messages.
 * Errors: an exception in a run ends that run as `failed` with a sentence; the others go on.
 */
export function createRunLoop(options: RunLoopOptions): (message: RunMessage) => void {
  const { kernels, now, post } = options
  const runs = new Map<number, ActiveRun>()
  /** Runs that are not paused, the next one in turn first. */
  let turns: ActiveRun[] = []
  let scheduled = false

  function schedule(): void {
    if (scheduled || turns.length === 0) return
    scheduled = true
    options.afterMessages(step)
  }

  function step(): void {
    scheduled = false
    const run = turns.shift()
    if (run) {
      // What is over is brought to its end first: a person waits for it, and its memory becomes free.
      if (run.ending) turns.unshift(run)
      else turns.push(run)
      guard(run.runId, () => (run.ending ? end(run, run.ending.reason) : advance(run)))
    }
    schedule()
  }

  function advance(run: ActiveRun): void {
    const before = now()
    const { firstEpoch, epochs, values, snapshots, finished, halted } = run.trainer.advance(stepMs)
    run.trainedMs += now() - before
    if (epochs > 0) {
      run.epoch = firstEpoch + epochs - 1
      post({ type: 'epochs', records: { runId: run.runId, firstEpoch, epochs, values } })
    }
    for (const snapshot of snapshots) post({ type: 'run.snapshot', runId: run.runId, snapshot })
    if (finished) return beginEnd(run, undefined)
    if (halted) return beginEnd(run, 'asked')
    const isDue = now() - run.checkpointAt >= checkpointMs && run.trainedMs >= run.checkpointCostMs
    if (isDue) post({ type: 'run.checkpoint', runId: run.runId, checkpoint: take(run) })
  }

  function take(run: ActiveRun): Checkpoint {
    const checkpoint = run.trainer.checkpoint()
    run.checkpointAt = now()
    run.trainedMs = 0
    run.checkpointCostMs = checkpointBytes(checkpoint) / options.checkpointBytesPerMs
    return checkpoint
  }

  function start(runId: number, setup: RunSetup): void {
    const run = openRun(runId, setup, kernels, now)
    runs.set(runId, run)
    turns.push(run)
    post({ type: 'run.started', runId })
  }

  /** One that is paused already has said so, and so has one that was let go on: what is asked twice is told once. */
  function pause(run: ActiveRun): void {
    if (!turns.includes(run)) return
    turns = turns.filter((other) => other !== run)
    post({ type: 'run.paused', runId: run.runId, checkpoint: take(run) })
  }

  function resume(run: ActiveRun): void {
    if (turns.includes(run)) return
    turns.push(run)
    post({ type: 'run.resumed', runId: run.runId })
  }

  function beginEnd(run: ActiveRun, reason: 'asked' | undefined): void {
    run.ending = { reason }
    post({ type: 'run.ending', runId: run.runId })
    turns = [run, ...turns.filter((other) => other !== run)]
  }

  function end(run: ActiveRun, reason: 'asked' | undefined): void {
    const outcome = run.trainer.finishWithin(stepMs, reason)
    if (!outcome) return
    forget(run.runId)
    post({ type: 'run.ended', runId: run.runId, outcome })
  }

  function forget(runId: number): void {
    runs.delete(runId)
    turns = turns.filter((run) => run.runId !== runId)
  }

  function guard(runId: number, work: () => void): void {
    try {
      work()
    } catch (error) {
      const epoch = runs.get(runId)?.epoch ?? 0
      forget(runId)
      post({ type: 'run.ended', runId, outcome: failedOutcome(epoch, describeError(error)) })
    }
  }

  return (message) => {
    guard(message.runId, () => {
      if (message.type === 'run.start') return start(message.runId, message.setup)
      const run = runs.get(message.runId)
      if (message.type === 'run.weights') return post(weightsOf(message, run))
      // Its end and this message have crossed on the way.
      if (!run || run.ending) return
      if (message.type === 'run.pause') pause(run)
      else if (message.type === 'run.resume') resume(run)
      else beginEnd(run, 'asked')
    })
    schedule()
  }
}

function openRun(runId: number, setup: RunSetup, kernels: Kernels, now: () => number): ActiveRun {
  return {
    runId,
    trainer: createTrainer({ ...setup, kernels, now }),
    ending: null,
    epoch: setup.checkpoint?.epoch ?? 0,
    checkpointAt: now(),
    trainedMs: 0,
    checkpointCostMs: 0
  }
}

function weightsOf({ requestId, runId }: RunRequest<'run.weights'>, run: ActiveRun | undefined): FromThread {
  if (run) return { type: 'weights', requestId, snapshot: run.trainer.snapshot() }
  return { type: 'refused', requestId, message: `Run ${runId} is in training no more.` }
}

function checkpointBytes({ parameters, optimizerState, best }: Checkpoint): number {
  return parameters.byteLength + optimizerState.byteLength + best.parameters.byteLength
}
