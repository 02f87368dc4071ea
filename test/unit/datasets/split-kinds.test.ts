/** Splits by group and by order on real tables, with the folds that go with them: nothing of one part is known in another. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Random } from '#engine/random.ts'
import type { ExperimentSettings, Split } from '#contract/experiments.ts'
import { checkSettings } from '#lab/datasets/check-settings.ts'
import { foldProblem, makeFolds, readRowsToDeal } from '#lab/datasets/folds.ts'
import { proposeSettings } from '#lab/datasets/proposal.ts'
import { splitRows } from '#lab/datasets/split.ts'
import { importFiles, openDuckDb, temporaryFolder } from '#test/unit/datasets/support.ts'

const duckDb = openDuckDb()

/** A table of these lines, with its settings as proposed for a target. */
async function tableOf(header: string, lines: readonly string[], target: string) {
  const folder = await temporaryFolder()
  const path = join(folder, 'table.csv')
  await writeFile(path, `${[header, ...lines].join('\n')}\n`)
  const imported = await importFiles(duckDb, path, {}, folder)
  const { settings, reasons } = proposeSettings(imported, { target })
  const splitBy = (split: Split) => ({ ...settings, split }) satisfies ExperimentSettings
  return { imported, settings, reasons, splitBy }
}

const random = new Random(11)
/** Seven visits of each of 40 patients, in random order; a patient is either ill or well. */
const visits = (() => {
  const rows = Uint32Array.from({ length: 280 }, (_, row) => row)
  random.shuffle(rows)
  return [...rows].map((row) => ({ patient: `P${row % 40}`, ill: row % 40 < 12 ? 'yes' : 'no', x: random.normal() }))
})()
const visitLines = visits.map(({ patient, ill, x }) => `${patient},${x.toFixed(4)},${ill}`)

describe('groups', () => {
  test('are proposed where a column repeats like a subject, with the reason, and are no input', async () => {
    const { settings, reasons, imported } = await tableOf('patient,x,ill', visitLines, 'ill')
    expect(settings.split).toEqual({
      kind: 'groups',
      column: 'patient',
      train: 60,
      validation: 20,
      test: 20,
      seed: 1,
      stratified: true
    })
    expect(reasons.split).toMatch(/^"patient" repeats, 7 rows for each of 40 values/)
    expect(settings.columns.find(({ name }) => name === 'patient')?.role).toBe('group')
    expect(checkSettings(imported, settings)).toEqual([])
  })

  test('stay whole: no patient is in two parts, and the ill have their share in each', async () => {
    const { settings, imported, splitBy } = await tableOf('patient,x,ill', visitLines, 'ill')
    for (const seed of [1, 2, 3]) {
      const parts = await splitRows(duckDb, imported.file, splitBy({ ...settings.split, seed }))
      const people = [parts.train, parts.validation, parts.test].map(
        (rows) => new Set([...rows].map((row) => visits[row]?.patient))
      )
      expect(people.map(({ size }) => size)).toEqual([24, 8, 8])
      expect(people.reduce((sum, { size }) => sum + size, 0)).toBe(new Set(visits.map(({ patient }) => patient)).size)
      const ill = [parts.train, parts.validation, parts.test].map(
        (rows) => [...rows].filter((row) => visits[row]?.ill === 'yes').length
      )
      expect(ill.map((count) => count % 7)).toEqual([0, 0, 0])
      expect(ill[0]).toBeGreaterThanOrEqual(42)
      expect(Math.min(...ill)).toBeGreaterThanOrEqual(14)
    }
  })

  test('a seed names the split: these patients, on every machine', async () => {
    const { settings, imported } = await tableOf('patient,x,ill', visitLines, 'ill')
    const parts = await splitRows(duckDb, imported.file, settings)
    const held = new Set([...parts.test].map((row) => visits[row]?.patient))
    expect([...held].sort()).toMatchInlineSnapshot(`
      [
        "P0",
        "P12",
        "P13",
        "P16",
        "P2",
        "P20",
        "P24",
        "P32",
      ]
    `)
  })

  test('a row without a group is one by itself', async () => {
    const lines = visitLines.map((line, row) => (row < 30 ? line.replace(/^P\d+/, '') : line))
    const { settings, imported, splitBy } = await tableOf('patient,x,ill', lines, 'ill')
    const parts = await splitRows(
      duckDb,
      imported.file,
      splitBy({ kind: 'groups', column: 'patient', train: 60, validation: 20, test: 20, seed: 1, stratified: false })
    )
    expect(parts.dropped).toBe(0)
    const alone = (rows: Uint32Array) => [...rows].filter((row) => row < 30).length
    expect(Math.min(alone(parts.train), alone(parts.validation), alone(parts.test))).toBeGreaterThan(0)
    expect(settings.target).toBe('ill')
  })

  test('fewer groups than parts are told', async () => {
    const lines = visitLines.map((line, row) => line.replace(/^P\d+/, row % 2 ? 'left' : 'right'))
    const { imported, splitBy } = await tableOf('eye,x,ill', lines, 'ill')
    const split = {
      kind: 'groups',
      column: 'eye',
      train: 60,
      validation: 20,
      test: 20,
      seed: 1,
      stratified: true
    } as const
    await expect(splitRows(duckDb, imported.file, splitBy(split))).rejects.toMatchObject({
      code: 'bad_settings',
      message:
        '"eye" has 2 different values in the rows that can be used, which make no 3 parts of whole groups. ' +
        'Split by another column, or at random.'
    })
  })

  test('folds keep them whole, and every row judges once', async () => {
    const { settings, imported } = await tableOf('patient,x,ill', visitLines, 'ill')
    const parts = await splitRows(duckDb, imported.file, settings)
    const rows = Uint32Array.from([...parts.train, ...parts.validation]).sort()
    const dealt = await readRowsToDeal(duckDb, imported.file, settings, rows)
    expect(foldProblem(dealt, 5, 'ill')).toBeNull()
    const folds = await makeFolds(dealt, 5, 1)
    expect([...folds.flatMap(({ validation }) => [...validation])].sort((a, b) => a - b)).toEqual([...rows])
    const people = folds.map(({ validation }) => new Set([...validation].map((row) => visits[row]?.patient)))
    expect(new Set(people.flatMap((set) => [...set])).size).toBe(people.reduce((sum, { size }) => sum + size, 0))
    for (const { validation } of folds) expect([...validation].some((row) => visits[row]?.ill === 'yes')).toBe(true)
    expect(foldProblem(dealt, 40, 'ill')).toBe(
      '40 folds of whole groups need at least 40 groups; training and validation part have 32.'
    )
  })
})

describe('order', () => {
  const hours = Array.from({ length: 300 }, (_, hour) => {
    const at = new Date(Date.UTC(2021, 2, 1) + 3_600_000 * hour).toISOString().slice(0, 16).replace('T', ' ')
    return `${at},${Math.sin(hour / 9).toFixed(4)},${Math.cos(hour / 9).toFixed(4)}`
  })

  test('is proposed where the rows stand in the order of time, with the reason', async () => {
    const { settings, reasons } = await tableOf('time,x,next', hours, 'next')
    expect(settings.split).toMatchObject({ kind: 'order', column: 'time', stratified: false })
    expect(reasons.split).toMatch(/^The rows are in the order of "time": 60 % of them to train on/)
    const shuffled = Array.from(hours, (_, row) => hours[(row * 7) % hours.length] ?? '')
    expect((await tableOf('time,x,next', shuffled, 'next')).settings.split.kind).toBe('fractions')
    expect((await tableOf('birthdate,x,next', hours, 'next')).settings.split.kind).toBe('fractions')
  })

  test('every training time lies before every validation time, and that before the test, wherever rows stand', async () => {
    const newestFirst = hours.toReversed()
    for (const lines of [hours, newestFirst]) {
      const { settings, imported } = await tableOf('time,x,next', lines, 'next')
      const parts = await splitRows(duckDb, imported.file, settings)
      const times = [parts.train, parts.validation, parts.test].map((rows) =>
        [...rows].map((row) => lines[row]?.slice(0, 16) ?? '').sort()
      )
      expect(times.map(({ length }) => length)).toEqual([180, 60, 60])
      expect((times[0]?.at(-1) ?? '') < (times[1]?.[0] ?? '')).toBe(true)
      expect((times[1]?.at(-1) ?? '') < (times[2]?.[0] ?? '')).toBe(true)
    }
  })

  test('equal times stay in one part, and rows without a time are in none', async () => {
    const lines = Array.from({ length: 100 }, (_, row) => {
      const day = 1 + Math.floor(row / 9)
      return `${row === 50 ? '' : `2022-01-${String(day).padStart(2, '0')}`},${row},${(row * 7) % 10}.5`
    })
    const { imported, splitBy } = await tableOf('day,x,y', lines, 'y')
    const split = {
      kind: 'order',
      column: 'day',
      train: 60,
      validation: 20,
      test: 20,
      seed: 1,
      stratified: false
    } as const
    const parts = await splitRows(duckDb, imported.file, splitBy(split))
    expect(parts.dropped).toBe(1)
    const days = [parts.train, parts.validation, parts.test].map(
      (rows) => new Set([...rows].map((row) => lines[row]?.slice(0, 10)))
    )
    expect(new Set(days.flatMap((set) => [...set])).size).toBe(days.reduce((sum, { size }) => sum + size, 0))
  })

  test('of the table itself needs no column', async () => {
    const lines = Array.from({ length: 50 }, (_, row) => `${(row * 31) % 17},${row % 3}.5`)
    const { imported, splitBy } = await tableOf('x,y', lines, 'y')
    const split = {
      kind: 'order',
      column: null,
      train: 60,
      validation: 20,
      test: 20,
      seed: 1,
      stratified: false
    } as const
    const parts = await splitRows(duckDb, imported.file, splitBy(split))
    expect([parts.train.at(-1), parts.validation[0], parts.validation.at(-1), parts.test[0]]).toEqual([29, 30, 39, 40])
  })

  test('folds go forward: what judges lies behind all that was trained on', async () => {
    const { settings, imported } = await tableOf('time,x,next', hours.toReversed(), 'next')
    const parts = await splitRows(duckDb, imported.file, settings)
    const rows = Uint32Array.from([...parts.train, ...parts.validation]).sort()
    const dealt = await readRowsToDeal(duckDb, imported.file, settings, rows)
    const folds = await makeFolds(dealt, 4, 1)
    let trained = 0
    for (const { train, validation } of folds) {
      // The newest rows stand first in this table.
      expect(Math.min(...(train ?? []))).toBe(Math.max(...validation) + 1)
      expect(train?.length).toBeGreaterThan(trained)
      trained = train?.length ?? 0
      expect(validation.length).toBe(48)
    }
    expect(foldProblem({ ...dealt, order: new Float64Array(240) }, 4, 'next')).toBe(
      '4 folds by order need at least 5 rows that follow one another; training and validation part have 1 ' +
        '(those with equal values count as one).'
    )
  })
})

test('what can not part rows is refused in words', async () => {
  const { settings, imported, splitBy } = await tableOf('patient,x,ill', visitLines, 'ill')
  const shares = { train: 60, validation: 20, test: 20, seed: 1 } as const
  const problem = (split: Split, change: Partial<ExperimentSettings> = {}) =>
    checkSettings(imported, { ...splitBy(split), ...change })
  expect(problem({ kind: 'groups', column: 'ill', ...shares, stratified: true })).toEqual([
    'The target can not say as well which rows belong together. Choose another column.'
  ])
  expect(problem({ kind: 'groups', column: 'doctor', ...shares, stratified: true })).toEqual([
    'There is no column "doctor" that could say which rows belong together.'
  ])
  const columns = settings.columns.map((column) =>
    column.role === 'group' ? { ...column, role: 'input' as const } : column
  )
  expect(problem(settings.split, { columns })).toEqual([
    '"patient" keeps rows together, so its values differ from part to part and it can\'t be an input. Give it the role group.'
  ])
  expect(problem({ kind: 'order', column: 'patient', ...shares, stratified: false })).toEqual([
    '"patient" holds texts, so it can\'t say how rows follow one another. Choose a column of dates or numbers.'
  ])
  expect(problem({ kind: 'order', column: 'x', ...shares, train: 50, stratified: false })).toEqual([
    'The parts must make 100 % together; 50 + 20 + 20 is 90 %.'
  ])
})
