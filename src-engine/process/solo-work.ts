/**
 * Work on request that may take long: each on a thread of its own, that is ended with it. Ending the thread is how work is
 * cancelled, wherever it is, and what it holds in the shared memory may be given back only after that.
 */
import type { FromEngine } from '#engine/process/protocol.ts'
import type { SoloAnswer, SoloMessage } from '#engine/process/thread-protocol.ts'
import type { ThreadHandle, Threads } from '#engine/process/threads.ts'

export interface SoloWork {
  /**
   * Does the work on a fresh thread, which has ended when this settles.
   * Errors: rejects with a sentence where the thread refuses or dies, or the work was cancelled.
   */
  run(message: SoloMessage): Promise<SoloAnswer>
  /** Work of that request is rejected then; one that has ended is left alone. */
  cancel(requestId: number): void
}

/** Creates the service with no work under way; progress leaves by `post`. */
export function createSoloWork(threads: Threads, post: (message: FromEngine) => void): SoloWork {
  const underWay = new Map<number, (error: Error) => void>()

  return {
    async run(message) {
      const { requestId } = message
      const { promise, resolve, reject } = Promise.withResolvers<SoloAnswer>()
      const handle: ThreadHandle = threads.start({
        onMessage(answer) {
          if (answer.type === 'work.progress') post(answer)
          else if (answer.type === 'rangeTested' || answer.type === 'lossSliced') resolve(answer)
          else if (answer.type === 'refused') reject(new RangeError(answer.message))
        },
        onLost: (cause) => reject(new Error(`The thread that did this work died. ${cause}`))
      })
      underWay.set(requestId, reject)
      try {
        handle.post(message)
        return await promise
      } finally {
        underWay.delete(requestId)
        await handle.end()
      }
    },
    cancel: (requestId) => underWay.get(requestId)?.(new Error('This was cancelled.'))
  }
}
