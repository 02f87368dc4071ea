/** The table's grouping, filter, order and columns, and the CSV that comes of them. */
import { expect, test } from 'vitest'
import type { Run } from '#contract/runs.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import { toCsv } from '#renderer/pure/csv.ts'
import { fittedWidth, fixedColumns } from '#renderer/pure/runs/run-columns.ts'
import { runsToCsv } from '#renderer/pure/runs/run-csv.ts'
import { noFilter } from '#renderer/pure/runs/run-filter.ts'
import { groupRuns, RunKinds } from '#renderer/pure/runs/run-groups.ts'
import { parseTags } from '#renderer/state/run-marks.svelte.ts'
import { runsOf, RunTable } from '#renderer/state/run-table.svelte.ts'
import { run } from '#test/unit/renderer/state/support.ts'

const small = { ...defaultPlan('cross_entropy'), batchSize: 8 }

/** A run with these figures of the validation part. */
function withLoss(id: number, seed: number, loss: number, change: Partial<Run> = {}): Run {
  return run(id, { seed, validation: { loss, accuracy: 1 - loss }, train: { loss: loss / 2 }, ...change })
}

function tableOf(runs: readonly Run[], settings: { grouped?: boolean; columns?: string[] } = {}) {
  return new RunTable({
    runs: () => runs,
    kinds: new RunKinds(),
    task: 'classification',
    isGrouped: () => settings.grouped ?? true,
    chosenColumns: () => new Set(settings.columns)
  })
}

const idsOf = (table: RunTable) => table.rows.map((row) => runsOf(row).map(({ id }) => id))

test('groups are of everything but the seed, and only finished runs count, each seed once', () => {
  const runs = [
    withLoss(7, 1, 0.4, { plan: small }),
    withLoss(6, 3, 99, { status: 'stopped' }),
    withLoss(5, 4, 99, { status: 'diverged', validation: null }),
    withLoss(4, 2, 0.3),
    withLoss(3, 2, 0.3),
    withLoss(2, 1, 0.1)
  ]
  const [other, group] = groupRuns(runs, new RunKinds())
  expect(other?.runs.map(({ id }) => id)).toEqual([7])
  expect(other?.loss).toEqual({ mean: 0.4, deviation: null, count: 1 })
  expect(group?.runs).toHaveLength(5)
  expect(group?.loss?.mean).toBeCloseTo(0.2, 12)
  expect(group?.loss?.deviation).toBeCloseTo(Math.SQRT2 / 10, 12)
  expect(group?.loss?.count).toBe(2)
  expect(group?.score?.mean).toBeCloseTo(0.8, 12)
  expect(Object.fromEntries(group?.statuses ?? [])).toEqual({ stopped: 1, diverged: 1, done: 3 })
})

test('folds are one group, apart from whole runs; its figures are over folds, once all have ended', () => {
  const inputs = (count: number) => ({ ...run(1).topology, inputs: count })
  const fold = (id: number, index: number, seed: number, loss: number, change: Partial<Run> = {}) =>
    run(id, {
      data: { kind: 'fold', index, of: 3 },
      seed,
      validation: { loss },
      topology: inputs(4 + index),
      ...change
    })
  const folds = [
    ...[0.1, 0.2, 0.6].map((loss, at) => fold(10 + at, at + 1, 1, loss)),
    ...[0.3, 0.4, 0.8].map((loss, at) => fold(20 + at, at + 1, 2, loss)),
    // Its seed lacks the third fold.
    ...[0.9, 0.9].map((loss, at) => fold(30 + at, at + 1, 3, loss)),
    fold(40, 3, 3, 0.9, { status: 'diverged' })
  ]
  const [whole, group] = groupRuns([run(1, { validation: { loss: 5 } }), ...folds], new RunKinds())
  expect(whole?.loss?.mean).toBe(5)
  expect(group?.runs).toHaveLength(9)
  expect(group?.finished).toHaveLength(6)
  expect(group?.kind).toMatchObject({ folds: 3 })
  expect(group?.kind.settings.get('data.fold')).toMatchObject({ label: 'Validation', text: '3 folds' })
  // Folds of 0.2, 0.3 and 0.7 in the mean of their two seeds.
  expect(group?.loss).toMatchObject({ count: 3, mean: expect.closeTo(0.4, 9) as number })
  expect(group?.loss?.deviation).toBeCloseTo(Math.sqrt(0.07), 9)
})

test('rows are groups that fold out, a group of one is a run, and ungrouped all are runs', () => {
  const runs = [withLoss(4, 1, 0.4, { plan: small }), withLoss(3, 2, 0.3), withLoss(2, 1, 0.1)]
  const table = tableOf(runs)
  expect(idsOf(table)).toEqual([[4], [3, 2]])
  const group = table.rows[1]
  if (group) table.fold(group, true)
  expect(idsOf(table)).toEqual([[4], [3, 2], [3], [2]])
  expect(table.rowOf(2)).toBe(3)
  expect(table.ordered.map(({ id }) => id)).toEqual([4, 3, 2])
  expect(idsOf(tableOf(runs, { grouped: false }))).toEqual([[4], [3], [2]])
})

test('rows sort by the mean of their seeds; those without a figure come last whichever way', () => {
  const runs = [
    run(5, { status: 'running', plan: { ...small, batchSize: 64 } }),
    withLoss(4, 1, 0.15, { plan: small }),
    withLoss(3, 2, 0.3),
    withLoss(2, 1, 0.1)
  ]
  const table = tableOf(runs)
  table.sorting = { by: 'loss', ascending: true }
  expect(idsOf(table)).toEqual([[4], [3, 2], [5]])
  table.sorting = { by: 'loss', ascending: false }
  expect(idsOf(table)).toEqual([[3, 2], [4], [5]])
})

test('settings that differ become columns, numbers in the order of numbers, and columns come and go', () => {
  const runs = [8, 64, 256].map((batchSize, id) => withLoss(id + 1, 1, 0.1, { plan: { ...small, batchSize } }))
  const table = tableOf(runs, { columns: ['note', '+seed'] })
  const keys = table.shownColumns.map(({ key }) => key)
  expect(keys).toContain('setting batchSize')
  expect(keys).not.toContain('setting optimizer.learningRate')
  expect(keys).not.toContain('note')
  expect(keys).toContain('seed')
  table.sorting = { by: 'setting batchSize', ascending: true }
  expect(idsOf(table)).toEqual([[1], [2], [3]])
  expect(tableOf(runs.slice(0, 1)).shownColumns.some(({ key }) => key.startsWith('setting'))).toBe(false)
})

test('planned epochs are a column beside those that were trained, in the order of numbers', () => {
  const planOf = (epochs: number) => ({ ...small, stopping: { ...small.stopping, epochs } })
  const table = tableOf([4000, 60, 200].map((epochs, index) => run(index + 1, { plan: planOf(epochs) })))
  const column = table.columns.find(({ label }) => label === 'Max epochs')
  if (!column) throw new Error('There is no such column.')
  table.sort(column)
  const ascending = table.sorting.ascending ? idsOf(table) : idsOf(table).reverse()
  expect(ascending).toEqual([[2], [3], [1]])
  expect(new Set(table.columns.map(({ label }) => label)).size).toBe(table.columns.length)
})

test('a topology has room for its name, up to where the figures would have none', () => {
  const topology = fixedColumns('classification').find(({ key }) => key === 'topology')
  if (!topology) throw new Error('There is no such column.')
  expect(fittedWidth(topology, '8 relu'.length, true)).toBe(topology.width)
  expect(fittedWidth(topology, '256x256x256 relu'.length, true)).toBeGreaterThan(topology.width)
  expect(fittedWidth(topology, 500, true)).toBe(fittedWidth(topology, 100, true))
})

test('where each row is a run, what says of all the same makes room', () => {
  const runs = [withLoss(1, 1, 0.4), withLoss(2, 2, 0.3)]
  const [groups, single] = [true, false].map((grouped) => tableOf(runs, { grouped }))
  const keysOf = (table?: RunTable) => table?.shownColumns.map(({ key }) => key)
  expect(keysOf(groups)).toContain('seeds')
  expect(keysOf(single)).toEqual(keysOf(groups)?.filter((key) => key !== 'seeds'))
  const widthOf = (table: RunTable | undefined, isGrouped: boolean) =>
    table?.shownColumns.reduce((sum, column) => sum + fittedWidth(column, 6, isGrouped), 0) ?? 0
  expect(widthOf(single, false)).toBeLessThan(widthOf(groups, true) - 100)
})

test('the filter takes words, numbers of runs, status, star and tag together', () => {
  const runs = [
    withLoss(12, 1, 0.4, { plan: small, note: 'Too wide?', tags: ['wide'] }),
    withLoss(3, 2, 0.3, { starred: true, tags: ['wide', 'best'] }),
    withLoss(2, 1, 0.1, { status: 'stopped' })
  ]
  const table = tableOf(runs, { grouped: false })
  const found = (filter: Partial<typeof noFilter>) => {
    table.filter = { ...noFilter, ...filter }
    return table.filtered.map(({ id }) => id)
  }
  expect(found({})).toEqual([12, 3, 2])
  expect(found({ text: 'WIDE too' })).toEqual([12])
  expect(found({ text: '8 relu' })).toEqual([12, 3, 2])
  expect(found({ text: '#3' })).toEqual([3])
  expect(found({ status: 'unfinished' })).toEqual([2])
  expect(found({ starred: true })).toEqual([3])
  expect(found({ tag: 'wide', status: 'finished' })).toEqual([12, 3])
  expect(table.tags).toEqual(['best', 'wide'])
})

test('CSV has one row a run as RFC 4180 has it, with settings and tags', () => {
  expect(toCsv([['a "b"', 'c,d', 'e\nf', null, NaN, 0.1]])).toBe('"a ""b""","c,d","e\nf",,,0.1\r\n')
  const text = runsToCsv([withLoss(2, 1, 0.25, { tags: ['x', 'y'], note: 'Well, well' })], new RunKinds())
  const [header = '', line = ''] = text.split('\r\n')
  expect(header).toContain('run,status,topology,parameters,seed')
  expect(header).toContain('training loss,validation loss,')
  expect(line).toContain('2,done,8 relu,67,1,10,5,0.125,0.25,')
  expect(line).toContain('x; y,false,"Well, well"')
})

test('tags are read as a person writes them', () => {
  expect(parseTags(' wide, deep ,,wide')).toEqual(['wide', 'deep'])
})
