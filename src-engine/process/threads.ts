/** The coordinator's end of its threads: starts them, starts another where one dies, and ends them. */
import { Worker } from 'node:worker_threads'
import type { FromThread, ThreadMessage, ThreadStart, ToThread } from '#engine/process/thread-protocol.ts'

export interface ThreadsOptions {
  /** First file of a thread; it calls serveThread(). */
  readonly workerUrl: URL
  readonly start: ThreadStart
  /** A thread could not even start: starting it over and over would not help. It is not tried again. */
  readonly onFault: (error: Error) => void
}

export interface ThreadListener {
  readonly onMessage: (message: ThreadMessage) => void
  /** The thread died, with all it was given; another takes its place unless end() is called. `cause` is a sentence. */
  readonly onLost: (cause: string) => void
}

export interface ThreadHandle {
  post(message: ToThread): void
  /** Ends the thread for good, wherever it is; resolves once it touches the shared memory no more. */
  end(): Promise<void>
}

export interface Threads {
  /**
   * Starts a thread; what is posted before it is up waits for it. With `helps` it does nothing but help the leader of a
   * run at that address of the shared memory.
   */
  start(listener: ThreadListener, helps?: number): ThreadHandle
  /** Ends all that have not ended yet. */
  end(): Promise<void>
}

/** Creates the threads of one engine, none at first. */
export function createThreads({ workerUrl, start, onFault }: ThreadsOptions): Threads {
  const handles = new Set<ThreadHandle>()

  return {
    start({ onMessage, onLost }, helps) {
      let ended = false
      let worker = launch()

      function launch(): Worker {
        const launched = new Worker(workerUrl, { workerData: helps === undefined ? start : { ...start, helps } })
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
          if (!isReady) return onFault(new Error(`A thread of the engine could not start: ${cause}`))
          onLost(cause)
          if (!ended) worker = launch()
        })
        return launched
      }

      const handle: ThreadHandle = {
        post: (message) => worker.postMessage(message),
        async end() {
          ended = true
          handles.delete(handle)
          await worker.terminate()
        }
      }
      handles.add(handle)
      return handle
    },
    async end() {
      await Promise.all([...handles].map((handle) => handle.end()))
    }
  }
}
