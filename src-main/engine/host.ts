/**
 * The lab's side of the engine process: starts it, watches it, restarts it, and speaks the protocol with it.
 * It knows neither what kind of process it is (the launcher does) nor what a run means to the store.
 */
import type { PartMetrics } from '#engine/training/metrics.ts'
import type { EngineDataset, FromEngine, RunRequest, ToEngine } from '#engine/process/protocol.ts'
import type { RangeTest } from '#engine/training/rate-range.ts'
import type { Snapshot } from '#engine/training/snapshots.ts'
import { LabError } from '#contract/errors.ts'
import type { EngineExit, EngineLauncher, EnginePort, HostServices } from '#lab/hosts/services.ts'

/** What the engine says of its runs by itself, in order. */
export type RunEvent = Extract<FromEngine, { type: 'frame' | `run.${string}` }>

type RunEventType = RunEvent['type']
type Answer = Exclude<FromEngine, { type: 'ready' | 'rangeTest.progress' | RunEventType }>
type Request = Extract<ToEngine, { requestId: number }>
type Unnumbered<Message> = Message extends unknown ? Omit<Message, 'requestId'> : never

/** `threads` is 0 until the engine has been ready once; `message` is a sentence for `restarting` and `failed`. */
export interface EngineStatus {
  readonly state: 'starting' | 'ready' | 'restarting' | 'failed'
  readonly threads: number
  readonly message: string | null
}

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

/** The engine is given up when it ends this often within a minute: then restarting only burns power. */
const endsBeforeGivingUp = 5
const minuteMs = 60_000
/** The first restart is at once; each further one within the minute waits twice as long as the one before. */
const firstDelayMs = 250
const closedMessage = 'The lab is being closed; the training engine takes no more work.'

/**
 * Creates the host of one engine process; nothing is launched before the first call that needs it.
 * Errors: LabError 'engine' with a sentence: a request when the process dies before the answer or refuses it,
 * every call but start() and close() when the process was given up.
 */
export function createEngineHost({ launch, listener, log, now }: EngineHostOptions): EngineHost {
  let port: EnginePort | null = null
  let current: EngineStatus = { state: 'starting', threads: 0, message: null }
  let waitingForReady: ToEngine[] = []
  let restartTimer: NodeJS.Timeout | null = null
  let ends: number[] = []
  let closed = false
  let lastRequestId = 0
  const pending = new Map<number, { resolve: (answer: Answer) => void; reject: (error: LabError) => void }>()
  const running = new Set<number>()
  const reports = new Map<number, (done: number) => void>()
  /** Runs started again while the engine still brings their former start to its end. */
  const restarts = new Map<number, { readonly run: RunRequest; readonly told: ToEngine[] }>()

  function become(state: EngineStatus['state'], message: string | null, threads = current.threads): void {
    current = { state, threads, message }
    listener.onStatus(current)
  }

  function launchNow(): void {
    restartTimer = null
    const launched = launch()
    port = launched
    launched.onMessage(receive)
    launched.onExit((exit) => {
      if (port === launched) ended(exit)
    })
  }

  function receive(message: FromEngine): void {
    switch (message.type) {
      case 'ready':
        become('ready', null, message.threads)
        waitingForReady.splice(0).forEach((waiting) => port?.post(waiting))
        return
      case 'frame':
        listener.onRunEvent({ ...message, runs: message.runs.filter(({ runId }) => !restarts.has(runId)) })
        return
      case 'run.started':
      case 'run.resumed':
      case 'run.paused':
      case 'run.checkpoint':
      case 'run.snapshot':
      case 'run.ending':
      case 'run.ended':
        if (message.type === 'run.ended') running.delete(message.runId)
        if (restarts.has(message.runId)) return startAgain(message)
        listener.onRunEvent(message)
        return
      case 'rangeTest.progress':
        reports.get(message.requestId)?.(message.done)
        return
      case 'dataset.loaded':
      case 'rangeTested':
      case 'evaluated':
      case 'permuted':
      case 'predicted':
      case 'weights':
      case 'refused':
        pending.get(message.requestId)?.resolve(message)
        pending.delete(message.requestId)
        return
    }
  }

  /** What is told of a former start concerns nobody any more, but its end. */
  function startAgain({ type, runId }: Exclude<RunEvent, { type: 'frame' }>): void {
    const restart = restarts.get(runId)
    if (!restart || type !== 'run.ended') return
    restarts.delete(runId)
    startRun(restart.run)
    restart.told.forEach(post)
  }

  function startRun(run: RunRequest): void {
    if (running.has(run.runId)) {
      restarts.set(run.runId, { run, told: [] })
      return
    }
    post({ type: 'run.start', run })
    running.add(run.runId)
  }

  function ended(exit: EngineExit): void {
    port = null
    if (closed) return
    const time = now()
    ends = [...ends.filter((end) => time - end < minuteMs), time]
    const cause = describeExit(exit)
    log('error', cause)
    if (ends.length >= endsBeforeGivingUp) {
      const message = `${cause} It did so ${ends.length} times within a minute and is not started again.`
      become('failed', message)
      loseEverything(message)
      return
    }
    const message = `${cause} It is being restarted.`
    const delayMs = ends.length === 1 ? 0 : firstDelayMs * 2 ** (ends.length - 2)
    restartTimer = setTimeout(launchNow, delayMs)
    become('restarting', message)
    loseEverything(message)
  }

  /** Tells everybody who waits for the dead process; what is asked from here on waits for the next one. */
  function loseEverything(message: string): void {
    waitingForReady = []
    rejectRequests(message)
    const lost = [...running]
    running.clear()
    restarts.clear()
    listener.onRunsLost(lost, message)
  }

  function rejectRequests(message: string): void {
    const requests = [...pending.values()]
    pending.clear()
    requests.forEach(({ reject }) => reject(new LabError('engine', message)))
  }

  function start(): void {
    if (closed || port || restartTimer) return
    ends = []
    become('starting', null)
    launchNow()
  }

  function post(message: ToEngine): void {
    if (closed) throw new LabError('engine', closedMessage)
    if (current.state === 'failed') throw new LabError('engine', current.message ?? 'The training engine has failed.')
    start()
    if (current.state === 'ready' && port) port.post(message)
    else waitingForReady.push(message)
  }

  function request(message: Unnumbered<Request>): Promise<Answer> {
    const requestId = ++lastRequestId
    return new Promise<Answer>((resolve, reject) => {
      post({ ...message, requestId })
      pending.set(requestId, { resolve, reject })
    }).then((answer) => {
      if (answer.type === 'refused') throw new LabError('engine', answer.message)
      return answer
    })
  }

  async function predicted(prediction: PredictRequest): Promise<Extract<Answer, { type: 'predicted' }>> {
    const answer = await request({ type: 'predict', ...prediction })
    if (answer.type !== 'predicted') throw new LabError('internal', `The engine answered "${answer.type}".`)
    return answer
  }

  /** Control of a run that this process does not have has nobody to reach. */
  function control(type: 'run.pause' | 'run.resume' | 'run.stop', runId: number): void {
    const restart = restarts.get(runId)
    if (restart) restart.told.push({ type, runId })
    else if (running.has(runId)) post({ type, runId })
  }

  return {
    status: () => current,
    start,
    async loadDataset(dataset) {
      await request({ type: 'dataset.load', dataset })
    },
    releaseDataset(datasetId) {
      if (port) post({ type: 'dataset.release', datasetId })
    },
    startRun,
    pauseRun: (runId) => control('run.pause', runId),
    resumeRun: (runId) => control('run.resume', runId),
    stopRun: (runId) => control('run.stop', runId),
    async weightsOf(runId) {
      const answer = await request({ type: 'run.weights', runId })
      if (answer.type !== 'weights') throw new LabError('internal', `The engine answered "${answer.type}".`)
      return answer.snapshot
    },
    async evaluate(evaluation) {
      const answer = await request({ type: 'evaluate', ...evaluation })
      if (answer.type !== 'evaluated') throw new LabError('internal', `The engine answered "${answer.type}".`)
      return answer.metrics
    },
    async permute(permutation) {
      const answer = await request({ type: 'permute', ...permutation })
      if (answer.type !== 'permuted') throw new LabError('internal', `The engine answered "${answer.type}".`)
      return answer.metrics
    },
    async predict(prediction) {
      return (await predicted(prediction)).outputs
    },
    async timePrediction(prediction) {
      return (await predicted(prediction)).seconds
    },
    async testRates(test, report, signal) {
      const answered = request({ type: 'rangeTest', ...test })
      const testId = lastRequestId
      const cancel = () => {
        if (port) post({ type: 'rangeTest.cancel', testId })
      }
      reports.set(testId, report)
      signal.addEventListener('abort', cancel, { once: true })
      if (signal.aborted) cancel()
      try {
        const answer = await answered
        if (answer.type !== 'rangeTested') throw new LabError('internal', `The engine answered "${answer.type}".`)
        return answer.result
      } finally {
        signal.removeEventListener('abort', cancel)
        reports.delete(testId)
      }
    },
    async close() {
      closed = true
      if (restartTimer) clearTimeout(restartTimer)
      rejectRequests(closedMessage)
      await port?.stop()
    }
  }
}

function describeExit({ kind, code, signal }: EngineExit): string {
  if (kind === 'exit') return 'The training engine ended without being asked to.'
  const cause = signal ?? (code === null ? null : `exit code ${code}`)
  return `The training engine crashed${cause === null ? '' : ` (${cause})`}.`
}
