/** The store keeps what it is given, bit-exact, and refuses what it can't read without touching it. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { Checkpoint } from '#engine/training/checkpoint.ts'
import { LabError } from '#contract/errors.ts'
import { checkNodeVersion } from '#lab/store/sqlite.ts'
import { migrate } from '#lab/store/migrate.ts'
import { loadSqlite } from '#lab/store/sqlite.ts'
import type { Store } from '#lab/store/store.ts'
import {
  addExperiment,
  experiment,
  checkpoint,
  dataset,
  migrationsFolder,
  run,
  storeIn,
  temporaryFolder
} from '#test/unit/store/support.ts'

/** Stages all pieces and adopts them. */
function saveCheckpoint(store: Store, runId: number, content: Checkpoint): void {
  const steps = store.checkpoints.stage(runId, content)
  for (;;) {
    const step = steps.next()
    if (step.done) return store.checkpoints.adopt(step.value)
  }
}

describe('a new store', () => {
  it('gives back data sets, experiments, runs, notes and settings after it was closed', async () => {
    const folder = await temporaryFolder()
    const first = await storeIn(folder)
    const experimentId = addExperiment(first)
    const runId = first.runs.add({ ...run, experimentId })
    first.runs.annotate(runId, 'looks good')
    first.settings.set('theme', { dark: true })
    first.close()

    const second = await storeIn(folder)
    expect(second.datasets.get(dataset.id)).toEqual(dataset)
    expect(second.datasets.list()).toMatchObject([{ id: dataset.id, columnCount: 1 }])
    expect(second.experiments.get(experimentId)).toMatchObject({
      datasetName: 'Flowers',
      rowCounts: { train: 3, validation: 2, test: 1 },
      runs: 1,
      openings: 0
    })
    expect([...second.experiments.rows(experimentId, 'train')]).toEqual([0, 3, 5])
    expect(second.runs.get(runId)).toMatchObject({ status: 'queued', note: 'looks good', topology: run.topology })
    expect(second.settings.all()).toEqual({ theme: { dark: true } })
  })

  it('keeps checkpoints bit for bit, also what is no number', async () => {
    const store = await storeIn(await temporaryFolder())
    const runId = store.runs.add({ ...run, experimentId: addExperiment(store) })
    saveCheckpoint(store, runId, { ...checkpoint, epoch: 1 })
    saveCheckpoint(store, runId, checkpoint)
    const read = store.checkpoints.read(runId)
    expect(read).toEqual(checkpoint)
    expect(new Uint32Array(read?.parameters.buffer as ArrayBuffer)).toEqual(
      new Uint32Array(checkpoint.parameters.slice().buffer)
    )
    expect(store.checkpoints.weights(runId, 'best')).toEqual({ epoch: 3, parameters: checkpoint.best.parameters })
    expect(store.checkpoints.weights(runId, 'last')?.epoch).toBe(4)
  })

  it('writes a large checkpoint in short steps, and counts it only once it is whole', async () => {
    const store = await storeIn(await temporaryFolder())
    const runId = store.runs.add({ ...run, experimentId: addExperiment(store) })
    saveCheckpoint(store, runId, checkpoint)
    const large = { ...checkpoint, epoch: 9, parameters: Float32Array.from({ length: 700_001 }, (_, index) => index) }
    const steps = store.checkpoints.stage(runId, large)
    let step = steps.next()
    for (; !step.done; step = steps.next()) expect(store.checkpoints.read(runId)).toEqual(checkpoint)
    store.checkpoints.adopt(step.value)
    expect(store.checkpoints.read(runId)).toEqual(large)
    expect([...store.checkpoints.sweep(runId)].length).toBeGreaterThan(0)
    expect(store.checkpoints.read(runId)).toEqual(large)
    expect([...store.checkpoints.sweep(runId)]).toEqual([])
  })

  it('keeps openings counted when the run they were made for is removed', async () => {
    const store = await storeIn(await temporaryFolder())
    const experimentId = addExperiment(store)
    const [first, second] = [1, 2].map((seed) => store.runs.add({ ...run, seed, experimentId }))
    store.openings.add({ experimentId, runId: first ?? 0, test: { loss: 0.5 }, expectation: null, at: 1 })
    store.runs.remove(first ?? 0)
    const later = { experimentId, runId: second ?? 0, test: { loss: 0.4 }, expectation: null, at: 2 }
    expect(store.openings.add(later)).toEqual({
      runId: second,
      test: { loss: 0.4 },
      expectation: null,
      at: 2,
      count: 2
    })
    expect(store.openings.ofExperiment(experimentId).map(({ runId, count }) => [runId, count])).toEqual([
      [null, 1],
      [second, 2]
    ])
    expect(store.openings.ofRun(second ?? 0)?.count).toBe(2)
    expect(store.experiments.get(experimentId)?.openings).toBe(2)
  })

  it('takes runs, curves and checkpoints away with their experiment, and never gives an id twice', async () => {
    const store = await storeIn(await temporaryFolder())
    const experimentId = addExperiment(store)
    const runId = store.runs.add({ ...run, experimentId })
    store.metrics.append({ runId, firstEpoch: 1, epochs: 1, values: Float32Array.of(1) })
    saveCheckpoint(store, runId, checkpoint)
    store.experiments.remove(experimentId)
    expect(store.runs.get(runId)).toBeNull()
    expect(store.metrics.after([runId], 0, 10)).toEqual([])
    expect(store.checkpoints.read(runId)).toBeNull()
    store.datasets.remove(dataset.id)
    expect(store.runs.add({ ...run, experimentId: addExperiment(store) })).toBeGreaterThan(runId)
  })

  it('lists runs in parts, marks them, and tells which go on in which order', async () => {
    const store = await storeIn(await temporaryFolder())
    const experimentId = addExperiment(store)
    const add = () => store.runs.add({ ...run, experimentId, tags: ['wide'] })
    const [first, second, third, fourth] = [add(), add(), add(), add()]
    store.runs.mark(first, { starred: true })
    store.runs.mark(second, { tags: [] })
    expect(store.runs.get(first)).toMatchObject({ starred: true, tags: ['wide'] })
    expect(store.runs.get(second)).toMatchObject({ starred: false, tags: [] })
    expect(store.runs.list(experimentId, { before: third, limit: 1 }).map(({ id }) => id)).toEqual([second])

    store.runs.saveStatus(third, { status: 'running', message: null, startedAt: 1 })
    store.runs.saveOrder([fourth, first])
    for (const id of [first, second, third, fourth]) store.runs.saveStatus(id, { status: 'interrupted', message: null })
    store.runs.letGoOn([first, second, third, fourth])
    expect(store.runs.idsToGoOn()).toEqual([third, fourth, first, second])
    store.runs.saveStatus(fourth, { status: 'queued', message: null })
    expect(store.runs.idsToGoOn()).toEqual([third, first, second])
    expect(store.runs.countWaiting()).toBe(1)
  })

  it('reads a long list in pieces as it stands when each is read', async () => {
    const store = await storeIn(await temporaryFolder())
    const experimentId = addExperiment(store)
    const ids = store.transaction(() => Array.from({ length: 401 }, () => store.runs.add({ ...run, experimentId })))
    const idsOf = (pieces: Iterable<readonly { readonly id: number }[]>) => [...pieces].flat().map(({ id }) => id)
    expect(idsOf(store.runs.pieces(experimentId))).toEqual([...ids].reverse())
    expect(idsOf(store.runs.pieces(null, { before: ids[300] ?? 0, limit: 250 }))).toEqual(ids.slice(50, 300).reverse())
    const pieces = store.runs.pieces(experimentId)
    pieces.next()
    store.runs.remove(ids[0] ?? 0)
    store.runs.add({ ...run, experimentId })
    expect(idsOf(pieces).at(-1)).toBe(ids[1])
    expect([...store.runs.pieces(experimentId, { limit: 1 })].map((piece) => piece.length)).toEqual([1])
  })

  it('tells of a run as a trial what it tells of it whole, one experiment at a time', async () => {
    const store = await storeIn(await temporaryFolder())
    const [experimentId, other] = [addExperiment(store), store.experiments.add(experiment)]
    const fold = { kind: 'fold', index: 2, of: 5 } as const
    store.transaction(() => {
      store.runs.add({ ...run, experimentId: other })
      for (let seed = 1; seed <= 401; seed++) store.runs.add({ ...run, experimentId, seed })
      store.runs.add({ ...run, experimentId, seed: 402, data: fold, fromEpoch: 3, source: 'onnx' })
    })
    const id = store.runs.idsOf(experimentId)[7] ?? 0
    store.runs.saveProgress(id, {
      epochs: 9,
      bestEpoch: 4,
      train: { loss: 0.25, accuracy: 0.75 },
      validation: { loss: 0.5, accuracy: 0.5 },
      seconds: 1,
      samplesPerSecond: null
    })
    store.runs.saveStatus(id, { status: 'done', message: null })
    const trials = [...store.runs.trials(experimentId)].flat()
    expect(trials).toHaveLength(402)
    store.runs.list(experimentId).forEach((whole, index) => expect(whole).toMatchObject(trials[index] ?? {}))
    expect(trials.find((trial) => trial.id === id)).toMatchObject({ bestEpoch: 4, validation: { loss: 0.5 } })
    expect(trials[0]).toMatchObject({ seed: 402, data: fold, fromEpoch: 3, source: 'onnx' })
  })

  it('stores all of a transaction or nothing', async () => {
    const store = await storeIn(await temporaryFolder())
    const experimentId = addExperiment(store)
    expect(() =>
      store.transaction(() => {
        store.runs.add({ ...run, experimentId })
        store.runs.add({ ...run, experimentId: 999 })
      })
    ).toThrow(/FOREIGN KEY/)
    expect(store.runs.list(null)).toEqual([])
  })
})

describe('a store that can not be used', () => {
  it('is refused with a sentence when a newer version made it, byte for byte as it was', async () => {
    const folder = await temporaryFolder()
    const newer = join(await temporaryFolder(), 'migrations')
    await mkdir(newer)
    for (const name of readdirSync(migrationsFolder)) await copyFile(join(migrationsFolder, name), join(newer, name))
    await writeFile(join(newer, '0999_future.sql'), 'CREATE TABLE future (id INTEGER PRIMARY KEY);')
    ;(await storeIn(folder, { migrationsFolder: newer })).close()
    const before = await readFile(join(folder, 'lab.sqlite'))

    const opening = storeIn(folder)
    await expect(opening).rejects.toMatchObject({ code: 'lab_unusable' })
    await expect(opening).rejects.toThrow(/newer version of Topology Lab \(it has 0999_future\.sql\)\. Update the app/)
    expect(await readFile(join(folder, 'lab.sqlite'))).toEqual(before)
  })

  it('fills a gap that two branches left, and is then the same for readers', async () => {
    const folder = await temporaryFolder()
    const before = join(await temporaryFolder(), 'migrations')
    await mkdir(before)
    const [first = '', ...others] = readdirSync(migrationsFolder).sort()
    await copyFile(join(migrationsFolder, first), join(before, first))
    await writeFile(join(before, '0900_late.sql'), 'CREATE TABLE late (id INTEGER PRIMARY KEY) STRICT;')
    const db = new (await loadSqlite())(join(folder, 'lab.sqlite'))
    migrate(db, before)
    db.close()
    for (const name of others) await copyFile(join(migrationsFolder, name), join(before, name))

    const reading = { readOnly: true, migrationsFolder: before }
    await expect(storeIn(folder, reading)).rejects.toThrow('from an older version')
    const store = await storeIn(folder, { migrationsFolder: before })
    const runId = store.runs.add({ ...run, experimentId: addExperiment(store) })
    const part = { task: 'regression', rmse: 1, mae: 1, r2: null, residuals: [{ share: 0, value: -1 }] } as const
    expect(store.details.ofRun(runId)).toBeNull()
    store.details.save(runId, { epoch: 3, train: part, validation: null })
    store.close()
    expect((await storeIn(folder, reading)).details.ofRun(runId)).toEqual({ epoch: 3, train: part, validation: null })
  })

  it.each([
    ['no database at all', (bytes: Buffer) => bytes.fill('x')],
    ['damaged in the middle', (bytes: Buffer) => bytes.fill(0xff, 8192)],
    ['cut off', (bytes: Buffer) => bytes.subarray(0, 6000)]
  ])('is refused with a sentence when it is %s', async (_, damage) => {
    const folder = await temporaryFolder()
    const store = await storeIn(folder)
    addExperiment(store)
    store.close()
    const file = join(folder, 'lab.sqlite')
    const damaged = damage(await readFile(file))
    await writeFile(file, damaged)

    await expect(storeIn(folder)).rejects.toThrow(/lab\.sqlite is damaged\. Put a backup in its place/)
    expect(await readFile(file)).toEqual(damaged)
  })

  it('is refused when another program made it', async () => {
    const folder = await temporaryFolder()
    const other = new Sqlite(join(folder, 'lab.sqlite'))
    other.exec('CREATE TABLE songs (title TEXT)')
    other.close()
    await expect(storeIn(folder)).rejects.toThrow(/made by another program/)
  })

  it('is said not to be there where a reader finds none', async () => {
    await expect(storeIn(await temporaryFolder(), { readOnly: true })).rejects.toThrow(/There is no lab in/)
  })

  it('is refused under a Node that SQLite would crash, with the version in the sentence', () => {
    expect(() => checkNodeVersion('20.20.0')).toThrow(LabError)
    expect(() => checkNodeVersion('20.20.0')).toThrow(/needs Node 22 or newer; this is Node 20\.20\.0/)
    expect(() => checkNodeVersion(process.versions.node)).not.toThrow()
  })
})

describe('a store that is only read', () => {
  it('sees what the owner adds meanwhile, and can not write', async () => {
    const folder = await temporaryFolder()
    const owner = await storeIn(folder)
    const experimentId = addExperiment(owner)
    const reader = await storeIn(folder, { readOnly: true })
    const runId = owner.runs.add({ ...run, experimentId })
    expect(reader.runs.get(runId)?.status).toBe('queued')
    expect(() => reader.runs.annotate(runId, 'x')).toThrow(/readonly/)
  })
})
