/** The rows of an experiment as the engine would read them, to be looked for where the test part must not be. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createDuckDb } from '#lab/datasets/duckdb.ts'
import { createPreparedTables } from '#lab/experiments/prepared-tables.ts'
import { storeIn, temporaryFolder } from '#test/unit/store/support.ts'

/** Reads, beside the lab that owns the folder, the bytes of each row's inputs; of the other two parts as a control. */
export async function testPartBytes(labFolder: string, experimentId: number) {
  const store = await storeIn(labFolder, { readOnly: true })
  const duckDb = createDuckDb({ log: () => undefined })
  onTestFinished(() => duckDb.close())
  const prepared = createPreparedTables({
    folder: await temporaryFolder(),
    duckDb,
    experiments: store.experiments,
    folds: store.folds,
    fileOf: ({ datasetHash }) => Promise.resolve(join(labFolder, 'datasets', `${datasetHash}.parquet`))
  })
  const experiment = store.experiments.get(experimentId)
  if (!experiment) throw new Error(`There is no experiment ${experimentId}.`)
  const inputs = experiment.preparation.inputs.length
  const rowsOf = async ({ path, rows }: { path: string; rows: number }) => {
    const bytes = await readFile(path)
    const stride = bytes.length / rows
    return Array.from({ length: rows }, (_, row) => bytes.subarray(row * stride, row * stride + 4 * inputs))
  }
  const { train, validation } = await prepared.prepare(experiment)
  const test = await prepared.withTestPart(experiment, (_table, part) => rowsOf(part))
  const seen = [...(await rowsOf(train)), ...(validation ? await rowsOf(validation) : [])]
  return { test, seen }
}
