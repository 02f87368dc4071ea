/** Runs: starting, reading and removing them; their training is the runner's. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Task } from '#engine/network/losses.ts'
import { formatHidden, hiddenLayers, type Layer, parameterCount, type Topology } from '#engine/network/topology.ts'
import { metricColumns, type RunDetails } from '#engine/training/metrics.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { LabError } from '#contract/errors.ts'
import { type KeptEpochs, mostTags, type Run, type RunData, type RunPiece } from '#contract/runs.ts'
import type { Events } from '#lab/streams/events.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import type { ProgressTracker } from '#lab/runs/progress.ts'
import { expectOneNetwork } from '#lab/runs/predictor.ts'
import { keptEpochs, storedWeights, type WeightChoice } from '#lab/runs/run-weights.ts'
import type { Runner } from '#lab/runs/runner.ts'
import type { Statuses } from '#lab/runs/statuses.ts'
import { checkThreads, checkTrainable, topologyFor } from '#lab/runs/trainable.ts'
import type { StoredWeights } from '#lab/store/checkpoints.ts'
import type { RunPage, StoredRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'
import { createRunPacker } from '#trials/run-pieces.ts'
import { canPause, canResume, canStop } from '#trials/run-status.ts'

export interface StartRequest {
  readonly experimentId: number
  readonly hidden: readonly Layer[]
  readonly plan: TrainingPlan
  readonly seeds: readonly number[]
  readonly parentId: number | null
  readonly from?: { readonly runId: number; readonly epoch: number } | undefined
  readonly note: string
  readonly tags?: readonly string[]
  /** The rows to train on; left out: the training part. */
  readonly data?: RunData
}

/** A change of what a person marks runs with; what is left out stays. */
export interface MarkChange {
  readonly starred?: boolean | undefined
  readonly addTags?: readonly string[] | undefined
  readonly removeTags?: readonly string[] | undefined
}

export interface Runs {
  start(request: StartRequest): Run[]
  /** Newest first, piece by piece. */
  list(experimentId: number | null, page?: RunPage): AsyncGenerator<RunPiece, void, void>
  get(id: number): Run
  pause(id: number): Promise<Run>
  resume(id: number): Promise<Run>
  stop(id: number): Promise<Run>
  annotate(id: number, note: string): Run
  mark(ids: readonly number[], change: MarkChange): void
  /** Puts the runs back into the queue that the end of the lab interrupted. */
  continueInterrupted(): Promise<void>
  remove(ids: readonly number[]): void
  /** Null while the run has not ended, or has no best epoch. */
  details(id: number): RunDetails | null
  kept(id: number): KeptEpochs
  weights(id: number, which: WeightChoice): StoredWeights
}

export interface RunsOptions {
  readonly store: Store
  readonly experiments: Experiments
  readonly runner: Runner
  readonly statuses: Statuses
  readonly events: Events
  /** Threads of the engine; 0 while it is not known. */
  readonly engineThreads: () => number
}

/** Runs put into the queue between two looks at the other work of the process. */
const stride = 25

/** What the snapshots of all runs of one start may take together; experiments/README.md has the figures. */
const snapshotBytesAStart = 8 * 1024 * 1024

/** What decides how many weights there are and where each lies. */
function layout({ inputs, layers }: Topology) {
  return [inputs, ...layers.map(({ units, normalisation }) => [units, normalisation ?? null])]
}

/** Gives a stored run the form of the contract, with what only a run in training has. */
export function toRun(stored: StoredRun, tracker: ProgressTracker | null): Run {
  const live = stored.status === 'running' ? tracker : null
  return {
    id: stored.id,
    experimentId: stored.experimentId,
    parentId: stored.parentId,
    ...(stored.sweep && { sweepId: stored.sweep.id }),
    ...(stored.source && { source: stored.source }),
    ...(stored.ensemble && { ensemble: stored.ensemble as Run['ensemble'] }),
    ...(stored.fromEpoch !== undefined && { fromEpoch: stored.fromEpoch }),
    status: stored.status,
    // Runs of the same topology and plan share one object of each, which packing them relies on.
    topology: stored.topology as Run['topology'],
    plan: stored.plan,
    data: stored.data,
    seed: stored.seed,
    parameters: stored.parameters,
    epochs: stored.epochs,
    bestEpoch: stored.bestEpoch,
    train: stored.train,
    validation: stored.validation,
    latest: live?.latest() ?? null,
    seconds: stored.seconds,
    samplesPerSecond: stored.samplesPerSecond,
    etaSeconds: live?.eta(stored.plan.stopping.epochs) ?? null,
    message: stored.message,
    ...(stored.divergence && { divergence: stored.divergence }),
    note: stored.note,
    ...(stored.tags.length > 0 && { tags: [...stored.tags] }),
    ...(stored.starred && { starred: true }),
    ...(stored.processor !== undefined && { processor: stored.processor }),
    testOpened: stored.testOpened,
    createdAt: stored.createdAt,
    startedAt: stored.startedAt,
    endedAt: stored.endedAt
  }
}

/**
 * Creates the service.
 * Errors: LabError 'not_found' for unknown ids, 'bad_settings' with the field for a topology or plan that can't be
 * trained, 'conflict' for a command that a run's status does not allow.
 */
export function createRuns(options: RunsOptions): Runs {
  return new StoredRuns(options)
}

class StoredRuns implements Runs {
  readonly #options: RunsOptions

  constructor(options: RunsOptions) {
    this.#options = options
  }

  #find(id: number): StoredRun {
    const { store, statuses } = this.#options
    return statuses.asItStands(store.runs.find(id))
  }

  /**
   * Errors: 'bad_settings' where the weights do not fit the network or have learned rows that are to judge it,
   * 'not_found' where that epoch is not kept.
   */
  #weightsToBeginWith(parent: StoredRun, epoch: number, experimentId: number, topology: Topology) {
    const { store } = this.#options
    const isAlike = JSON.stringify(layout(parent.topology)) === JSON.stringify(layout(topology))
    if (parent.experimentId !== experimentId || !isAlike) {
      const message = `The weights of run ${parent.id} belong to ${formatHidden(hiddenLayers(parent.topology))}; a run that begins with them needs the same layers in the same experiment.`
      throw new LabError('bad_settings', message, { field: 'hidden' })
    }
    if (parent.data.kind === 'fold' || parent.data.kind === 'final') {
      const message = `Run ${parent.id} has learned rows of the validation part, so a run that begins with its weights could not be judged by it; start from the same plan instead.`
      throw new LabError('bad_settings', message, { field: 'from' })
    }
    expectOneNetwork(parent)
    return storedWeights(store, parent.id, epoch)
  }

  get(id: number): Run {
    const { runner } = this.#options
    return toRun(this.#find(id), runner.tracker(id))
  }

  async *#packed(pieces: Iterable<readonly StoredRun[]>): AsyncGenerator<RunPiece, void, void> {
    const { statuses, runner } = this.#options
    const pack = createRunPacker()
    for (const piece of pieces) {
      yield pack(piece.map((stored) => toRun(statuses.asItStands(stored), runner.tracker(stored.id))))
      // What else the lab is asked has its turn between two pieces.
      await nextTurn()
    }
  }

  start(request: StartRequest): Run[] {
    const { experiments, engineThreads, store, events, runner } = this.#options
    const experiment = experiments.find(request.experimentId)
    const topology = topologyFor(experiment, request.hidden)
    checkTrainable(experiment, topology, request.plan)
    checkThreads(request.plan, engineThreads())
    const { experimentId, from, plan, seeds, note, data } = request
    const parentId = from?.runId ?? request.parentId
    const parent = parentId === null ? null : this.#find(parentId)
    const beginning = from && parent ? this.#weightsToBeginWith(parent, from.epoch, experimentId, topology) : null
    const common = {
      experimentId,
      parentId,
      topology,
      plan,
      parameters: parameterCount(topology),
      note,
      tags: [...new Set(request.tags ?? [])],
      data,
      createdAt: Date.now(),
      snapshotBytes: Math.floor(snapshotBytesAStart / seeds.length),
      ...(beginning && { fromEpoch: beginning.epoch })
    }
    const ids = store.transaction(() =>
      seeds.map((seed) => {
        const id = store.runs.add({ ...common, seed })
        // Whole, however large: a run without the weights it begins with would be another run.
        if (beginning) Array.from(store.snapshots.write(id, { ...beginning, epoch: 0 }))
        return id
      })
    )
    const queued = ids.map((id) => this.get(id))
    queued.forEach((run) => events.publish({ type: 'run', run }))
    runner.enqueue(ids)
    return queued
  }

  list(experimentId: number | null, page?: RunPage): AsyncGenerator<RunPiece, void, void> {
    const { experiments, store } = this.#options
    if (experimentId !== null) experiments.find(experimentId)
    return this.#packed(store.runs.pieces(experimentId, page))
  }

  async pause(id: number): Promise<Run> {
    const { runner } = this.#options
    const stored = this.#find(id)
    if (!canPause(stored)) {
      throw new LabError('conflict', `Run ${id} is ${stored.status}; only a queued or running one can be paused.`)
    }
    await runner.pause(stored)
    return this.get(id)
  }

  async resume(id: number): Promise<Run> {
    const { runner } = this.#options
    const stored = this.#find(id)
    if (!canResume(stored)) {
      const why = stored.testOpened
        ? `The test part was opened for run ${id}; training it further would use what was seen. Start a new run instead.`
        : `Run ${id} is ${stored.status}; it can't go on from there.`
      throw new LabError('conflict', why)
    }
    await runner.resume(stored)
    return this.get(id)
  }

  async stop(id: number): Promise<Run> {
    const { runner } = this.#options
    const stored = this.#find(id)
    if (!canStop(stored)) {
      throw new LabError('conflict', `Run ${id} is ${stored.status} already.`)
    }
    await runner.stop(stored)
    return this.get(id)
  }

  annotate(id: number, note: string): Run {
    const { store, events } = this.#options
    this.#find(id)
    store.runs.annotate(id, note)
    const run = this.get(id)
    events.publish({ type: 'run', run })
    return run
  }

  mark(ids: readonly number[], { starred, addTags = [], removeTags = [] }: MarkChange): void {
    const { store, events } = this.#options
    const stored = ids.map((id) => this.#find(id))
    store.transaction(() => {
      for (const run of stored) {
        const tags = [...new Set([...run.tags, ...addTags])].filter((tag) => !removeTags.includes(tag))
        store.runs.mark(run.id, { starred, tags: tags.slice(0, mostTags) })
      }
    })
    ids.forEach((id) => events.publish({ type: 'run', run: this.get(id) }))
  }

  async continueInterrupted() {
    const { store, runner } = this.#options
    const ids = store.runs.idsToGoOn()
    for (const [index, id] of ids.entries()) {
      if (index % stride === stride - 1) await nextTurn()
      const stored = store.runs.get(id)
      // A person may have stopped, resumed or opened it in between.
      if (stored?.status === 'interrupted' && !stored.testOpened) await runner.resume(stored)
    }
  }

  remove(ids: readonly number[]): void {
    const { runner, store, events } = this.#options
    ids.forEach((id) => this.#find(id))
    runner.discard(ids)
    store.transaction(() => ids.forEach((id) => store.runs.remove(id)))
    events.publish({ type: 'runs.removed', runIds: [...ids] })
    events.publish({ type: 'experiments' })
  }

  details(id: number): RunDetails | null {
    const { store } = this.#options
    this.#find(id)
    return store.details.ofRun(id)
  }

  kept(id: number): KeptEpochs {
    const { store } = this.#options
    this.#find(id)
    return keptEpochs(store, id)
  }

  weights(id: number, which: WeightChoice): StoredWeights {
    const { store } = this.#options
    this.#find(id)
    return storedWeights(store, id, which)
  }
}

/**
 * Creates the function that names the columns of a run's epoch records. What an experiment's task is never changes, and
 * reading it whole for each of a thousand curves takes longer than the curves.
 */
export function createColumnsOf(store: Store): (runId: number) => string[] {
  const tasks = new Map<number, Task>()
  function taskOf(experimentId: number): Task | undefined {
    const task = tasks.get(experimentId) ?? store.experiments.get(experimentId)?.settings.task
    if (task) tasks.set(experimentId, task)
    return task
  }
  return (runId) => {
    const run = store.runs.get(runId)
    const task = run && taskOf(run.experimentId)
    return task ? metricColumns(task, run.topology) : []
  }
}
