/** The complexity curve of an experiment and the verdict on a run, from what the store has. */
import { Random } from '#engine/random.ts'
import type { Complexity, Verdict } from '#contract/selection.ts'
import { LabError } from '#contract/errors.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import { joinPieces } from '#lab/experiments/pieces.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import { type ComplexityAxis, complexityPoints, paretoFront } from '#lab/experiments/selection/complexity.ts'
import { constantBaseline } from '#lab/experiments/selection/constant-baseline.ts'
import { errorOf, groupRuns, type Measure, type RunGroup } from '#lab/experiments/selection/groups.ts'
import { simulatedOptimism } from '#lab/experiments/selection/optimism.ts'
import { quantile } from '#lab/experiments/selection/statistics.ts'
import { suggest } from '#lab/experiments/selection/suggestion.ts'
import { judgeRun } from '#lab/experiments/selection/verdict.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'

export interface Selection {
  complexity(request: {
    readonly experimentId: number
    readonly axis: ComplexityAxis
    readonly measure: Measure
  }): Promise<Complexity>
  verdict(runId: number): Promise<Verdict>
}

export interface SelectionOptions {
  readonly store: Store
  readonly experiments: Experiments
  readonly prepared: PreparedTables
  readonly columnsOf: (runId: number) => readonly string[]
}

/** Normal numbers drawn at most for one simulation: about 5 ms of work. */
const mostDraws = 100_000
const mostPieces = 100_000

const optimismMethod =
  'Simulated: as many equally good points as were tried are drawn around the same true error, each with the median ' +
  'standard error of the points; the value is how far the lowest of them lies below that error on average.'

/** Creates the service. Errors: LabError 'not_found' for unknown ids. */
export function createSelection({ store, experiments, prepared, columnsOf }: SelectionOptions): Selection {
  /** The model that sees no input, once for each seed in use: it is the same for all, and pairs with all. */
  async function constantGroup(experiment: StoredExperiment, groups: readonly RunGroup[]): Promise<RunGroup> {
    const { name, trainError, validationError } = await constantBaseline(await prepared.prepare(experiment))
    const seeds = new Set(groups.flatMap(({ trials }) => trials.map(({ seed }) => seed)))
    return {
      topology: name,
      parameters: 0,
      multiplyAdds: 0,
      hiddenUnits: 0,
      depth: 0,
      baseline: true,
      unfinished: 0,
      trials: [...seeds].map((seed) => ({ runId: null, seed, bestEpoch: null, trainError, validationError }))
    }
  }

  async function groupsOf(experimentId: number, measure: Measure) {
    const experiment = experiments.find(experimentId)
    const groups = groupRuns(store.runs.list(experimentId).filter(isCompared), measure)
    const hasResults = groups.some(({ trials }) => trials.length > 0)
    const isComparable = measure === 'error' && hasResults && experiment.rowCounts.validation > 0
    const constant = isComparable ? await constantGroup(experiment, groups) : null
    return { experiment, groups, constant }
  }

  return {
    async complexity({ experimentId, axis, measure }) {
      const { experiment, groups, constant } = await groupsOf(experimentId, measure)
      const all = constant ? [constant, ...groups] : groups
      const trialsOf = new Map(all.map(({ topology, trials }) => [topology, trials]))
      const points = complexityPoints(all, axis)
      const front = new Set(paretoFront(points))
      const suggestion = suggest(points, formatError)
      const tried = points.filter(({ topology }) => topology !== constant?.topology)
      const noise = tried.map(({ validation }) => validation.standardError).filter(Number.isFinite)
      const random = new Random(1)
      const rounds = Math.min(2000, Math.ceil(mostDraws / Math.max(1, tried.length)))
      const optimism =
        noise.length > 0 ? simulatedOptimism(tried.length, quantile(noise, 0.5), () => random.normal(), rounds) : 0
      return {
        measure: measureOf(experiment, measure),
        points: points.map((point) => ({
          topology: point.topology,
          parameters: point.parameters,
          multiplyAdds: point.multiplyAdds,
          hiddenUnits: point.hiddenUnits,
          depth: point.depth,
          baseline: point.baseline,
          seeds: point.seeds,
          unfinished: point.unfinished,
          train: point.train,
          validation: {
            median: point.validation.median,
            q1: point.validation.q1,
            q3: point.validation.q3,
            mean: point.validation.mean,
            standardError: Number.isFinite(point.validation.standardError) ? point.validation.standardError : null
          },
          trials: (trialsOf.get(point.topology) ?? []).map(
            ({ runId, seed, bestEpoch, trainError, validationError }) => ({
              runId,
              seed,
              bestEpoch,
              train: trainError,
              validation: validationError
            })
          ),
          pareto: front.has(point)
        })),
        best: suggestion?.best.topology ?? null,
        suggested: suggestion?.suggested.topology ?? null,
        decided: suggestion?.decided ?? false,
        extraSeeds: suggestion?.extraSeeds ?? 0,
        contested: suggestion?.contested.map(({ topology }) => topology) ?? [],
        reason: suggestion?.reason ?? 'No run of this experiment has ended yet.',
        tried: tried.length,
        optimism: { value: optimism, method: optimismMethod }
      }
    },

    async verdict(runId) {
      const run = store.runs.get(runId)
      if (!run) throw new LabError('not_found', `There is no run ${runId}.`)
      const { groups, constant } = await groupsOf(run.experimentId, 'error')
      const suggestion = suggest(complexityPoints(groups), formatError)
      const pieces = joinPieces(store.metrics.after([runId], 0, mostPieces))
      const columns = columnsOf(runId)
      const curve = (column: string) =>
        pieces.flatMap(({ epochs, values }) => {
          const index = columns.indexOf(column)
          return index < 0 ? [] : [...values.subarray(index * epochs, (index + 1) * epochs)]
        })
      return judgeRun({
        status: run.status,
        reason: run.reason,
        message: run.message,
        plannedEpochs: run.plan.stopping.epochs,
        bestEpoch: run.bestEpoch,
        trainLoss: curve('trainLoss'),
        validationLoss: curve('validationLoss').filter(Number.isFinite),
        trainError: run.train && errorOf(run.train, 'error'),
        validationError: run.validation && errorOf(run.validation, 'error'),
        lowestError: suggestion?.best.validation.mean ?? null,
        constantError: constant?.trials[0]?.trainError ?? null
      })
    }
  }
}

/** Final models have seen the validation part, so it says nothing of them. */
const isCompared = ({ data }: StoredRun) => data.kind === 'whole'

function measureOf({ settings }: StoredExperiment, measure: Measure): Complexity['measure'] {
  if (measure === 'loss') return { name: 'loss', label: 'Loss at the best epoch' }
  return settings.task === 'classification'
    ? { name: 'error', label: 'Share of wrong classes at the best epoch' }
    : { name: 'rmse', label: `Root mean squared error of ${settings.target} at the best epoch` }
}

function formatError(error: number): string {
  return String(Number(error.toPrecision(2)))
}
