/** The unit of a planned run: what a worker needs of it, and nothing else of the lab. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { EngineDataset, MatrixFile } from '#engine/process/protocol.ts'
import { LabError } from '#contract/errors.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import { epochsToKeep } from '#lab/runs/runner.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import { nameOfUnit, type SharedTable, type Unit, unit as unitSchema, wireVersion } from '#lab/workers/unit.ts'

export interface NamedUnit {
  readonly name: string
  readonly unit: Unit
  /** The files of its table, by their hashes. */
  readonly files: ReadonlyMap<string, string>
}

interface HashedTable {
  readonly table: SharedTable
  readonly files: ReadonlyMap<string, string>
}

/** Makes units of runs of one experiment; each table is prepared and hashed once. */
export function createUnitsOf(prepared: Pick<PreparedTables, 'prepare'>, experiment: StoredExperiment) {
  const tables = new Map<string, Promise<HashedTable>>()
  return async (run: StoredRun): Promise<NamedUnit> => {
    if (run.fromEpoch !== undefined) {
      throw new LabError('conflict', `Run ${run.id} begins with the weights of another, which stay in this lab.`)
    }
    const key = JSON.stringify(run.data)
    const known = tables.get(key) ?? prepared.prepare(experiment, run.data).then(hashed)
    tables.set(key, known)
    const { table, files } = await known
    const { topology, plan, seed } = run
    // Through the schema, as the other end reads it: what is left out must be left out in the name as well.
    const wanted = { version: wireVersion, table, topology, plan, seed, snapshotEpochs: epochsToKeep(run) }
    const unit = unitSchema.parse(JSON.parse(JSON.stringify(wanted)))
    return { name: nameOfUnit(unit), unit, files }
  }
}

async function hashed({ inputs, task, classes, targetScale, train, validation }: EngineDataset): Promise<HashedTable> {
  const files = new Map<string, string>()
  const part = async ({ path, rows, isWeighted }: MatrixFile) => {
    const hash = createHash('sha256')
    await pipeline(createReadStream(path), hash)
    const sha256 = hash.digest('hex')
    files.set(sha256, path)
    return { sha256, rows, ...(isWeighted && { isWeighted }) }
  }
  const table = {
    inputs,
    task,
    classes,
    targetScale,
    train: await part(train),
    validation: validation && (await part(validation))
  }
  return { table, files }
}
