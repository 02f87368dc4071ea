/**
 * The lab's side of the engine process: speaks the protocol with it, while supervisor.ts keeps it alive.
 * It knows neither what kind of process it is (the launcher does) nor what a run means to the store.
 */
import type { SlicedLoss } from '#engine/training/loss-slice.ts'
import type { PartMetrics } from '#engine/training/metrics.ts'
import type { EngineDataset, FromEngine, RunRequest, ToEngine } from '#engine/process/protocol.ts'
import type { RangeTest } from '#engine/training/rate-range.ts'
import type { Snapshot } from '#engine/training/snapshots.ts'
import { LabError } from '#contract/errors.ts'
import { type EngineStatus, Supervisor } from '#lab/engine/supervisor.ts'
import type { EngineLauncher, HostServices } from '#lab/hosts/services.ts'

/** What the engine says of its runs by itself, in order. */
export type RunEvent = Extract<FromEngine, { type: 'frame' | `run.${string}` }>

type RunEventType = RunEvent['type']
type Answer = Exclude<FromEngine, { type: 'ready' | 'work.progress' | RunEventType }>
type Request = Extract<ToEngine, { requestId: number }>
type Work = Extract<Request, { type: 'rangeTest' | 'lossSlice' }>
type Unnumbered<Message> = Message extends unknown ? Omit<Message, 'requestId'> : never

export interface EngineListener {
  onRunEvent(event: RunEvent): void
  /**
   * The engine process died, and took what was loaded and these runs with it; they can go on from their last checkpoint.
   */
  onRunsLost(runIds: readonly number[], message: string): void
  onStatus(status: EngineStatus): void
}

export type EvaluateRequest = Omit<Extract<ToEngine, { type: 'evaluate' }>, 'type' | 'requestId'>
export type RangeTestRequest = Omit<Extract<ToEngine, { type: 'rangeTest' }>, 'type' | 'requestId'>
export type LossSliceRequest = Omit<Extract<ToEngine, { type: 'lossSlice' }>, 'type' | 'requestId'>
export type PermuteRequest = Omit<Extract<ToEngine, { type: 'permute' }>, 'type' | 'requestId'>
export type PredictRequest = Omit<Extract<ToEngine, { type: 'predict' }>, 'type' | 'requestId'>

export interface EngineHost {
  status(): EngineStatus
  /** Starts the process before it is needed, or again after it was given up; every other call starts it by itself. */
  start(): void
  /** Loads a data set and holds it; each load wants one release. A run holds its data set by itself until it ends. */
  loadDataset(dataset: EngineDataset): Promise<void>
  releaseDataset(datasetId: string): void
  /** Trains a run. One that was stopped a moment ago and has not ended there yet starts once it has. */
  startRun(run: RunRequest): void
  pauseRun(runId: number): void
  resumeRun(runId: number): void
  stopRun(runId: number): void
  /** The weights of a run in the engine as they are now. */
  weightsOf(runId: number): Promise<Snapshot>
  /** Measures a part from a file with given parameters; the part is in the engine only while it is measured. */
  evaluate(request: EvaluateRequest): Promise<PartMetrics>
  /** Measures a part with groups of its inputs in another order over the rows: figures by group and repeat. */
  permute(request: PermuteRequest): Promise<readonly (readonly PartMetrics[])[]>
  /** Computes the outputs for rows, (rows, outputs) row by row: probabilities of classes, or the scaled number. */
  predict(request: PredictRequest): Promise<Float32Array>
  /**
   * Tests rates on a data set that is loaded; `report` is told how many batches are done, the signal cancels.
   * Errors: as the others; a cancelled test is refused.
   */
  testRates(request: RangeTestRequest, report: (done: number) => void, signal: AbortSignal): Promise<RangeTest>
  /** Measures the loss over a plane of weights; `report` is told how many places are done. Otherwise as testRates(). */
  sliceLoss(request: LossSliceRequest, report: (done: number) => void, signal: AbortSignal): Promise<SlicedLoss>
  /** Seconds that the prediction takes in the engine, on one thread. */
  timePrediction(request: PredictRequest): Promise<number>
  /** Ends the process for good; runs still in it are reported to nobody. */
  close(): Promise<void>
}

export interface EngineHostOptions {
  readonly launch: EngineLauncher
  readonly listener: EngineListener
  readonly log: HostServices['log']
  /** Milliseconds, monotonic. */
  readonly now: () => number
}

const closedMessage = 'The lab is being closed; the training engine takes no more work.'

/**
 * Creates the host of one engine process; nothing is launched before the first call that needs it.
 * Errors: LabError 'engine' with a sentence: a request when the process dies before the answer or refuses it,
 * every call but start() and close() when the process was given up.
 */
export function createEngineHost(options: EngineHostOptions): EngineHost {
  return new ProcessHost(options)
}

class ProcessHost implements EngineHost {
  readonly #listener: EngineListener
  readonly #process: Supervisor
  #lastRequestId = 0
  readonly #pending = new Map<number, { resolve: (answer: Answer) => void; reject: (error: LabError) => void }>()
  readonly #running = new Set<number>()
  readonly #reports = new Map<number, (done: number) => void>()
  /** Runs started again while the engine still brings their former start to its end. */
  readonly #restarts = new Map<number, { readonly run: RunRequest; readonly told: ToEngine[] }>()

  constructor({ launch, listener, log, now }: EngineHostOptions) {
    this.#listener = listener
    this.#process = new Supervisor({
      launch,
      log,
      now,
      onMessage: (message) => this.#receive(message),
      onStatus: (status) => listener.onStatus(status),
      onLost: (message) => this.#loseEverything(message)
    })
  }

  status(): EngineStatus {
    return this.#process.status()
  }

  start(): void {
    this.#process.start()
  }

  #receive(message: FromEngine): void {
    switch (message.type) {
      case 'ready':
        return
      case 'frame':
        this.#listener.onRunEvent({ ...message, runs: message.runs.filter(({ runId }) => !this.#restarts.has(runId)) })
        return
      case 'run.started':
      case 'run.resumed':
      case 'run.paused':
      case 'run.checkpoint':
      case 'run.snapshot':
      case 'run.ending':
      case 'run.ended':
        if (message.type === 'run.ended') this.#running.delete(message.runId)
        if (this.#restarts.has(message.runId)) return this.#startAgain(message)
        this.#listener.onRunEvent(message)
        return
      case 'work.progress':
        this.#reports.get(message.requestId)?.(message.done)
        return
      case 'dataset.loaded':
      case 'rangeTested':
      case 'lossSliced':
      case 'evaluated':
      case 'permuted':
      case 'predicted':
      case 'weights':
      case 'refused':
        this.#pending.get(message.requestId)?.resolve(message)
        this.#pending.delete(message.requestId)
        return
    }
  }

  /** What is told of a former start concerns nobody any more, but its end. */
  #startAgain({ type, runId }: Exclude<RunEvent, { type: 'frame' }>): void {
    const restart = this.#restarts.get(runId)
    if (!restart || type !== 'run.ended') return
    this.#restarts.delete(runId)
    this.startRun(restart.run)
    restart.told.forEach((message) => this.#process.post(message))
  }

  /** Tells everybody who waits for the dead process; what is asked from here on waits for the next one. */
  #loseEverything(message: string): void {
    this.#rejectRequests(message)
    const lost = [...this.#running]
    this.#running.clear()
    this.#restarts.clear()
    this.#listener.onRunsLost(lost, message)
  }

  #rejectRequests(message: string): void {
    const requests = [...this.#pending.values()]
    this.#pending.clear()
    requests.forEach(({ reject }) => reject(new LabError('engine', message)))
  }

  /** Resolves with the answer of the type that belongs to the request. */
  async #request<Type extends Answer['type']>(
    message: Unnumbered<Request>,
    type: Type
  ): Promise<Extract<Answer, { type: Type }>> {
    const requestId = ++this.#lastRequestId
    const answer = await new Promise<Answer>((resolve, reject) => {
      this.#process.post({ ...message, requestId })
      this.#pending.set(requestId, { resolve, reject })
    })
    if (answer.type === 'refused') throw new LabError('engine', answer.message)
    if (answer.type !== type) throw new LabError('internal', `The engine answered "${answer.type}".`)
    return answer as Extract<Answer, { type: Type }>
  }

  /** Control of a run that this process does not have has nobody to reach. */
  #control(type: 'run.pause' | 'run.resume' | 'run.stop', runId: number): void {
    const restart = this.#restarts.get(runId)
    if (restart) restart.told.push({ type, runId })
    else if (this.#running.has(runId)) this.#process.post({ type, runId })
  }

  async loadDataset(dataset: EngineDataset): Promise<void> {
    await this.#request({ type: 'dataset.load', dataset }, 'dataset.loaded')
  }

  releaseDataset(datasetId: string): void {
    if (this.#process.isUp()) this.#process.post({ type: 'dataset.release', datasetId })
  }

  startRun(run: RunRequest): void {
    if (this.#running.has(run.runId)) {
      this.#restarts.set(run.runId, { run, told: [] })
      return
    }
    this.#process.post({ type: 'run.start', run })
    this.#running.add(run.runId)
  }

  pauseRun(runId: number): void {
    this.#control('run.pause', runId)
  }

  resumeRun(runId: number): void {
    this.#control('run.resume', runId)
  }

  stopRun(runId: number): void {
    this.#control('run.stop', runId)
  }

  async weightsOf(runId: number): Promise<Snapshot> {
    return (await this.#request({ type: 'run.weights', runId }, 'weights')).snapshot
  }

  async evaluate(evaluation: EvaluateRequest): Promise<PartMetrics> {
    return (await this.#request({ type: 'evaluate', ...evaluation }, 'evaluated')).metrics
  }

  async permute(permutation: PermuteRequest): Promise<readonly (readonly PartMetrics[])[]> {
    return (await this.#request({ type: 'permute', ...permutation }, 'permuted')).metrics
  }

  async predict(prediction: PredictRequest): Promise<Float32Array> {
    return (await this.#request({ type: 'predict', ...prediction }, 'predicted')).outputs
  }

  async timePrediction(prediction: PredictRequest): Promise<number> {
    return (await this.#request({ type: 'predict', ...prediction }, 'predicted')).seconds
  }

  async testRates(test: RangeTestRequest, report: (done: number) => void, signal: AbortSignal): Promise<RangeTest> {
    const answered = this.#work({ type: 'rangeTest', ...test }, 'rangeTested', report, signal)
    return (await answered).result
  }

  async sliceLoss(slice: LossSliceRequest, report: (done: number) => void, signal: AbortSignal): Promise<SlicedLoss> {
    const answered = this.#work({ type: 'lossSlice', ...slice }, 'lossSliced', report, signal)
    return (await answered).result
  }

  /** A request that tells how far it is and can be cancelled. */
  async #work<Type extends 'rangeTested' | 'lossSliced'>(
    message: Unnumbered<Work>,
    type: Type,
    report: (done: number) => void,
    signal: AbortSignal
  ): Promise<Extract<Answer, { type: Type }>> {
    const answered = this.#request(message, type)
    const workId = this.#lastRequestId
    const cancel = () => {
      if (this.#process.isUp()) this.#process.post({ type: 'work.cancel', workId })
    }
    this.#reports.set(workId, report)
    signal.addEventListener('abort', cancel, { once: true })
    if (signal.aborted) cancel()
    try {
      return await answered
    } finally {
      signal.removeEventListener('abort', cancel)
      this.#reports.delete(workId)
    }
  }

  async close(): Promise<void> {
    const stopped = this.#process.close(closedMessage)
    this.#rejectRequests(closedMessage)
    await stopped
  }
}
