/** Experiments: creating one fixes the question, the split and the preparation for all its runs. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { outputFor } from '#engine/network/losses.ts'
import { LabError } from '#contract/errors.ts'
import type { Experiment, ExperimentSettings, Finding, Proposal } from '#contract/experiments.ts'
import { fitPreparation } from '#lab/datasets/preparation.ts'
import { checkSettings } from '#lab/datasets/check-settings.ts'
import { checkWeights } from '#lab/datasets/row-weights.ts'
import { inspectQuestion } from '#lab/datasets/findings/inspect.ts'
import { type Given, proposeSettings } from '#lab/datasets/proposal.ts'
import { splitRows } from '#lab/datasets/split.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'
import type { DatasetLibrary } from '#lab/library/library.ts'
import type { Events } from '#lab/streams/events.ts'
import { preparedKey, type PreparedTables } from '#lab/experiments/prepared-tables.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { Store } from '#lab/store/store.ts'

export interface Experiments {
  propose(given: Pick<ExperimentSettings, 'datasetId'> & Given): Proposal
  /** What to look at before an experiment is created; nothing where the settings can't work, which create() says. */
  inspect(settings: ExperimentSettings, signal: AbortSignal | undefined): Promise<Finding[]>
  create(name: string | undefined, settings: ExperimentSettings): Promise<Experiment>
  list(): Experiment[]
  get(id: number): Experiment
  /** The stored form, with the fitted preparation. */
  find(id: number): StoredExperiment
  update(id: number, change: { readonly name?: string | undefined; readonly note?: string | undefined }): Experiment
  /** Removes it and its runs, also those in training. */
  remove(id: number): Promise<void>
}

export interface ExperimentsOptions {
  readonly store: Store
  readonly library: DatasetLibrary
  readonly duckDb: DuckDb
  readonly prepared: PreparedTables
  readonly events: Events
  /** Lets go of runs in training before they are removed. */
  readonly discardRuns: (runIds: readonly number[]) => void
}

/** Creates the service. Errors: LabError 'not_found' for unknown ids, 'bad_settings' for settings that can't work. */
export function createExperiments(options: ExperimentsOptions): Experiments {
  const { store, library, duckDb, prepared, events, discardRuns } = options

  const find = (id: number) => store.experiments.find(id)

  async function readParts(file: string, settings: ExperimentSettings) {
    await checkWeights(duckDb, file, settings)
    const rows = await splitRows(duckDb, file, settings)
    const preparation = await fitPreparation(duckDb, file, settings, rows.train)
    await nextTurn()
    return { ...rows, preparation }
  }

  return {
    propose: (given) => proposeSettings(library.get(given.datasetId), given),

    async inspect(settings, signal) {
      const dataset = library.get(settings.datasetId)
      const problems = checkSettings(dataset, settings)
      if (problems.length > 0) return problems.map(unusable)
      try {
        return await inspectQuestion(duckDb, await library.fileOf(dataset.hash), dataset, settings, signal)
      } catch (error) {
        // A split that leaves a part empty is known only once it is made.
        if (error instanceof LabError && error.code === 'bad_settings') return [unusable(error.message)]
        throw error
      }
    },

    async create(name, settings) {
      const dataset = library.get(settings.datasetId)
      const problems = checkSettings(dataset, settings)
      if (problems.length > 0) throw new LabError('bad_settings', problems.join(' '))
      const file = await library.fileOf(dataset.hash)
      const { dropped, preparation, ...rows } = await readParts(file, settings)
        // Whatever fails where the data set was removed meanwhile, that is why.
        .finally(() => library.get(dataset.id))
      const id = store.experiments.add({
        datasetId: dataset.id,
        name: name?.trim() || freeName(`${dataset.name}: ${settings.target}`, store.experiments.names()),
        settings,
        preparation,
        preparedKey: preparedKey(dataset.hash, settings, preparation, [rows.train, rows.validation]),
        rows,
        dropped,
        warnings: [...proposeSettings(dataset, settings).warnings, ...preparation.warnings],
        createdAt: Date.now()
      })
      events.publish({ type: 'experiments' })
      return toExperiment(find(id))
    },

    list: () => store.experiments.list().map(toExperiment),
    get: (id) => toExperiment(find(id)),
    find,

    update(id, { name, note }) {
      find(id)
      if (name !== undefined) store.experiments.rename(id, name)
      if (note !== undefined) store.experiments.annotate(id, note)
      events.publish({ type: 'experiments' })
      return toExperiment(find(id))
    },

    async remove(id) {
      const { preparedKey } = find(id)
      const runIds = store.runs.idsOf(id)
      discardRuns(runIds)
      store.experiments.remove(id)
      if (runIds.length > 0) events.publish({ type: 'runs.removed', runIds })
      events.publish({ type: 'experiments' })
      await prepared.forget(preparedKey)
    }
  }
}

/** A name that no other experiment has, so that it can be told by it: the wanted one, or with a number after it. */
function freeName(wanted: string, taken: readonly string[]): string {
  const known = new Set(taken)
  let name = wanted
  for (let next = 2; known.has(name); next++) name = `${wanted} (${next})`
  return name
}

function toExperiment(stored: StoredExperiment): Experiment {
  const { preparation, settings } = stored
  const output = outputFor(settings.task, preparation.classes?.length ?? 1)
  return {
    id: stored.id,
    name: stored.name,
    datasetName: stored.datasetName,
    settings,
    inputs: preparation.inputs,
    classes: preparation.classes,
    outputs: output.units,
    outputReason: output.reason,
    rows: { ...stored.rowCounts, dropped: stored.dropped },
    openings: stored.openings,
    runs: stored.runs,
    note: stored.note,
    warnings: [...stored.warnings],
    createdAt: stored.createdAt
  }
}

function unusable(message: string): Finding {
  return { kind: 'unusable', columns: [], message, examples: [], mend: null }
}
