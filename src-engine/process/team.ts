/**
 * The threads of one run that shares its batches: a leader with the run's trainer, and helpers that wait for its work.
 * They are the run's own and end with it. A leader waits inside the kernel until its helpers have come, so threads that
 * led other runs as well could wait for each other for ever.
 */
import type { ThreadHandle, ThreadListener, Threads } from '#engine/process/threads.ts'

/**
 * Starts the threads of a run, one helper an address; messages go to and come from the leader.
 * `onLost` is called once, with the first that dies: the others wait for it until end() is called.
 */
export function createTeam(threads: Threads, listener: ThreadListener, addresses: readonly number[]): ThreadHandle {
  let isLost = false
  const lose = (cause: string) => {
    if (!isLost) listener.onLost(cause)
    isLost = true
  }
  const members = { ...listener, onLost: lose }
  const leader = threads.start(members)
  const helpers = addresses.map((helps) => threads.start(members, helps))
  return {
    post: (message) => leader.post(message),
    async end() {
      await Promise.all([leader, ...helpers].map((thread) => thread.end()))
    }
  }
}
