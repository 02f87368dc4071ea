/** Requests for the weights of runs in training, each answered once: by the thread of its run, or here when that has ended. */
import type { FromEngine, ToEngine } from '#engine/process/protocol.ts'
import type { ThreadMessage } from '#engine/process/thread-protocol.ts'

type WeightsMessage = Extract<ToEngine, { type: 'run.weights' }>

export interface WeightRequests {
  /** Hands a request to the threads; without them, as its run is not in training, it is refused. */
  request(message: WeightsMessage, threads: { post(message: WeightsMessage): void } | null): void
  /** Passes on what a thread answers. It is the only request that threads of the pool answer: they do not measure. */
  answer(message: Extract<ThreadMessage, { requestId: number }>): void
  /** For requests that no thread answers any more, because the run has ended or its thread has died. */
  refuse(runId: number): void
}

/** Creates the requests of an engine; answers leave by the channel. */
export function createWeightRequests(channel: { post(message: FromEngine): void }): WeightRequests {
  /** Runs whose threads were asked, by request. */
  const runOf = new Map<number, number>()

  function refuse(runId: number): void {
    for (const [requestId, of] of runOf) {
      if (of !== runId) continue
      runOf.delete(requestId)
      channel.post({ type: 'refused', requestId, message: `Run ${runId} is in training no more.` })
    }
  }

  return {
    request(message, threads) {
      runOf.set(message.requestId, message.runId)
      if (threads) threads.post(message)
      else refuse(message.runId)
    },
    answer(message) {
      if (!runOf.delete(message.requestId)) return
      if (message.type === 'weights' || message.type === 'refused') channel.post(message)
    },
    refuse
  }
}
