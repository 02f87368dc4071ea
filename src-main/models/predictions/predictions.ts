/**
 * Predictions on rows the network was not trained on: single ones, answered at once, and whole files, as jobs. Owns the
 * files that were checked: each lies in a temporary folder of its own until it is let go of, or the lab is closed.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { FileSource } from '#contract/datasets.ts'
import type { ReadOptions } from '#contract/reading.ts'
import { LabError } from '#contract/errors.ts'
import type { CheckedTable, Prediction, PredictionForm, PredictionProgress, RowValues } from '#contract/predictions.ts'
import type { FittedPreparation } from '#contract/preparation.ts'
import type { RunData } from '#contract/runs.ts'
import { failedItem } from '#lab/procedures/contract-errors.ts'
import { type ColumnValues, wantedOf } from '#lab/datasets/column-values.ts'
import { decodeTarget, encodeRows } from '#lab/datasets/encode.ts'
import { readTable } from '#lab/datasets/import/import-table.ts'
import { rulesOf, type TableRules } from '#lab/datasets/import/columns/rules.ts'
import { doubtsOn, oddRemarks } from '#lab/datasets/predicting/reading-remarks.ts'
import { checkTable } from '#lab/datasets/predicting/check-table.ts'
import { trainingRanges, type TrainingRange } from '#lab/datasets/predicting/training-ranges.ts'
import { mostProbable, writePredictions } from '#lab/datasets/predicting/write-predictions.ts'
import { makeTemporary } from '#lab/datasets/temporary.ts'
import { Remembered } from '#lab/datasets/remembered.ts'
import { readRows } from '#lab/datasets/read-rows.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import { predictWith } from '#lab/runs/predictor.ts'
import { rowsSeenBy, seenBy } from '#lab/experiments/run-view.ts'
import { findNetwork, type WeightChoice } from '#lab/models/gather-model.ts'
import { columnsOfRows, formColumnOf } from '#lab/models/predictions/form.ts'
import { createCoverage, intervalOf } from '#lab/models/predictions/run-interval.ts'
import { countClasses, startMetrics } from '#lab/models/predictions/file-metrics.ts'
import { countKnown, sealTargets } from '#lab/models/predictions/seal.ts'
import { expectFileOrNothing, toWriteError } from '#lab/models/write-errors.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import type { DatasetLibrary } from '#lab/library/library.ts'
import { createJobs } from '#lab/streams/jobs.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { Strays } from '#lab/store/strays.ts'
import type { Store } from '#lab/store/store.ts'
import { formatCount } from '#words/numbers.ts'

export interface CheckRequest {
  readonly runId: number
  readonly files: readonly FileSource[]
  readonly options: ReadOptions
}

export interface WriteRequest {
  readonly tableId: string
  readonly weights: WeightChoice
  readonly path: string
  readonly probabilities: boolean
  /** The share of new rows that bounds or sets are to hold; null for none. */
  readonly interval: number | null
  readonly marksFormulas: boolean
}

export interface Example {
  readonly row: number
  readonly values: RowValues
  readonly target: string | number | null
}

export interface Predictions {
  form(runId: number): Promise<PredictionForm>
  rows(runId: number, weights: WeightChoice, rows: readonly RowValues[]): Promise<Prediction[]>
  example(runId: number, part: 'train' | 'validation', position: number): Promise<Example>
  /** Starts a check and returns the id of its job. */
  check(request: CheckRequest): string
  /** Starts a prediction and returns the id of its job. */
  write(request: WriteRequest): string
  follow(jobId: string, signal: AbortSignal | undefined): AsyncGenerator<PredictionProgress, void, void>
  cancel(jobId: string): void
  release(tableId: string): Promise<void>
  close(): Promise<void>
}

export interface PredictionsOptions {
  readonly strays: Strays
  readonly store: Store
  readonly duckDb: DuckDb
  readonly engine: EngineHost
  readonly prepared: PreparedTables
  readonly log: HostServices['log']
  readonly library: Pick<DatasetLibrary, 'fileOf' | 'find' | 'release'>
}

interface OpenTable {
  readonly checked: CheckedTable
  readonly runId: number
  readonly folder: string
  readonly file: string
  /** The files the rows came from, which are never written over. */
  readonly sources: readonly string[]
  /** Encoded, one a row, NaN where it is not known; null where no figures are to be given. */
  readonly targets: Float32Array | null
}

/** Experiments, and folds, whose ranges are kept. */
const mostRanges = 16
/** Files kept at once; the oldest is let go of for the next one. */
const mostOpen = 8

/** Creates the service. Errors: LabError as findNetwork() throws it, 'not_found' for a table that was let go of. */
export function createPredictions(options: PredictionsOptions): Predictions {
  return new FilePredictions(options)
}

/** The experiment of a run as that run sees it. */
interface RunView {
  readonly experiment: StoredExperiment
  readonly data: RunData
}

class FilePredictions implements Predictions {
  readonly #options: PredictionsOptions
  readonly #jobs = createJobs<PredictionProgress>()
  readonly #open = new Map<string, OpenTable>()
  readonly #ranges = new Remembered<string, Map<string, TrainingRange>>(mostRanges)

  constructor(options: PredictionsOptions) {
    this.#options = options
  }

  /** The experiment as the run sees it, and its data. */
  #viewOf(runId: number): RunView {
    const { store } = this.#options
    const run = store.runs.find(runId)
    const experiment = store.experiments.find(run.experimentId)
    return { experiment: seenBy(store, experiment, run.data), data: run.data }
  }

  /** Fixed with the experiment, or the fold, so they are read once. */
  #rangesOf({ experiment, data }: RunView): Promise<Map<string, TrainingRange>> {
    const { store, duckDb, library } = this.#options
    const key = JSON.stringify([experiment.id, data.kind === 'fold' ? data : null])
    return this.#ranges.read(key, async () => {
      const { columns, classes, target } = experiment.preparation
      const numeric = columns.flatMap((encoding) => ('levels' in encoding ? [] : [encoding.column]))
      const wanted = classes === null ? [...numeric, target] : numeric
      const rows = rowsSeenBy(store, experiment.id, data, 'train')
      return trainingRanges(duckDb, await library.fileOf(experiment.datasetHash), wanted, rows)
    })
  }

  /** How the table of an experiment was read: new files are read the same way. */
  #rulesOf({ datasetId }: StoredExperiment): TableRules | null {
    const dataset = this.#options.store.datasets.get(datasetId)
    return dataset && rulesOf(dataset)
  }

  async release(tableId: string): Promise<void> {
    const table = this.#open.get(tableId)
    this.#open.delete(tableId)
    if (table) await rm(table.folder, { recursive: true, force: true })
  }

  async #runCheck(
    { runId, files, options }: CheckRequest,
    report: (item: PredictionProgress) => void,
    signal: AbortSignal
  ): Promise<PredictionProgress> {
    const { library, duckDb } = this.#options
    const view = this.#viewOf(runId)
    const { experiment } = view
    const chosen = files.map((file) => library.find(file))
    const folder = await makeTemporary()
    try {
      await mkdir(join(folder, 'datasets'))
      const read = await readTable(duckDb, chosen, options, {
        folder,
        signal,
        rules: this.#rulesOf(experiment),
        onProgress: ({ fraction, message }) =>
          report({ type: 'progress', fraction: fraction === null ? null : fraction / reading, message })
      })
      report({ type: 'progress', fraction: null, message: 'Comparing the columns' })
      const { preparation } = experiment
      const check = await checkTable(duckDb, read.file, preparation, await this.#rangesOf(view), signal)
      if (check.absent.length === preparation.columns.length) {
        throw new LabError(
          'bad_file',
          `${chosen[0]?.name} has none of the columns that the network reads: ${nameSome(check.absent)}.`
        )
      }
      const { targets: given, ...found } = check
      const seal =
        given && (await sealTargets(this.#options, experiment, runId, { file: read.file, targets: given }, signal))
      const targets = seal ? seal.targets : given
      const checked: CheckedTable = {
        ...found,
        tableId: randomUUID(),
        name: chosen[0]?.name ?? '',
        remarks: [...oddRemarks(read.odd, preparation), ...found.remarks],
        warnings: [...read.warnings, ...doubtsOn(read.doubts, preparation)],
        target: given === null ? 'absent' : targets === null ? 'sealed' : 'known',
        targetRows: given === null ? 0 : countKnown(given),
        sealedRows: seal?.sealedRows ?? 0,
        ownRows: seal?.ownRows ?? 0
      }
      for (const oldest of [...this.#open.keys()].slice(0, Math.max(0, this.#open.size - mostOpen + 1)))
        await this.release(oldest)
      this.#open.set(checked.tableId, {
        checked,
        runId,
        folder,
        file: read.file,
        sources: chosen.map(({ path }) => path),
        targets: checked.target === 'known' ? targets : null
      })
      return { type: 'checked', table: checked }
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw error
    }
  }

  async #runWrite(
    { tableId, weights: choice, path: given, probabilities, interval: level, marksFormulas }: WriteRequest,
    report: (item: PredictionProgress) => void,
    signal: AbortSignal
  ): Promise<PredictionProgress> {
    const { store, duckDb, engine, strays } = this.#options
    const start = performance.now()
    const table = this.#open.get(tableId)
    if (!table) throw new LabError('not_found', 'The file is not open any more. Choose it again.')
    const found = findNetwork(store, table.runId, choice)
    const { experiment, predictor } = found
    const interval = level === null ? null : await intervalOf(this.#options, found, level)
    const { preparation } = experiment
    const { rows } = table.checked
    const path = resolve(given)
    await expectFileOrNothing(path)
    await expectOther(path, table.sources)
    const figures = startMetrics(experiment, table.targets)
    const coverage = createCoverage(interval, preparation, table.targets)
    const counts = preparation.classes && preparation.classes.map(() => 0)
    const bytes = await strays
      .beside(path, '.tmp', (temporary) =>
        writePredictions(
          duckDb,
          { file: table.file, fitted: preparation, rows },
          { path, temporary, probabilities, interval, marksFormulas },
          {
            predict: (inputs) => predictWith(engine, predictor, inputs),
            onOutputs: (outputs, first) => {
              figures?.add(outputs, first)
              if (interval) coverage.add(outputs, first)
              if (counts) countClasses(counts, outputs)
            },
            onFraction: (fraction) =>
              report({ type: 'progress', fraction, message: `Predicting ${formatCount(rows)} rows` }),
            signal
          }
        )
      )
      .catch((error: unknown) => {
        throw signal.aborted
          ? new LabError('cancelled', 'The prediction was cancelled; nothing was written.')
          : toWriteError(error, path)
      })
    return {
      type: 'written',
      predictions: {
        rows,
        path,
        bytes,
        seconds: (performance.now() - start) / 1000,
        counts,
        figures: (await figures?.finish()) ?? null,
        figureRows: figures?.rows ?? 0,
        interval: interval && { ...interval, held: coverage.held() }
      }
    }
  }

  async form(runId: number): Promise<PredictionForm> {
    const { store } = this.#options
    const view = this.#viewOf(runId)
    const { experiment } = view
    const { columns, target, classes } = experiment.preparation
    const found = await this.#rangesOf(view)
    const range = found.get(target)
    const dataset = store.datasets.get(experiment.datasetId)
    const isImage = columns.length === (dataset?.image ? dataset.image.width * dataset.image.height : -1)
    const { train, validation } = experiment.rowCounts
    return {
      columns: columns.map((encoding) => formColumnOf(encoding, found.get(encoding.column))),
      target,
      classes,
      targetRange: classes === null && range ? { minimum: range.minimum, maximum: range.maximum } : null,
      image: isImage ? (dataset?.image ?? null) : null,
      parts: { train, validation }
    }
  }

  async rows(runId: number, choice: WeightChoice, rows: readonly RowValues[]): Promise<Prediction[]> {
    const { store, engine } = this.#options
    const { experiment, predictor } = findNetwork(store, runId, choice)
    const { preparation } = experiment
    const inputs = encodeRows(preparation, columnsOfRows(preparation.columns, rows))
    const outputs = await predictWith(engine, predictor, inputs)
    const width = outputs.length / rows.length
    return rows.map((_, row) => describeOutputs(outputs.subarray(row * width, (row + 1) * width), preparation))
  }

  async example(runId: number, part: 'train' | 'validation', position: number): Promise<Example> {
    const { store, duckDb, library } = this.#options
    const { experiment, data } = this.#viewOf(runId)
    const { id, datasetHash, preparation } = experiment
    const row = rowsSeenBy(store, id, data, part)[position]
    if (row === undefined) {
      throw new LabError('not_found', `The ${part === 'train' ? 'training' : part} part has no row ${position + 1}.`)
    }
    const target = { column: preparation.target, kind: preparation.classes ? 'categorical' : 'numeric' } as const
    const columns = await readRows(
      duckDb,
      await library.fileOf(datasetHash),
      [...preparation.columns.map(wantedOf), target],
      Uint32Array.of(row)
    )
    const values = preparation.columns.map(({ column }, index) => [column, valueAt(columns[index])] as const)
    return { row: row + 1, values: Object.fromEntries(values), target: valueAt(columns.at(-1)) }
  }

  check(request: CheckRequest): string {
    const { library } = this.#options
    return this.#jobs.start((report, signal) =>
      this.#runCheck(request, report, signal)
        .catch((error: unknown) => failedItem(error, this.#options.log))
        .finally(() => library.release(request.files))
    )
  }

  write(request: WriteRequest): string {
    return this.#jobs.start((report, signal) =>
      this.#runWrite(request, report, signal).catch((error: unknown) => failedItem(error, this.#options.log))
    )
  }

  follow(jobId: string, signal: AbortSignal | undefined): AsyncGenerator<PredictionProgress, void, void> {
    return this.#jobs.follow(jobId, signal)
  }

  cancel(jobId: string): void {
    this.#jobs.cancel(jobId)
  }

  async close() {
    await this.#jobs.close()
    await Promise.all([...this.#open.keys()].map((id) => this.release(id)))
  }
}

/** Reading a file is this share of the import that reports it. */
const reading = 0.7

/** Files a person names are read and never touched. Errors: LabError 'bad_settings' where a path leads to one of them. */
async function expectOther(path: string, sources: readonly string[]): Promise<void> {
  const [target, ...read] = await Promise.all([path, ...sources].map((file) => stat(file).catch(() => null)))
  if (!target || !read.some((file) => file?.ino === target.ino && file.dev === target.dev)) return
  throw new LabError(
    'bad_settings',
    `${path} is the file with the rows to predict. Choose another for the predictions.`
  )
}

function describeOutputs(outputs: Float32Array, { classes, targetScale }: FittedPreparation): Prediction {
  if (classes === null) {
    return { label: null, value: decodeTarget(targetScale, outputs[0] ?? 0), probabilities: null }
  }
  return { label: classes[mostProbable(outputs)] ?? null, value: null, probabilities: [...outputs] }
}

function valueAt(column: ColumnValues | undefined): string | number | null {
  const value = column?.[0] ?? null
  return typeof value === 'number' && Number.isNaN(value) ? null : value
}

function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ')
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown
}
