/**
 * The threads of one run that shares its batches: a leader with the run's trainer, and helpers that wait for its work.
 * They are the run's own and end with it. A leader waits inside the kernel until its helpers have come, so threads that
 * led other runs as well could wait for each other for ever.
 */
import { createThread, type ThreadHandle, type ThreadOptions } from '#engine/process/thread-handle.ts'

/**
 * Starts the threads of a run, one helper an address; messages go to and come from the leader.
 * `onLost` is called once, with the first that dies: the others wait for it until end() is called.
 */
export function createTeam(options: ThreadOptions, addresses: readonly number[]): ThreadHandle {
  let isLost = false
  const lose = (cause: string) => {
    if (!isLost) options.onLost(cause)
    isLost = true
  }
  const leader = createThread({ ...options, onLost: lose })
  const helpers = addresses.map((helps) =>
    createThread({ ...options, start: { ...options.start, helps }, onLost: lose })
  )
  return {
    post: (message) => leader.post(message),
    async end() {
      await Promise.all([leader, ...helpers].map((thread) => thread.end()))
    }
  }
}
