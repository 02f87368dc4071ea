/**
 * Prepared tables as files that the engine reads: <lab>/prepared/<key>/{train,validation,final}.f32, of which `final`
 * has the rows of the other two, and share-0.1.f32 for a share of the training rows. A cache: it may be deleted at any time and is written again from the data set, the
 * split and the fitted preparation. The test part is never in it: it is written only while the sealed part is being
 * opened, and deleted at once.
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { EngineDataset, MatrixFile } from '#engine/process/protocol.ts'
import type { ExperimentSettings } from '#contract/experiments.ts'
import type { FittedPreparation } from '#contract/preparation.ts'
import type { RunData } from '#contract/runs.ts'
import { writeMatrix } from '#lab/datasets/matrix.ts'
import { nestedShare, shareCount } from '#lab/datasets/nested-share.ts'
import { weightColumn } from '#lab/datasets/row-weights.ts'
import type { Tables } from '#lab/datasets/tables.ts'
import { readTargets } from '#lab/experiments/part-targets.ts'
import type { ExperimentQueries, PartName, StoredExperiment } from '#lab/store/experiments.ts'

type WrittenPart = PartName | 'final' | `share-${number}`

export interface PreparedTables {
  /**
   * The table of an experiment with its training and validation part, written where the cache lacks it. For a final
   * model both are its training part, and for a learning curve a share of the training part is. All are prepared as the
   * whole training part was, so that all runs read the same numbers.
   */
  prepare(experiment: StoredExperiment, data?: RunData): Promise<EngineDataset>
  /** Writes the test part, hands it to `use`, and deletes it again, whatever happens. */
  withTestPart<Result>(
    experiment: StoredExperiment,
    use: (table: Omit<EngineDataset, 'train' | 'validation'>, part: MatrixFile) => Promise<Result>
  ): Promise<Result>
  /** Deletes half-written files and tables that no experiment has any more. */
  clean(): Promise<void>
  /** Breaks off what is being written. */
  close(): void
}

export interface PreparedTablesOptions {
  readonly folder: string
  readonly tables: Tables
  readonly experiments: ExperimentQueries
  /** The stored data set of an experiment. */
  readonly fileOf: (experiment: StoredExperiment) => string
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
export function createPreparedTables({ folder, tables, experiments, fileOf }: PreparedTablesOptions): PreparedTables {
  const writing = new Map<string, Promise<unknown>>()
  const closing = new AbortController()

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

  async function rowsOf(experiment: StoredExperiment, part: WrittenPart): Promise<Uint32Array> {
    const { id, settings } = experiment
    if (part === 'final') return joinRows(experiments.rows(id, 'train'), experiments.rows(id, 'validation'))
    if (!isShare(part)) return experiments.rows(id, part)
    const isByClass = settings.task === 'classification'
    const classes = isByClass
      ? await readTargets(await ensurePart(experiment, 'train'), experiment.preparation.inputs.length)
      : null
    return nestedShare(experiments.rows(id, 'train'), classes, shareOf(part), settings.split.seed)
  }

  function countOf({ rowCounts }: StoredExperiment, part: WrittenPart): number {
    if (part === 'final') return rowCounts.train + rowCounts.validation
    return isShare(part) ? shareCount(rowCounts.train, shareOf(part)) : rowCounts[part]
  }

  async function write(experiment: StoredExperiment, part: WrittenPart, path: string): Promise<void> {
    const rows = await rowsOf(experiment, part)
    await mkdir(dirname(path), { recursive: true })
    const weight = weightOf(experiment, part)
    await writeMatrix(tables, fileOf(experiment), experiment.preparation, rows, path, closing.signal, weight)
  }

  async function ensurePart(experiment: StoredExperiment, part: WrittenPart): Promise<MatrixFile> {
    const rows = countOf(experiment, part)
    const path = join(folder, experiment.preparedKey, `${part}.f32`)
    const isWeighted = weightOf(experiment, part) !== null
    const matrix = { path, rows, ...(isWeighted && { isWeighted }) }
    const numbers = experiment.preparation.inputs.length + (isWeighted ? 2 : 1)
    if ((await sizeOf(path)) === rows * numbers * Float32Array.BYTES_PER_ELEMENT) return matrix
    // Runs of one experiment start side by side: one of them writes, the others wait for it.
    const started = writing.get(path) ?? write(experiment, part, path)
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
      if (data.kind === 'final') {
        const table = tableOf(experiment)
        return { ...table, id: `${table.id}-final`, train: await ensurePart(experiment, 'final'), validation: null }
      }
      const part = data.kind === 'share' ? (`share-${data.share}` as const) : 'train'
      const train = await ensurePart(experiment, part)
      const hasValidation = experiment.rowCounts.validation > 0
      const validation = hasValidation ? await ensurePart(experiment, 'validation') : null
      const table = tableOf(experiment)
      return { ...table, id: part === 'train' ? table.id : `${table.id}-${part}`, train, validation }
    },
    async withTestPart(experiment, use) {
      const path = join(folder, `opening-${randomUUID()}.tmp`)
      try {
        await write(experiment, 'test', path)
        return await use(tableOf(experiment), { path, rows: experiment.rowCounts.test })
      } finally {
        await rm(path, { force: true })
      }
    },
    async clean() {
      const known = new Set(experiments.preparedKeys())
      const names = await readdir(folder).catch(() => [])
      for (const name of names) {
        if (!known.has(name)) await rm(join(folder, name), { recursive: true, force: true })
        else await removeTemporary(join(folder, name))
      }
    },
    close: () => closing.abort()
  }
}

/** Rows count differently in training alone. */
function weightOf({ settings }: StoredExperiment, part: WrittenPart): string | null {
  return part === 'validation' || part === 'test' ? null : weightColumn(settings)
}

const isShare = (part: WrittenPart): part is `share-${number}` => part.startsWith('share-')
const shareOf = (part: `share-${number}`): number => Number(part.slice('share-'.length))

/** All rows of two parts, ascending. */
function joinRows(first: Uint32Array, second: Uint32Array): Uint32Array {
  const rows = new Uint32Array(first.length + second.length)
  rows.set(first)
  rows.set(second, first.length)
  return rows.sort()
}

async function removeTemporary(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names) if (name.endsWith('.tmp')) await rm(join(folder, name), { force: true })
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? -1
}
