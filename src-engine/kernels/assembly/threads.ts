/** How the threads of one run keep step: everyone waits until the last one has arrived. */
import * as at from './layout'

/**
 * Looks this often before it goes to sleep, some 50 microseconds: to be woken takes as long in a virtual machine, and
 * threads that compute side by side miss each other by less.
 */
const looks = 100000

/**
 * Waits for all threads of the run.
 * Units: `leader` is the program of the first thread.
 */
export function meet(leader: usize, threads: i32): void {
  const round = atomic.load<i32>(leader, at.P_ROUND)
  if (atomic.add<i32>(leader, 1, at.P_ARRIVED) == threads - 1) {
    atomic.store<i32>(leader, 0, at.P_ARRIVED)
    atomic.add<i32>(leader, 1, at.P_ROUND)
    atomic.notify(leader + at.P_ROUND, threads)
    return
  }
  for (let look = 0; look < looks; look++) {
    if (atomic.load<i32>(leader, at.P_ROUND) != round) return
  }
  while (atomic.load<i32>(leader, at.P_ROUND) == round) atomic.wait<i32>(leader + at.P_ROUND, round, -1)
}
