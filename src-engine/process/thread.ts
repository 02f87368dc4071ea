/** One thread: its own instance of the kernels over the shared memory, a loop over its runs, and measuring on request. */
import { parentPort, workerData } from 'node:worker_threads'
import { instantiateKernels, type Kernels } from '#engine/kernels/kernels.ts'
import { createRunLoop } from '#engine/process/run-loop.ts'
import { describeError } from '#engine/process/sentences.ts'
import type { FromThread, MeasureMessage, ThreadStart, ToThread } from '#engine/process/thread-protocol.ts'
import { evaluate, predict } from '#engine/training/evaluation.ts'

/**
 * Serves the coordinator from inside a worker thread until it is terminated.
 * Errors: throws where it is not called in a thread of the pool.
 */
export function serveThread(now: () => number): void {
  if (!parentPort) throw new Error('serveThread() was called outside a worker thread.')
  const port = parentPort
  const { module, memory, checkpointBytesPerMs } = workerData as ThreadStart
  const post = (message: FromThread) => port.postMessage(message)
  const kernels = instantiateKernels(module, memory)
  const control = createRunLoop({ kernels, checkpointBytesPerMs, now, post, afterMessages: setImmediate })
  port.on('message', (message: ToThread) => {
    if (message.type === 'evaluate' || message.type === 'predict') post(measure(kernels, message))
    else control(message)
  })
  post({ type: 'thread.ready' })
}

function measure(kernels: Kernels, message: MeasureMessage): FromThread {
  const { requestId } = message
  try {
    if (message.type === 'evaluate') {
      return { type: 'evaluated', requestId, metrics: evaluate({ ...message.evaluation, kernels }) }
    }
    predict({ ...message.prediction, kernels })
    return { type: 'predicted', requestId }
  } catch (error) {
    return { type: 'refused', requestId, message: describeError(error) }
  }
}
