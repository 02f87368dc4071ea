/** The pool of threads: which thread a run is on, and which runs go down with a thread. */
import { createThread, type ThreadHandle, type ThreadOptions } from '#engine/process/thread-handle.ts'
import type { RunMessage } from '#engine/process/thread-protocol.ts'

export interface PoolOptions extends Omit<ThreadOptions, 'onLost'> {
  readonly threads: number
  /** These runs were on a thread that died; the pool has forgotten them. */
  readonly onLost: (runIds: readonly number[], cause: string) => void
}

export interface Pool {
  /** Puts a run on the thread with the fewest active runs, where it stays. */
  assign(runId: number): void
  /** Says whether a run wants its turns; a paused one does not count when the next run is assigned. */
  setActive(runId: number, active: boolean): void
  remove(runId: number): void
  /** Sends a message to the thread of the run that it names; a run that is on none gets nothing. */
  post(message: RunMessage): void
}

interface Member {
  readonly thread: ThreadHandle
  /** Runs on this thread, and whether each is active. */
  readonly runs: Map<number, boolean>
}

/** Creates a pool; its threads start side by side while the caller goes on. */
export function createPool({ threads, onLost, ...options }: PoolOptions): Pool {
  const memberOf = new Map<number, Member>()
  const members = Array.from({ length: threads }, (): Member => {
    const runs = new Map<number, boolean>()
    const lose = (cause: string) => {
      const lost = [...runs.keys()]
      runs.clear()
      lost.forEach((runId) => memberOf.delete(runId))
      onLost(lost, cause)
    }
    return { runs, thread: createThread({ ...options, onLost: lose }) }
  })

  return {
    assign(runId) {
      const member = members.reduce((least, other) => (activeRuns(other) < activeRuns(least) ? other : least))
      member.runs.set(runId, true)
      memberOf.set(runId, member)
    },
    setActive(runId, active) {
      memberOf.get(runId)?.runs.set(runId, active)
    },
    remove(runId) {
      memberOf.get(runId)?.runs.delete(runId)
      memberOf.delete(runId)
    },
    post(message) {
      memberOf.get(message.runId)?.thread.post(message)
    }
  }
}

function activeRuns({ runs }: Member): number {
  return [...runs.values()].filter(Boolean).length
}
