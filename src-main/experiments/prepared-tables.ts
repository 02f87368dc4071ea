/**
 * Prepared tables as files that the engine reads: <lab>/prepared/<key>/{train,validation,final}.f32, of which `final`
 * has the rows of the other two; share-0.1.f32 for a share of the training rows; fold-2-of-5-{train,validation}.f32 for a
 * fold. A cache: it may be deleted at any time and is written again from the data set, the split and the fitted
 * preparation. The test part is never in it: it is written only while the sealed part is being opened, and deleted at
 * once.
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { EngineDataset, MatrixFile } from '#engine/process/protocol.ts'
import type { ExperimentSettings } from '#contract/experiments.ts'
import type { FittedPreparation } from '#contract/preparation.ts'
import type { RunData } from '#contract/runs.ts'
import { KnownContents } from '#lab/datasets/known-content.ts'
import { writeMatrix } from '#lab/datasets/matrix.ts'
import { nestedShare, shareCount } from '#lab/datasets/nested-share.ts'
import { weightColumn } from '#lab/datasets/row-weights.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'
import { readTargets } from '#lab/experiments/part-targets.ts'
import { foldableRows, rowsSeenBy, rowsToFold, seenBy } from '#lab/experiments/run-view.ts'
import type { ExperimentQueries, PartName, StoredExperiment } from '#lab/store/experiments.ts'
import type { FoldQueries } from '#lab/store/folds.ts'

/** A file of the cache: which rows it has, as the preparation of the experiment encodes them. */
interface WantedFile {
  readonly name: string
  readonly count: number
  readonly rows: () => Uint32Array | Promise<Uint32Array>
  /** Rows count differently in training alone. */
  readonly isTrained: boolean
}

export interface PreparedTables {
  /**
   * The table of an experiment with its training and validation part, written where the cache lacks it. For a final
   * model both are its training part, and for a learning curve a share of the training part is. These are prepared as the
   * whole training part was, so that all runs read the same numbers. A fold is prepared as its own training rows are, for
   * what others tell of the rows that judge it would leak.
   */
  prepare(experiment: StoredExperiment, data?: RunData): Promise<EngineDataset>
  /** The row numbers of a part that prepare() gives for these data, in its order. */
  rowsOf(experiment: StoredExperiment, data: RunData, part: 'train' | 'validation'): Promise<Uint32Array>
  /** Writes the test part, hands it to `use`, and deletes it again, whatever happens. */
  withTestPart<Result>(
    experiment: StoredExperiment,
    use: (table: Omit<EngineDataset, 'train' | 'validation'>, part: MatrixFile) => Promise<Result>
  ): Promise<Result>
  /** Deletes half-written files and tables that no experiment has any more; for a lab in which nobody writes yet. */
  clean(): Promise<void>
  /** Deletes the tables of an experiment that was removed, unless another one has the same. */
  forget(preparedKey: string): Promise<void>
  /** Breaks off what is being written. */
  close(): void
}

export interface PreparedTablesOptions {
  readonly folder: string
  readonly duckDb: DuckDb
  readonly experiments: ExperimentQueries
  readonly folds: FoldQueries
  /** The stored data set of an experiment. */
  readonly fileOf: (experiment: StoredExperiment) => Promise<string>
}

/**
 * Names a prepared table by everything that decides its content, so that equal experiments share it.
 * Units: 16 hexadecimal digits.
 */
export function preparedKey(
  datasetHash: string,
  settings: ExperimentSettings,
  preparation: FittedPreparation,
  parts: readonly Uint32Array[]
): string {
  const hash = createHash('sha256').update(JSON.stringify([datasetHash, settings, preparation]))
  for (const part of parts) hash.update(`\n${part.length}\n`).update(part)
  return hash.digest('hex').slice(0, 16)
}

/** Creates the cache over a lab's `prepared` folder. */
export function createPreparedTables(options: PreparedTablesOptions): PreparedTables {
  const { folder, duckDb, experiments, folds, fileOf } = options
  const store = { experiments, folds }
  const writing = new Map<string, Promise<unknown>>()
  const closing = new AbortController()
  const contents = new KnownContents()

  function partFile({ id, rowCounts }: StoredExperiment, name: PartName): WantedFile {
    return { name, count: rowCounts[name], rows: () => experiments.rows(id, name), isTrained: name === 'train' }
  }

  function finalFile(experiment: StoredExperiment): WantedFile {
    const rows = () => rowsToFold(store, experiment.id)
    return { name: 'final', count: foldableRows(experiment), rows, isTrained: true }
  }

  function shareFile(experiment: StoredExperiment, share: number): WantedFile {
    const { id, settings, rowCounts, preparation } = experiment
    const rows = async () => {
      const isByClass = settings.task === 'classification'
      const whole = isByClass ? await ensureFile(experiment, partFile(experiment, 'train')) : null
      const classes = whole && (await readTargets(whole, preparation.inputs.length))
      return nestedShare(experiments.rows(id, 'train'), classes, share, settings.split.seed)
    }
    return { name: `share-${share}`, count: shareCount(rowCounts.train, share), rows, isTrained: true }
  }

  /** The files of a run's data, and the experiment as it sees it. */
  function filesOf(experiment: StoredExperiment, data: RunData) {
    if (data.kind === 'fold') {
      const seen = seenBy(store, experiment, data)
      const name = `fold-${data.index}-of-${data.of}`
      const file = (part: 'train' | 'validation'): WantedFile => ({
        name: `${name}-${part}`,
        count: seen.rowCounts[part],
        rows: () => rowsSeenBy(store, experiment.id, data, part),
        isTrained: part === 'train'
      })
      return { seen, suffix: `-${name}`, train: file('train'), validation: file('validation') }
    }
    const seen = experiment
    if (data.kind === 'final') return { seen, suffix: '-final', train: finalFile(experiment), validation: null }
    const validation = experiment.rowCounts.validation > 0 ? partFile(experiment, 'validation') : null
    if (data.kind === 'whole') return { seen, suffix: '', train: partFile(experiment, 'train'), validation }
    const train = shareFile(experiment, data.share)
    return { seen, suffix: `-${train.name}`, train, validation }
  }

  async function write(experiment: StoredExperiment, file: WantedFile, path: string): Promise<void> {
    const rows = await file.rows()
    await mkdir(dirname(path), { recursive: true })
    const weight = weightOf(experiment, file)
    await writeMatrix(duckDb, await fileOf(experiment), experiment.preparation, rows, path, closing.signal, weight)
  }

  /** A file that was altered or cut is written again, as one that is missing. */
  async function ensureWhole(path: string, numbers: number, writeIt: () => Promise<void>): Promise<void> {
    const hasSize = (await sizeOf(path)) === numbers * Float32Array.BYTES_PER_ELEMENT
    if (hasSize && (await contents.look(path)) === 'whole') return
    await writeIt()
    await contents.record(path)
  }

  async function ensureFile(experiment: StoredExperiment, file: WantedFile): Promise<MatrixFile> {
    const { name, count: rows } = file
    const path = join(folder, experiment.preparedKey, `${name}.f32`)
    const isWeighted = weightOf(experiment, file) !== null
    const matrix = { path, rows, ...(isWeighted && { isWeighted }) }
    const numbers = experiment.preparation.inputs.length + (isWeighted ? 2 : 1)
    // Runs of one experiment start side by side: one of them looks and writes, the others wait for it.
    const started = writing.get(path) ?? ensureWhole(path, rows * numbers, () => write(experiment, file, path))
    writing.set(path, started)
    try {
      await started
    } finally {
      writing.delete(path)
    }
    return matrix
  }

  return {
    async prepare(experiment, data = { kind: 'whole' }) {
      const { seen, suffix, ...files } = filesOf(experiment, data)
      const train = await ensureFile(seen, files.train)
      const validation = files.validation && (await ensureFile(seen, files.validation))
      const table = tableOf(seen)
      return { ...table, id: `${table.id}${suffix}`, train, validation }
    },
    async rowsOf(experiment, data, part) {
      const file = filesOf(experiment, data)[part]
      return file ? file.rows() : new Uint32Array()
    },
    async withTestPart(experiment, use) {
      const path = join(folder, `opening-${randomUUID()}.tmp`)
      try {
        await write(experiment, partFile(experiment, 'test'), path)
        return await use(tableOf(experiment), { path, rows: experiment.rowCounts.test })
      } finally {
        await rm(path, { force: true })
      }
    },
    async clean() {
      await cleanFolder(folder, new Set(experiments.preparedKeys()))
    },
    async forget(preparedKey) {
      if (experiments.preparedKeys().includes(preparedKey)) return
      await rm(join(folder, preparedKey), { recursive: true, force: true })
    },
    close: () => closing.abort()
  }
}

const weightOf = ({ settings }: StoredExperiment, { isTrained }: WantedFile): string | null =>
  isTrained ? weightColumn(settings) : null

function tableOf(experiment: StoredExperiment): Omit<EngineDataset, 'train' | 'validation'> {
  const { preparation } = experiment
  return {
    id: experiment.preparedKey,
    inputs: preparation.inputs.length,
    task: experiment.settings.task,
    classes: preparation.classes?.length ?? 1,
    targetScale: preparation.targetScale
  }
}

async function cleanFolder(folder: string, known: ReadonlySet<string>): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names) {
    if (!known.has(name)) await rm(join(folder, name), { recursive: true, force: true })
    else await removeTemporary(join(folder, name))
  }
}

async function removeTemporary(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names) if (name.endsWith('.tmp')) await rm(join(folder, name), { force: true })
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? -1
}
