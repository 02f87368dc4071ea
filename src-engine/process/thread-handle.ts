/** The coordinator's end of one thread: starts it, and starts another in its place when it dies. */
import { Worker } from 'node:worker_threads'
import type { FromThread, ThreadMessage, ThreadStart, ToThread } from '#engine/process/thread-protocol.ts'

export interface ThreadOptions {
  /** First file of a thread; it calls serveThread(). */
  readonly workerUrl: URL
  readonly start: ThreadStart
  readonly onMessage: (message: ThreadMessage) => void
  /** The thread died, with all it was given; another takes its place unless end() is called. `cause` is a sentence. */
  readonly onLost: (cause: string) => void
}

export interface ThreadHandle {
  post(message: ToThread): void
  /** Ends the thread for good, wherever it is; resolves once it touches the shared memory no more. */
  end(): Promise<void>
}

/**
 * Starts a thread; what is posted before it is up waits for it.
 * Errors: a thread that can't even start throws out of the event loop, which ends the process: there is no use in
 * starting it over and over here, and the lab counts how often the process dies.
 */
export function createThread({ workerUrl, start, onMessage, onLost }: ThreadOptions): ThreadHandle {
  let ended = false
  let worker = launch()

  function launch(): Worker {
    const launched = new Worker(workerUrl, { workerData: start })
    let isReady = false
    let cause = 'It ended by itself.'
    launched.on('message', (message: FromThread) => {
      if (message.type === 'thread.ready') isReady = true
      else if (!ended) onMessage(message)
    })
    launched.on('error', (error: Error) => {
      cause = error.message
    })
    launched.on('exit', () => {
      if (ended) return
      if (!isReady) throw new Error(`A thread of the engine could not start: ${cause}`)
      onLost(cause)
      if (!ended) worker = launch()
    })
    return launched
  }

  return {
    post: (message) => worker.postMessage(message),
    async end() {
      ended = true
      await worker.terminate()
    }
  }
}
