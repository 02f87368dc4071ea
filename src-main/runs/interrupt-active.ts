/** What a lab does with the runs that nobody trains any more. */
import type { Store } from '#lab/store/store.ts'
import { activeStatuses } from '#trials/run-status.ts'

/**
 * Leaves every active run of a lab that nobody trains any more as interrupted, and marks those to go on that were
 * `going`: all but what a person had paused.
 */
export function interruptActive(
  store: Pick<Store, 'runs' | 'transaction'>,
  message: string,
  going: readonly number[] = store.runs.idsIn(['queued', 'running'])
): void {
  const endedAt = Date.now()
  store.transaction(() => {
    for (const id of store.runs.idsIn(activeStatuses)) {
      store.runs.saveStatus(id, { status: 'interrupted', message, endedAt })
    }
    store.runs.letGoOn(going)
  })
}
