/** The pool of threads: which thread a run is on, and which runs go down with a thread. */
import { createTeam } from '#engine/process/team.ts'
import type { ThreadHandle, ThreadListener, Threads } from '#engine/process/threads.ts'
import type { RunMessage } from '#engine/process/thread-protocol.ts'

export interface PoolOptions {
  readonly threads: Threads
  readonly size: number
  readonly onMessage: ThreadListener['onMessage']
  /** A thread of these runs died; `message` is what to tell of it. They are still to be removed. */
  readonly onLost: (runIds: readonly number[], message: string) => void
}

export interface Pool {
  /**
   * Puts a run on the thread with the fewest active runs, where it stays; a run with helpers gets threads of its own,
   * which train at these addresses.
   */
  assign(runId: number, helpers: readonly number[]): void
  /** Says whether a run wants its turns; a paused one does not count when the next run is assigned. */
  setActive(runId: number, active: boolean): void
  /** Forgets a run and calls back once no thread touches its memory any more: at once, unless it has its own threads. */
  remove(runId: number, then: () => void): void
  /** Sends a message to the thread of the run that it names; a run that is on none gets nothing. */
  post(message: RunMessage): void
}

interface Member {
  readonly thread: ThreadHandle
  /** Runs on this thread, and whether each is active. */
  readonly runs: Map<number, boolean>
}

/** Creates a pool; its threads start side by side while the caller goes on. */
export function createPool({ threads, size, onMessage, onLost }: PoolOptions): Pool {
  const memberOf = new Map<number, Member>()
  const teamOf = new Map<number, ThreadHandle>()
  const members = Array.from({ length: size }, (): Member => {
    const runs = new Map<number, boolean>()
    const lose = (cause: string) => {
      onLost([...runs.keys()], `The thread that trained this run died and was replaced. ${cause}`)
    }
    return { runs, thread: threads.start({ onMessage, onLost: lose }) }
  })

  return {
    assign(runId, helpers) {
      if (helpers.length > 0) {
        const lose = (cause: string) => onLost([runId], `One of the threads that trained this run died. ${cause}`)
        teamOf.set(runId, createTeam(threads, { onMessage, onLost: lose }, helpers))
        return
      }
      const member = members.reduce((least, other) => (activeRuns(other) < activeRuns(least) ? other : least))
      member.runs.set(runId, true)
      memberOf.set(runId, member)
    },
    setActive(runId, active) {
      memberOf.get(runId)?.runs.set(runId, active)
    },
    remove(runId, then) {
      const team = teamOf.get(runId)
      teamOf.delete(runId)
      memberOf.get(runId)?.runs.delete(runId)
      memberOf.delete(runId)
      if (team) void team.end().then(then)
      else then()
    },
    post(message) {
      const thread = teamOf.get(message.runId) ?? memberOf.get(message.runId)?.thread
      thread?.post(message)
    }
  }
}

function activeRuns({ runs }: Member): number {
  return [...runs.values()].filter(Boolean).length
}
