/**
 * Changes of a run's status: checked, stored, then told to everybody and to whoever waits for them. A status that the
 * disk does not take is kept here, so that a run which can not be recorded any more does not look as if it went on.
 */
import { LabError } from '#contract/errors.ts'
import type { RunStatus } from '#contract/runs.ts'
import type { Announcer } from '#lab/runs/announcer.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import type { StatusChange, StoredRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'
import { canFollow } from '#trials/run-status.ts'

export interface Statuses {
  /**
   * Stores a change, together with what `save` stores, in one transaction.
   * Errors: throws LabError 'conflict' for a change that trials/run-status.ts does not allow, and what the store throws.
   */
  change(runId: number, wanted: StatusChange, save?: () => void): void
  /** Makes a change stand even where the disk does not take it; that goes to the log. */
  insist(runId: number, wanted: StatusChange): void
  /** Resolves with the next change of a run's status, by default of whatever kind, or after the limit. */
  next(runId: number, limitMs: number, isWanted?: (status: RunStatus) => boolean): Promise<void>
  /** The run with a status that could not be stored yet. */
  asItStands(stored: StoredRun): StoredRun
}

/** Creates the keeper of statuses. */
export function createStatuses(store: Store, announcer: Announcer, log: HostServices['log']): Statuses {
  const unsaved = new Map<number, StatusChange>()
  const listeners = new Map<number, Set<(status: RunStatus) => void>>()

  function asItStands(stored: StoredRun): StoredRun {
    const change = unsaved.get(stored.id)
    return change ? { ...stored, ...change, endedAt: change.endedAt ?? null } : stored
  }

  function tell(runId: number, status: RunStatus): void {
    announcer.now(runId)
    listeners.get(runId)?.forEach((listener) => listener(status))
  }

  function change(runId: number, wanted: StatusChange, save?: () => void): void {
    const stored = store.runs.get(runId)
    if (!stored) return
    const { status } = asItStands(stored)
    if (!canFollow(status, wanted.status)) {
      throw new LabError('conflict', `Run ${runId} is ${status} and can't become ${wanted.status}.`)
    }
    store.transaction(() => {
      save?.()
      store.runs.saveStatus(runId, wanted)
    })
    unsaved.delete(runId)
    tell(runId, wanted.status)
  }

  return {
    change,
    insist(runId, wanted) {
      try {
        change(runId, wanted)
      } catch (error) {
        log('error', `Run ${runId} could not be stored as ${wanted.status}: ${String(error)}`)
        unsaved.set(runId, wanted)
        tell(runId, wanted.status)
      }
    },
    next(runId, limitMs, isWanted = () => true) {
      return new Promise((resolve) => {
        const waiting = listeners.get(runId) ?? new Set()
        listeners.set(runId, waiting)
        const settle = () => {
          clearTimeout(timer)
          waiting.delete(listener)
          if (waiting.size === 0) listeners.delete(runId)
          resolve()
        }
        const listener = (status: RunStatus) => {
          if (isWanted(status)) settle()
        }
        const timer = setTimeout(settle, limitMs)
        waiting.add(listener)
      })
    },
    asItStands
  }
}
