/** All that trains, put together: the engine, the runs in it, what is recorded of them and told to whoever looks on. */
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import { createEngineHost, type EngineHost } from '#lab/engine/host.ts'
import type { EngineStatus } from '#lab/engine/supervisor.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import { createAnnouncer } from '#lab/runs/announcer.ts'
import { createMetricsStream } from '#lab/runs/metrics-stream.ts'
import { createRecorder } from '#lab/runs/recorder.ts'
import { createRunner, type Runner } from '#lab/runs/runner.ts'
import { createColumnsOf, toRun } from '#lab/runs/runs.ts'
import { createStatuses, type Statuses } from '#lab/runs/statuses.ts'
import type { Store } from '#lab/store/store.ts'
import type { Events } from '#lab/streams/events.ts'

export interface TrainingOptions {
  readonly store: Store
  readonly prepared: PreparedTables
  readonly events: Events
  readonly services: Pick<HostServices, 'launchEngine' | 'log'>
  /** Hears of the engine after the runner was told that it is ready, and before it is told that it was given up. */
  readonly watcher: { ready(): void; failed(reason: string): void }
}

export type Training = ReturnType<typeof createTraining>

/** Creates the parts; nothing starts before a run asks for the engine. */
export function createTraining({ store, prepared, events, services, watcher }: TrainingOptions) {
  const { log } = services
  const columnsOf = createColumnsOf(store)
  const stream = createMetricsStream(store.metrics, columnsOf)
  const engine: EngineHost = createEngineHost({
    launch: services.launchEngine,
    log,
    now: () => performance.now(),
    listener: {
      onRunEvent: (event) => runner.onRunEvent(event),
      onRunsLost: (runIds, message) => runner.onRunsLost(runIds, message),
      onStatus: (status) => onEngineStatus(status)
    }
  })
  const announcer = createAnnouncer(events, (runId) => {
    const stored = store.runs.get(runId)
    return stored && toRun(statuses.asItStands(stored), runner.tracker(runId))
  })
  const statuses: Statuses = createStatuses(store, announcer, log)
  const recorder = createRecorder({ store, statuses, stream, announcer, log })
  const onChange = () => events.publish({ type: 'queue' })
  const runner: Runner = createRunner({ store, engine, prepared, statuses, recorder, onChange, log })

  function onEngineStatus({ state, message }: EngineStatus): void {
    events.publish({ type: 'engine', state, message })
    if (state === 'ready') {
      runner.startWaiting()
      watcher.ready()
    }
    if (state === 'failed') {
      const reason = message ?? 'The training engine has failed.'
      watcher.failed(reason)
      runner.onEngineFailed(reason)
    }
  }

  return {
    columnsOf,
    stream,
    engine,
    announcer,
    statuses,
    recorder,
    runner,
    engineThreads: () => engine.status().threads
  }
}
