/**
 * Runs as other programs keep them. Neither MLflow nor TensorBoard can be had from Debian, so the files are read here as
 * their documentation says: the lines and names of MLflow's file store, and TensorBoard's records field by field. Where
 * TensorBoard is installed, its own reader has to find the same.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openPromise } from 'yauzl'
import type { Layer } from '#engine/network/topology.ts'
import type { ContractClient } from '#contract/contract.ts'
import type { Destination, TransferProgress } from '#contract/transfers.ts'
import { maskedCrc32c } from '#lab/transfers/tracking/event-records.ts'
import { pythonWith, run as runProgram } from '#test/integration/exports/machine.ts'
import { openLab, planFor, ringsExperiment, startRuns, waitForRun } from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

const python = pythonWith('tensorboard')

const script = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1])
events.Reload()
print(json.dumps([[event.step, event.value] for event in events.Scalars("loss")]))
`

/** Writes and gives the last item of the job. */
async function write(client: ContractClient, experimentId: number, to: Destination, path: string) {
  const { jobId } = await client.transfers.write({ experimentId, to, path })
  let last: TransferProgress | null = null
  for await (const item of await client.transfers.progress({ jobId })) {
    if (item.type === 'failed') throw new Error(item.message)
    last = item
  }
  return last
}

test('MLflow, TensorBoard and CSV tell the same of a run as the lab', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const started = await startRuns(client, experiment, 5, [1, 2])
  for (const { id } of started) await waitForRun(client, id, ({ status }) => status === 'done')
  const run = await client.runs.get({ runId: started[0]?.id ?? 0 })
  const [curve] = await client.runs.curves({ runIds: [run.id] })
  const values = (column: string) => {
    const place = curve?.columns.indexOf(column) ?? -1
    return [...(curve?.values.slice(place * curve.epochs, (place + 1) * curve.epochs) ?? [])]
  }
  const losses = values('validationLoss')

  const mlruns = join(folder, 'mlruns')
  await write(client, experiment.id, 'mlflow', mlruns)
  const [experimentId = '', ...beside] = readdirSync(mlruns)
  expect(beside).toEqual(['mlflow.db'])
  expect(experimentId).toMatch(/^\d{1,18}$/)
  const read = (...path: string[]) => readFileSync(join(mlruns, experimentId, ...path), 'utf8')
  expect(read('meta.yaml')).toContain(`experiment_id: "${experimentId}"\n`)
  const runIds = readdirSync(join(mlruns, experimentId)).filter((name) => /^[0-9a-f]{32}$/.test(name))
  expect(runIds).toHaveLength(2)
  const mine = runIds.find((id) => read(id, 'params', 'seed') === '1') ?? ''
  expect(read(mine, 'meta.yaml')).toContain('\nstatus: 3\n')
  expect(read(mine, 'meta.yaml')).toContain(`artifact_uri: "file://${join(mlruns, experimentId, mine)}/artifacts"\n`)
  expect(read(mine, 'params', 'plan.optimizer.learningRate')).toBe('0.001')
  expect(read(mine, 'params', 'hidden')).toBe('16:relu x 8:relu')
  const lines = read(mine, 'metrics', 'validation_loss').trimEnd().split('\n')
  expect(lines.map((line) => line.split(' ').slice(1).map(Number))).toEqual(losses.map((loss, at) => [loss, at + 1]))
  expect(lines.every((line) => /^\d{13} /.test(line))).toBe(true)
  const files = readdirSync(join(mlruns, experimentId, mine), { recursive: true }).map(String)
  expect(files.filter((name) => /metrics.test/.test(name))).toEqual([])
  // The artifact is the very file that an export of the run gives.
  const exported = join(folder, 'model.onnx')
  await client.exports.write({ runId: run.id, format: 'onnx', path: exported })
  expect(readFileSync(join(mlruns, experimentId, mine, 'artifacts', 'model.onnx'))).toEqual(readFileSync(exported))
  // Once more replaces what is there and doubles nothing.
  await write(client, experiment.id, 'mlflow', mlruns)
  expect(readdirSync(mlruns)).toEqual([experimentId, 'mlflow.db'])

  // The store for the MLflow of today has the same, and the same places of models.
  const db = new Sqlite(join(mlruns, 'mlflow.db'), { readonly: true })
  const all = (sql: string, ...given: string[]) =>
    db
      .prepare(sql)
      .raw()
      .all(...given)
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(all('SELECT version_num FROM alembic_version')).toEqual([['acf3f17fdcc7']])
  expect(all('SELECT CAST(experiment_id AS TEXT), name FROM experiments ORDER BY name')).toEqual([
    ['0', 'Default'],
    [experimentId, experiment.name]
  ])
  expect(all('SELECT run_uuid, status, artifact_uri FROM runs WHERE run_uuid = ?', mine)).toEqual([
    [mine, 'FINISHED', `file://${join(mlruns, experimentId, mine)}/artifacts`]
  ])
  expect(all('SELECT count(*) FROM runs')).toEqual([[2]])
  const steps = "SELECT step, value, is_nan FROM metrics WHERE run_uuid = ? AND key = 'validation_loss' ORDER BY step"
  expect(all(steps, mine)).toEqual(losses.map((loss, at) => [at + 1, loss, 0]))
  const latest = "SELECT step, value FROM latest_metrics WHERE run_uuid = ? AND key = 'validation_loss'"
  expect(all(latest, mine)).toEqual([[losses.length, losses.at(-1)]])
  expect(all("SELECT value FROM params WHERE run_uuid = ? AND key = 'hidden'", mine)).toEqual([['16:relu x 8:relu']])
  expect(all("SELECT count(*) FROM metrics WHERE key LIKE 'test%'")).toEqual([[0]])
  db.close()

  const board = join(folder, 'board')
  await write(client, experiment.id, 'tensorboard', board)
  const runFolder = readdirSync(board).find((name) => name.includes('seed 1')) ?? ''
  const [eventFile = ''] = readdirSync(join(board, runFolder, 'validation'))
  expect(eventFile).toMatch(/^events\.out\.tfevents\.\d{10}\./)
  const events = recordsOf(readFileSync(join(board, runFolder, 'validation', eventFile)))
  expect(events[0]?.get(3)).toEqual(Buffer.from('brain.Event:2'))
  const scalars = events.slice(1).map((event) => {
    // The score comes after the loss, in a field of the same number.
    const score = fieldsOf(fieldsOf(event.get(5) as Buffer).get(1) as Buffer)
    return [event.get(2), String(score.get(1)), score.get(2)]
  })
  expect(scalars).toEqual(values('validationAccuracy').map((score, at) => [at + 1, 'accuracy', score]))
  const first = fieldsOf((events[1]?.get(5) as Buffer).subarray(0, (events[1]?.get(5) as Buffer).readUInt8(1) + 2))
  const loss = fieldsOf(first.get(1) as Buffer)
  expect([String(loss.get(1)), loss.get(2)]).toEqual(['loss', losses[0]])
  expect(existsSync(join(board, runFolder, 'train'))).toBe(true)
  // The table of hyperparameters: a session in the folder of the run, with its settings, figures and end.
  const sessionFile = readdirSync(join(board, runFolder)).find((name) => name.startsWith('events.')) ?? ''
  const summaries = recordsOf(readFileSync(join(board, runFolder, sessionFile)))
    .slice(1)
    .flatMap((each) => repeatedOf(each.get(5) as Buffer, 1).map((summary) => fieldsOf(summary)))
  const named = new Map(summaries.map((summary) => [String(summary.get(1)), summary]))
  expect(named.get('best_validation_loss')?.get(2)).toBeCloseTo(run.validation?.loss ?? NaN, 6)
  const pluginOf = (tag: string) => fieldsOf(fieldsOf(named.get(tag)?.get(9) as Buffer).get(1) as Buffer)
  const session = pluginOf('_hparams_/session_start_info')
  expect(String(session.get(1))).toBe('hparams')
  const begun = fieldsOf(session.get(2) as Buffer).get(3) as Buffer
  const settings = new Map(
    repeatedOf(begun, 1).map((pair) => {
      const [name, value] = [fieldsOf(pair).get(1), fieldsOf(fieldsOf(pair).get(2) as Buffer)]
      return [String(name), value.get(2) ?? String(value.get(3) ?? value.get(4))]
    })
  )
  expect(settings.get('hidden')).toBe('16:relu x 8:relu')
  expect(settings.get('plan.optimizer.learningRate')).toBe(0.001)
  const ended = fieldsOf(pluginOf('_hparams_/session_end_info').get(2) as Buffer).get(4) as Buffer
  expect(fieldsOf(ended).get(1)).toBe(1)
  if (python) {
    const found = JSON.parse(
      runProgram(python, ['-c', script, join(board, runFolder, 'validation')], folder)
    ) as unknown
    expect(found).toEqual(losses.map((value, at) => [at + 1, value]))
  }

  await write(client, experiment.id, 'runs-csv', join(folder, 'runs.csv'))
  const table = readFileSync(join(folder, 'runs.csv'), 'utf8').trimEnd().split('\r\n')
  expect(table).toHaveLength(3)
  expect(table[0]).toMatch(/^run,status,hidden,.*,best_validation_loss,/)
  await write(client, experiment.id, 'curves-csv', join(folder, 'curves.csv'))
  const rows = readFileSync(join(folder, 'curves.csv'), 'utf8').trimEnd().split('\r\n')
  expect(rows).toHaveLength(11)
  const column = rows[0]?.split(',').indexOf('validation_loss') ?? -1
  // Names of runs have commas and are quoted.
  const cells = rows.slice(1, 6).map((row) => row.replace(/^"[^"]*"/, '').split(','))
  expect(cells.map((row) => Number(row[column]))).toEqual(losses)
})

test('records tell networks apart that have the same units', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const layers: Layer[] = [
    { units: 8, activation: 'relu' },
    { units: 8, activation: 'tanh' },
    { units: 8, activation: 'tanh', normalisation: 'batch', dropout: 0.3 }
  ]
  for (const layer of layers) {
    const plan = planFor(2)
    const [run] = await client.runs.start({ experimentId: experiment.id, hidden: [layer], plan, seeds: [1] })
    await waitForRun(client, run?.id ?? 0, ({ status }) => status === 'done')
  }
  await write(client, experiment.id, 'runs-csv', join(folder, 'runs.csv'))
  const [, ...rows] = readFileSync(join(folder, 'runs.csv'), 'utf8').trimEnd().split('\r\n')
  expect(rows.map((row) => row.slice(0, 60))).toEqual([
    expect.stringContaining('"run 1, 8:relu, seed 1",done,8:relu,'),
    expect.stringContaining('"run 2, 8:tanh, seed 1",done,8:tanh,'),
    expect.stringContaining('"run 3, 8:tanh:batchnorm:dropout=0.3, seed 1",done,8:tanh')
  ])
})

test('MLflow as a zip has the store beside its files, and a store that is none is left alone', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(folder)
  const experiment = await ringsExperiment(client, folder)
  const [run] = await startRuns(client, experiment, 2)
  await waitForRun(client, run?.id ?? 0, ({ status }) => status === 'done')
  const zip = join(folder, 'mlruns.zip')
  await write(client, experiment.id, 'mlflow', zip)
  const entries = new Map<string, Buffer>()
  const opened = await openPromise(zip, { lazyEntries: true })
  for await (const entry of opened.eachEntry()) {
    const pieces: Buffer[] = []
    for await (const piece of await opened.openReadStreamPromise(entry)) pieces.push(piece as Buffer)
    entries.set(entry.fileName, Buffer.concat(pieces))
  }
  const names = [...entries.keys()]
  expect(names.at(-1)).toBe('mlflow.db')
  const db = new Sqlite(entries.get('mlflow.db'))
  const [uri] = db.prepare<[], string>('SELECT artifact_uri FROM runs').pluck().all()
  db.close()
  // Relative to the folder in which the zip is unpacked and MLflow is started.
  expect(names).toContain(`${uri}/model.onnx`)

  const taken = join(folder, 'taken')
  mkdirSync(taken)
  writeFileSync(join(taken, 'mlflow.db'), 'mine')
  await expect(write(client, experiment.id, 'mlflow', taken)).rejects.toThrow(/is no SQLite store of MLflow/)
  expect(readFileSync(join(taken, 'mlflow.db'), 'utf8')).toBe('mine')
})

test('a model that does not predict what the lab predicts stays out of the MLflow folder, and the job says so', async () => {
  const folder = await temporaryFolder()
  const first = await openLab(folder)
  const experiment = await ringsExperiment(first.client, folder)
  const [sound, damaged] = await startRuns(first.client, experiment, 3, [1, 2])
  for (const run of [sound, damaged]) await waitForRun(first.client, run?.id ?? 0, ({ status }) => status === 'done')
  await first.lab.close()
  const db = new Sqlite(join(folder, 'lab.sqlite'))
  const [piece] = db
    .prepare<[number], { rowid: number; data: Buffer }>(
      `SELECT p.rowid, p.data FROM checkpoint_pieces p JOIN checkpoints c ON c.id = p.checkpoint_id
       WHERE c.run_id = ? AND p.field = 'best_parameters'`
    )
    .all(damaged?.id ?? 0)
  const weights = new Float32Array((piece?.data.length ?? 0) / 4).fill(NaN)
  db.prepare('UPDATE checkpoint_pieces SET data = ? WHERE rowid = ?').run(Buffer.from(weights.buffer), piece?.rowid)
  db.close()

  const { client } = await openLab(folder)
  const mlruns = join(folder, 'mlruns')
  expect(await write(client, experiment.id, 'mlflow', mlruns)).toMatchObject({
    type: 'written',
    runs: 2,
    leftOut: [expect.stringMatching(`^Run ${damaged?.id}: .*does not predict what the lab predicts`)]
  })
  const files = readdirSync(mlruns, { recursive: true }).map(String)
  const seedsWith = (name: string) =>
    files
      .filter((file) => file.endsWith(name))
      .map((file) => readFileSync(join(mlruns, file.slice(0, -name.length), 'params', 'seed'), 'utf8'))
  expect(seedsWith('artifacts/model.onnx')).toEqual(['1'])
  expect(seedsWith('tags/model_left_out')).toEqual(['2'])
})

/** Reads the records of a TFRecord file and checks their checksums. */
function recordsOf(file: Buffer): Map<number, Buffer | number>[] {
  const records: Map<number, Buffer | number>[] = []
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at))
    expect(file.readUInt32LE(at + 8)).toBe(maskedCrc32c(file.subarray(at, at + 8)))
    const data = file.subarray(at + 12, at + 12 + length)
    expect(file.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(data))
    records.push(fieldsOf(data))
    at += length + 16
  }
  return records
}

/** Reads all messages of one field. */
function repeatedOf(data: Buffer, field: number): Buffer[] {
  const found: Buffer[] = []
  fieldsOf(data, (number, value) => {
    if (number === field) found.push(value as Buffer)
  })
  return found
}

/** Reads the fields of a protocol-buffer message; the last one of a number counts, and `hear` hears all. */
function fieldsOf(
  data: Buffer,
  hear: (field: number, value: Buffer | number) => void = () => undefined
): Map<number, Buffer | number> {
  const fields = new Map<number, Buffer | number>()
  let at = 0
  const varint = () => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = data[at++] ?? 0
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  while (at < data.length) {
    const key = varint()
    const field = Math.floor(key / 8)
    if (key % 8 === 0) fields.set(field, varint())
    else if (key % 8 === 1) {
      fields.set(field, data.readDoubleLE(at))
      at += 8
    } else if (key % 8 === 5) {
      fields.set(field, data.readFloatLE(at))
      at += 4
    } else {
      const length = varint()
      fields.set(field, data.subarray(at, at + length))
      hear(field, data.subarray(at, at + length))
      at += length
    }
  }
  return fields
}
