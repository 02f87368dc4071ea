/** Sweeps: planning, forecasting and reading them; the steering is the conductor's. */
import { multiplyAdds, parameterCount } from '#engine/network/topology.ts'
import type { RunData, RunStatus } from '#contract/runs.ts'
import type { Sweep, SweepForecast, SweepSettings } from '#contract/sweeps.ts'
import { LabError } from '#contract/errors.ts'
import { shareCount } from '#lab/datasets/nested-share.ts'
import type { EngineHost } from '#lab/engine-host.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import { checkTrainable, topologyFor } from '#lab/experiments/trainable.ts'
import { type Conductor, rungsOf } from '#lab/experiments/sweeps/conductor.ts'
import { costOf } from '#lab/experiments/sweeps/cost.ts'
import { type ForecastPoint, forecastTime } from '#lab/experiments/sweeps/forecast.ts'
import { planSweep, type SweepPlan } from '#lab/experiments/sweeps/space.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { StoredSweep } from '#lab/store/sweeps.ts'
import type { Store } from '#lab/store/store.ts'

export interface Sweeps {
  forecast(settings: SweepSettings): SweepForecast
  start(settings: SweepSettings): Promise<Sweep>
  list(experimentId: number | null): Sweep[]
  get(id: number): Sweep
  pause(id: number): Promise<Sweep>
  resume(id: number): Promise<Sweep>
  stop(id: number): Promise<Sweep>
  /** Goes on with the sweeps that the end of the lab interrupted. */
  continueInterrupted(): Promise<void>
}

export interface SweepsOptions {
  readonly store: Store
  readonly experiments: Experiments
  readonly engine: EngineHost
  readonly conductor: Conductor
}

/** With early stopping a run may take as little of its epochs as this. */
const leastShareWithPatience = 0.15

/**
 * Creates the service.
 * Errors: LabError 'not_found' for unknown ids, 'bad_settings' with the field for a space or plan that can't be run and
 * for an experiment without validation part, 'conflict' for a command that the status does not allow.
 */
export function createSweeps({ store, experiments, engine, conductor }: SweepsOptions): Sweeps {
  function find(id: number): StoredSweep {
    const stored = store.sweeps.get(id)
    if (!stored) throw new LabError('not_found', `There is no sweep ${id}.`)
    return stored
  }

  const get = (id: number) => describeSweep(store, find(id))

  function planned(settings: SweepSettings): { experiment: StoredExperiment; plan: SweepPlan } {
    const experiment = experiments.find(settings.experimentId)
    if (experiment.rowCounts.validation === 0) {
      throw new LabError(
        'bad_settings',
        `The split of ${experiment.name} keeps no rows for validation, so a sweep could compare nothing.`,
        { field: 'experimentId' }
      )
    }
    const plan = planSweep(settings, (hidden) => topologyFor(experiment, hidden))
    plan.points.forEach((point) => checkTrainable(point.topology, point.plan))
    return { experiment, plan }
  }

  return {
    forecast(settings) {
      const { experiment, plan } = planned(settings)
      const rows = experiment.rowCounts.train
      const points = dataOf(settings).flatMap((data) => forecastPoints(settings, plan, rowsOf(data, rows)))
      const { patience } = settings.plan.stopping
      const threads = Math.max(1, engine.status().threads)
      const history = store.runs
        .speeds()
        .map((run) => ({ multiplyAdds: multiplyAdds(run.topology), samplesPerSecond: run.samplesPerSecond }))
      const forecast = forecastTime(points, history, threads, patience === null ? 1 : leastShareWithPatience)
      return {
        points: plan.points.length,
        runs: points.length * settings.seeds.length,
        leftOut: plan.leftOut,
        ...forecast
      }
    },

    async start(settings) {
      const { experiment, plan } = planned(settings)
      // The same network on other rows is a point of its own: what it lost or cost is of those rows.
      const points = dataOf(settings).flatMap((data) => plan.points.map((point) => ({ ...point, data })))
      const createdAt = Date.now()
      const id = store.transaction(() => {
        const sweepId = store.sweeps.add({
          experimentId: experiment.id,
          settings,
          points: points.length,
          planned: points.length * settings.seeds.length,
          createdAt
        })
        // Seed by seed, so that an early end leaves every point with about as many seeds.
        for (const seed of settings.seeds) {
          points.forEach((point, index) => {
            store.runs.add({
              experimentId: experiment.id,
              parentId: null,
              topology: point.topology,
              plan: point.plan,
              seed,
              parameters: parameterCount(point.topology),
              note: '',
              data: point.data,
              createdAt,
              sweep: { id: sweepId, point: index }
            })
          })
        }
        return sweepId
      })
      await conductor.begin(id)
      return get(id)
    },

    list(experimentId) {
      if (experimentId !== null) experiments.find(experimentId)
      return store.sweeps.list(experimentId).map((stored) => describeSweep(store, stored))
    },
    get,

    async pause(id) {
      const { status } = find(id)
      if (status !== 'running')
        throw new LabError('conflict', `Sweep ${id} is ${status}; only a running one can pause.`)
      await conductor.pause(id)
      return get(id)
    },

    async resume(id) {
      const { status } = find(id)
      if (status !== 'paused' && status !== 'interrupted') {
        throw new LabError('conflict', `Sweep ${id} is ${status}; it can't go on from there.`)
      }
      await conductor.begin(id)
      return get(id)
    },

    async stop(id) {
      const { status } = find(id)
      if (status === 'done' || status === 'stopped') throw new LabError('conflict', `Sweep ${id} is ${status} already.`)
      await conductor.stop(id, 'Unfinished: its sweep was stopped by request.')
      return get(id)
    },

    async continueInterrupted() {
      for (const id of store.sweeps.idsIn('interrupted')) await conductor.begin(id)
    }
  }
}

/** Gives a stored sweep the form of the contract. */
export function describeSweep(store: Store, stored: StoredSweep): Sweep {
  const counts = store.sweeps.countByStatus(stored.id)
  const count = (...statuses: RunStatus[]) => statuses.reduce((sum, status) => sum + (counts.get(status) ?? 0), 0)
  const runs = {
    waiting: count('queued', 'paused', 'interrupted'),
    running: count('running'),
    done: count('done'),
    stopped: count('stopped'),
    failed: count('diverged', 'failed')
  }
  const rungs = rungsOf(stored)
  const ended = runs.done + runs.stopped + runs.failed
  const canTell = rungs.length === 1 && ended > 0 && stored.status === 'running'
  return {
    id: stored.id,
    experimentId: stored.experimentId,
    status: stored.status,
    settings: stored.settings,
    points: stored.points,
    planned: stored.planned,
    runs,
    rung:
      rungs.length > 1
        ? {
            number: stored.rung + 1,
            of: rungs.length,
            epochs: rungs[stored.rung] ?? 0,
            points: stored.kept.length
          }
        : null,
    elapsedSeconds: stored.elapsedSeconds,
    etaSeconds: canTell ? (stored.elapsedSeconds / ended) * (runs.waiting + runs.running) : null,
    cost:
      stored.endedAt === null
        ? null
        : costOf(store.sweeps.trials(stored.id), stored.points / dataOf(stored.settings).length),
    message: stored.message,
    createdAt: stored.createdAt,
    endedAt: stored.endedAt
  }
}

/** Leaves the sweeps of a lab that died as interrupted; those a person paused stay paused. */
export function interruptSweeps(store: Store): void {
  for (const id of store.sweeps.idsIn('running')) {
    const stored = store.sweeps.get(id)
    if (stored) {
      store.sweeps.save(id, { ...stored, status: 'interrupted', message: 'The lab ended while it was running.' })
    }
  }
}

/** The rows that every point of a sweep is trained on, in turn. A sweep of an earlier lab knows no shares. */
function dataOf({ shares = [] }: Partial<Pick<SweepSettings, 'shares'>>): RunData[] {
  const distinct = [...new Set(shares)].sort((a, b) => a - b)
  if (distinct.length === 0) return [{ kind: 'whole' }]
  return distinct.map((share) => (share === 1 ? { kind: 'whole' } : { kind: 'share', share }))
}

const rowsOf = (data: RunData, rows: number) => (data.kind === 'share' ? shareCount(rows, data.share) : rows)

/** With halving a point ends, on average over the points, at the epochs that its rungs allow. */
function forecastPoints(settings: SweepSettings, { points }: SweepPlan, rows: number): ForecastPoint[] {
  const { strategy, seeds } = settings
  const rungs = rungsOf({ settings, points: points.length })
  const factor = strategy.name === 'halving' ? strategy.factor : 1
  let left = points.length
  let epochs = 0
  rungs.forEach((end, index) => {
    epochs += left * (end - (rungs[index - 1] ?? 0))
    left = Math.ceil(left / factor)
  })
  const samples = (rows * epochs) / points.length
  return points.map(({ topology }) => ({
    multiplyAdds: multiplyAdds(topology),
    samples,
    runs: seeds.length
  }))
}
