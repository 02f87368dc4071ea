/** Tells everybody how runs get on: a new status at once, new figures at most ten times a second a run. */
import type { Run } from '#contract/runs.ts'
import type { Events } from '#lab/streams/events.ts'

export interface Announcer {
  now(runId: number): void
  soon(runId: number): void
  close(): void
}

const intervalMs = 100

/** Creates the announcer; `runOf` gives the run as it stands, null where it was removed. */
export function createAnnouncer(events: Events, runOf: (runId: number) => Run | null): Announcer {
  const waiting = new Set<number>()
  let timer: NodeJS.Timeout | null = null

  function now(runId: number): void {
    waiting.delete(runId)
    const run = runOf(runId)
    if (run) events.publish({ type: 'run', run })
  }

  function flush(): void {
    timer = null
    waiting.forEach(now)
  }

  return {
    now,
    soon(runId) {
      waiting.add(runId)
      timer ??= setTimeout(flush, intervalMs)
    },
    close() {
      if (timer) clearTimeout(timer)
      waiting.clear()
    }
  }
}
