/**
 * One thread: its own instance of the kernels over the shared memory, and a loop over its runs with measuring on request,
 * or nothing but help at the run of another thread.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { assist, instantiateKernels, type Kernels, type TileRows } from '#engine/kernels/kernels.ts'
import { createRunLoop } from '#engine/process/run-loop.ts'
import { describeError } from '#engine/process/sentences.ts'
import type {
  FromThread,
  MeasureMessage,
  SoloAnswer,
  SoloMessage,
  ThreadStart,
  ToThread
} from '#engine/process/thread-protocol.ts'
import { evaluate, predict } from '#engine/training/evaluation.ts'
import { measureLossSlice } from '#engine/training/loss-slice.ts'
import { runRangeTest } from '#engine/training/range-test.ts'
import { measurePermuted } from '#engine/training/permutation.ts'

/** How long a helper sleeps at most, in the kernel, before it looks whether the runtime wants something of it. */
const sleepMs = 100

/** What only the host's platform can give a thread. */
export interface ThreadPlatform {
  /** Milliseconds, monotonic. */
  readonly now: () => number
  /** Called once, before the kernels are used. */
  readonly beforeKernels: (tileRows: TileRows) => void
}

/**
 * Serves the coordinator from inside a worker thread until it is terminated.
 * Errors: throws where it is not called in a thread of the pool.
 */
export function serveThread({ now, beforeKernels }: ThreadPlatform): void {
  if (!parentPort) throw new Error('serveThread() was called outside a worker thread.')
  const port = parentPort
  const { module, memory, tileRows, checkpointBytesPerMs, helps } = workerData as ThreadStart
  const post = (message: FromThread) => port.postMessage(message)
  beforeKernels(tileRows)
  const kernels = instantiateKernels(module, memory, tileRows)
  if (helps !== undefined) {
    help(kernels, helps)
    return post({ type: 'thread.ready' })
  }
  const control = createRunLoop({ kernels, checkpointBytesPerMs, now, post, afterMessages: setImmediate })
  port.on('message', (message: ToThread) => {
    if (message.type === 'rangeTest' || message.type === 'lossSlice') post(workAlone(kernels, message, now, post))
    else if ('requestId' in message && message.type !== 'run.weights') post(measure(kernels, message, now))
    else control(message)
  })
  post({ type: 'thread.ready' })
}

/** Does what the leader of a run asks for, from the next turn of the event loop on; asleep while it asks for nothing. */
function help(kernels: Kernels, address: number): void {
  setImmediate(() => {
    assist(kernels, address, sleepMs)
    help(kernels, address)
  })
}

function measure(kernels: Kernels, message: MeasureMessage, now: () => number): FromThread {
  const { requestId } = message
  try {
    if (message.type === 'evaluate') {
      return { type: 'evaluated', requestId, metrics: evaluate({ ...message.evaluation, kernels }) }
    }
    if (message.type === 'permute') {
      const metrics = measurePermuted({ ...message.evaluation, kernels }, message.permutation)
      return { type: 'permuted', requestId, metrics }
    }
    const startedAt = now()
    predict({ ...message.prediction, kernels })
    return { type: 'predicted', requestId, seconds: (now() - startedAt) / 1000 }
  } catch (error) {
    return { type: 'refused', requestId, message: describeError(error) }
  }
}

/** Time between two reports of progress. */
const reportMs = 100

function workAlone(
  kernels: Kernels,
  message: SoloMessage,
  now: () => number,
  post: (message: FromThread) => void
): FromThread {
  const { requestId } = message
  let reportedAt = now()
  const report = (done: number) => {
    if (now() - reportedAt < reportMs) return
    reportedAt = now()
    post({ type: 'work.progress', requestId, done })
  }
  try {
    return finish(kernels, message, report)
  } catch (error) {
    return { type: 'refused', requestId, message: describeError(error) }
  }
}

function finish(kernels: Kernels, message: SoloMessage, report: (done: number) => void): SoloAnswer {
  const { requestId } = message
  if (message.type === 'rangeTest') {
    return { type: 'rangeTested', requestId, result: runRangeTest({ ...message.setup, kernels }, report) }
  }
  const result = measureLossSlice({ ...message.evaluation, kernels }, message.slice, report)
  return { type: 'lossSliced', requestId, result }
}
