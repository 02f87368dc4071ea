/** The queue as a person sees and orders it. What trains and what waits, the runner owns; the two settings, the store. */
import { LabError } from '#contract/errors.ts'
import { mostListed, type QueueState } from '#contract/queue.ts'
import type { Runner } from '#lab/runs/runner.ts'
import type { Runs } from '#lab/runs/runs.ts'
import type { Store } from '#lab/store/store.ts'

export interface Queue {
  state(): QueueState
  /** Errors: LabError 'conflict' for a run that does not wait. */
  move(runId: number, to: QueueMove): QueueState
  set(change: { readonly parallel?: number | null | undefined; readonly resumes?: boolean | undefined }): QueueState
  /** Whether interrupted runs go on when the lab is opened. */
  resumes(): boolean
}

export type QueueMove = 'first' | 'earlier' | 'later'

export interface QueueOptions {
  readonly store: Store
  readonly runs: Pick<Runs, 'get'>
  readonly runner: Pick<Runner, 'order' | 'reorder' | 'setParallel'>
  /** Threads of the engine; 0 while it is not known. */
  readonly engineThreads: () => number
}

interface QueueSettings {
  readonly parallel: number | null
  readonly resumes: boolean
}

const settingName = 'queue'

/** Creates the service and brings the kept settings into force. */
export function createQueue({ store, runs, runner, engineThreads }: QueueOptions): Queue {
  let settings = readSettings(store)
  runner.setParallel(settings.parallel)

  function state(): QueueState {
    const { training, waiting } = runner.order()
    const listed = waiting.slice(0, mostListed)
    const paused = store.runs.idsIn(['paused']).toReversed().slice(0, mostListed)
    return {
      training: training.map((id) => runs.get(id)),
      paused: paused.map((id) => runs.get(id)),
      waiting: listed.map((id) => runs.get(id)),
      moreWaiting: Math.max(0, store.runs.countWaiting() - listed.length),
      threads: engineThreads(),
      ...settings
    }
  }

  return {
    state,
    move(runId, to) {
      const { waiting } = runner.order()
      const from = waiting.indexOf(runId)
      if (from < 0) throw new LabError('conflict', `Run ${runId} does not wait for its turn; only waiting runs move.`)
      const place = { first: 0, earlier: from - 1, later: from + 1 }[to]
      runner.reorder(waiting.toSpliced(from, 1).toSpliced(Math.max(0, place), 0, runId))
      return state()
    },
    set({ parallel = settings.parallel, resumes = settings.resumes }) {
      settings = { parallel, resumes }
      store.settings.set(settingName, { ...settings })
      runner.setParallel(parallel)
      return state()
    },
    resumes: () => settings.resumes
  }
}

function readSettings(store: Store): QueueSettings {
  const kept = store.settings.all()[settingName]
  const { parallel, resumes } = (typeof kept === 'object' && kept !== null ? kept : {}) as Record<string, unknown>
  return {
    parallel: typeof parallel === 'number' ? parallel : null,
    resumes: typeof resumes === 'boolean' ? resumes : true
  }
}
