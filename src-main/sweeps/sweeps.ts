/** Sweeps: planning, forecasting and reading them; the steering is the conductor's. */
import { hiddenLayers, multiplyAdds, parameterCount, type Topology } from '#engine/network/topology.ts'
import type { RunData, RunStatus } from '#contract/runs.ts'
import type { Sweep, SweepForecast, SweepSettings } from '#contract/sweeps.ts'
import { LabError } from '#contract/errors.ts'
import { shareCount } from '#lab/datasets/nested-share.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import type { Folds } from '#lab/experiments/folds.ts'
import { foldableRows, seenBy } from '#lab/experiments/run-view.ts'
import { checkTrainable, topologyFor } from '#lab/runs/trainable.ts'
import { type Conductor, rungsOf } from '#lab/sweeps/conductor.ts'
import { costOf } from '#lab/sweeps/cost.ts'
import { type ForecastPoint, forecastTime } from '#lab/sweeps/forecast.ts'
import { planSweep, type SweepPlan, type SweepPoint } from '#lab/sweeps/space.ts'
import { type PlannedTrial, trainedAlready } from '#lab/sweeps/trained-already.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { StoredSweep, SweepTrial } from '#lab/store/sweeps.ts'
import type { NewRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'

export interface Sweeps {
  forecast(settings: SweepSettings): Promise<SweepForecast>
  start(settings: SweepSettings): Promise<Sweep>
  /** Plans it and begins nothing: it is paused, and so are its runs. */
  plan(settings: SweepSettings): Promise<Sweep>
  list(experimentId: number | null): Sweep[]
  get(id: number): Sweep
  pause(id: number): Promise<Sweep>
  resume(id: number): Promise<Sweep>
  stop(id: number): Promise<Sweep>
  /** Trains what failed once more. */
  retry(id: number): Promise<Sweep>
  /** Goes on with the sweeps that the end of the lab interrupted. */
  continueInterrupted(): Promise<void>
}

export interface SweepsOptions {
  readonly store: Store
  readonly experiments: Experiments
  readonly folds: Folds
  readonly engine: EngineHost
  readonly conductor: Conductor
  /** Errors: LabError with the sentence where nobody can be reached who trains a sweep elsewhere. */
  readonly checkWorkers: (settings: SweepSettings) => Promise<void>
}

/** With early stopping a run may take as little of its epochs as this. */
const leastShareWithPatience = 0.15

/** Why workers elsewhere do not train a sweep of successive halving. */
export const noHalvingElsewhere =
  'Successive halving decides on its way which runs go on, which workers elsewhere can not wait for; take --strategy grid ' +
  'or random.'

/**
 * Creates the service.
 * Errors: LabError 'not_found' for unknown ids, 'bad_settings' with the field for a space or plan that can't be run,
 * for an experiment without validation part, and for more folds than its rows allow, 'conflict' for a command that the status does not allow.
 */
export function createSweeps({ store, experiments, folds, engine, conductor, checkWorkers }: SweepsOptions): Sweeps {
  function find(id: number): StoredSweep {
    const stored = store.sweeps.get(id)
    if (!stored) throw new LabError('not_found', `There is no sweep ${id}.`)
    return stored
  }

  const get = (id: number) => describeSweep(store, find(id))

  function planned(settings: SweepSettings): { experiment: StoredExperiment; plan: SweepPlan } {
    const experiment = experiments.find(settings.experimentId)
    if (experiment.rowCounts.validation === 0 && settings.folds === null) {
      throw new LabError(
        'bad_settings',
        `The split of ${experiment.name} keeps no rows for validation, so a sweep could compare nothing but by folds.`,
        { field: 'experimentId' }
      )
    }
    if (settings.workers !== undefined && settings.strategy.name === 'halving') {
      throw new LabError('bad_settings', noHalvingElsewhere, { field: 'strategy' })
    }
    const plan = planSweep(settings, (hidden) => topologyFor(experiment, hidden))
    plan.points.forEach((point) => checkTrainable(experiment, point.topology, point.plan))
    return { experiment, plan }
  }

  /** Stores a sweep with its runs; returns its number. */
  async function add(settings: SweepSettings): Promise<number> {
    const { experiment, plan } = planned(settings)
    if (settings.folds !== null) {
      // Whatever fails where the experiment was removed meanwhile, that is why.
      await folds.ensure(experiment, settings.folds).finally(() => experiments.find(experiment.id))
    }
    const points = plannedRuns(store, settings, plan, experiment)
    const isThere = alreadyThere(store, settings)
    // Seed by seed, so that an early end leaves every point with about as many seeds.
    const wanted = settings.seeds.flatMap((seed) =>
      points.flatMap(({ plan: own, trained }, point) =>
        trained
          .map(({ topology, data }) => ({ point, trial: { topology, plan: own, seed, data } }))
          .filter(({ trial }) => !isThere(trial))
      )
    )
    return addSweep(store, experiment.id, settings, points.length, wanted)
  }

  return {
    async forecast(settings) {
      const { experiment, plan } = planned(settings)
      if (settings.folds !== null) await folds.check(experiment, settings.folds)
      return forecastSweep(store, settings, experiment, { plan, threads: Math.max(1, engine.status().threads) })
    },

    async start(settings) {
      if (settings.workers !== undefined) planned(settings)
      await checkWorkers(settings)
      const id = await add(settings)
      await conductor.begin(id)
      return get(id)
    },

    async plan(settings) {
      const id = await add(settings)
      holdBack(store, find(id), store.sweeps.trials(id))
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

    async retry(id) {
      const sweep = find(id)
      if (sweep.status === 'running') {
        throw new LabError(
          'conflict',
          `Sweep ${id} is running; what failed can be run again once it has ended or is paused.`
        )
      }
      const failed = store.sweeps.trials(id).filter(({ status }) => status === 'failed')
      if (failed.length === 0) throw new LabError('conflict', `No run of sweep ${id} has failed.`)
      holdBack(store, sweep, failed)
      await conductor.begin(id)
      return get(id)
    },

    async continueInterrupted() {
      for (const id of store.sweeps.idsIn('interrupted')) await conductor.begin(id)
    }
  }
}

/** What a planned sweep takes: in runs, and in time on so many threads. */
function forecastSweep(
  store: Store,
  settings: SweepSettings,
  experiment: StoredExperiment,
  { plan, threads }: { readonly plan: SweepPlan; readonly threads: number }
): SweepForecast {
  const isThere = alreadyThere(store, settings)
  const seedsLeft = (point: SweepPoint, data: RunData) =>
    settings.seeds.filter((seed) => !isThere({ ...point, seed, data })).length
  const points = trainedOn(settings, experiment).flatMap(({ data, rows }) =>
    forecastPoints(settings, plan, rows, (point) => seedsLeft(point, data))
  )
  const runs = points.reduce((sum, point) => sum + point.runs, 0)
  const all = plan.points.length * settings.seeds.length * (settings.folds ?? sharesOf(settings).length)
  const { patience } = settings.plan.stopping
  const history = store.runs
    .speeds()
    .map((run) => ({ multiplyAdds: multiplyAdds(run.topology), samplesPerSecond: run.samplesPerSecond }))
  const forecast = forecastTime(points, history, threads, patience === null ? 1 : leastShareWithPatience)
  return { points: plan.points.length, runs, trainedAlready: all - runs, leftOut: plan.leftOut, ...forecast }
}

/** Stores a sweep with the trials it has to train, all or nothing; returns its number. */
function addSweep(
  store: Store,
  experimentId: number,
  settings: SweepSettings,
  points: number,
  wanted: readonly { readonly point: number; readonly trial: Pick<NewRun, 'topology' | 'plan' | 'seed' | 'data'> }[]
): number {
  const createdAt = Date.now()
  return store.transaction(() => {
    const id = store.sweeps.add({ experimentId, settings, points, planned: wanted.length, createdAt })
    for (const { point, trial } of wanted) {
      const parameters = parameterCount(trial.topology)
      store.runs.add({ ...trial, experimentId, parentId: null, parameters, note: '', createdAt, sweep: { id, point } })
    }
    return id
  })
}

/** Pauses a sweep and runs of it that have not begun, or are to begin anew: queued ones would be trained by the next opening of the lab. */
function holdBack(store: Store, sweep: StoredSweep, runs: readonly Pick<SweepTrial, 'runId'>[]): void {
  store.transaction(() => {
    for (const { runId } of runs) {
      store.runs.saveStatus(runId, { status: 'paused', message: null })
    }
    store.sweeps.save(sweep.id, { ...sweep, status: 'paused' })
  })
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
        : costOf(store.sweeps.trials(stored.id), stored.points / sharesOf(stored.settings).length),
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

/** A point of a sweep with what each of its seeds trains. */
interface PointRuns {
  readonly plan: SweepPlan['points'][number]['plan']
  readonly trained: readonly { readonly topology: Topology; readonly data: RunData }[]
}

/**
 * The points of a sweep with their runs. The same network on a share of the rows is a point of its own: what it lost or
 * cost is of those rows. The folds of a network are one point, and its inputs those that each fold's preparation makes.
 */
function plannedRuns(
  store: Store,
  { shares, folds }: SweepSettings,
  { points }: SweepPlan,
  experiment: StoredExperiment
): PointRuns[] {
  if (folds === null) {
    return sharesOf({ shares }).flatMap((data) =>
      points.map(({ topology, plan }) => ({ plan, trained: [{ topology, data }] }))
    )
  }
  const cut = Array.from({ length: folds }, (_, index) => {
    const data: RunData = { kind: 'fold', index: index + 1, of: folds }
    return { data, seen: seenBy(store, experiment, data) }
  })
  return points.map(({ topology, plan }) => ({
    plan,
    trained: cut.map(({ data, seen }) => ({ topology: topologyFor(seen, hiddenLayers(topology)), data }))
  }))
}

/** The shares of the training part that every point is trained on, in turn. A sweep of an earlier lab knows none. */
function sharesOf({ shares = [] }: Partial<Pick<SweepSettings, 'shares'>>): RunData[] {
  const distinct = [...new Set(shares)].sort((a, b) => a - b)
  if (distinct.length === 0) return [{ kind: 'whole' }]
  return distinct.map((share) => (share === 1 ? { kind: 'whole' } : { kind: 'share', share }))
}

/** Of a learning curve, the runs that its experiment has already; any other sweep trains all of its own. */
function alreadyThere(store: Store, { experimentId, shares }: SweepSettings): (planned: PlannedTrial) => boolean {
  return shares.length === 0 ? () => false : trainedAlready(store.runs.list(experimentId))
}

/** What the runs of a point are trained on, share by share, and how many rows that is; for folds, any one of them. */
function trainedOn(settings: SweepSettings, experiment: StoredExperiment): { data: RunData; rows: number }[] {
  const { folds } = settings
  if (folds !== null) {
    return [{ data: { kind: 'fold', index: 1, of: folds }, rows: (foldableRows(experiment) * (folds - 1)) / folds }]
  }
  const { train } = experiment.rowCounts
  return sharesOf(settings).map((data) => ({
    data,
    rows: data.kind === 'share' ? shareCount(train, data.share) : train
  }))
}

/**
 * The points with what `seedsOf` says is left to train of them. With halving a point ends, on average over the points, at
 * the epochs that its rungs allow.
 */
function forecastPoints(
  settings: SweepSettings,
  { points }: SweepPlan,
  rows: number,
  seedsOf: (point: SweepPoint) => number
): ForecastPoint[] {
  const { strategy, folds } = settings
  const rungs = rungsOf({ settings, points: points.length })
  const factor = strategy.name === 'halving' ? strategy.factor : 1
  let left = points.length
  let epochs = 0
  rungs.forEach((end, index) => {
    epochs += left * (end - (rungs[index - 1] ?? 0))
    left = Math.ceil(left / factor)
  })
  const samples = (rows * epochs) / points.length
  return points.map((point) => ({
    multiplyAdds: multiplyAdds(point.topology),
    samples,
    runs: seedsOf(point) * (folds ?? 1)
  }))
}
