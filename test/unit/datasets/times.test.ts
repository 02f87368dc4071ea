/** Dates, times of day, durations, orders and frequencies on their way from a table to the inputs of a network. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ColumnSetting, ExperimentSettings } from '#contract/experiments.ts'
import { yearAndMonth, weekdayOf } from '#lab/datasets/calendar.ts'
import { checkSettings } from '#lab/datasets/check-settings.ts'
import { encodeColumn, encodeRows, inputCount } from '#lab/datasets/encode.ts'
import { readRows } from '#lab/datasets/read-rows.ts'
import { wantedOf } from '#lab/datasets/column-values.ts'
import { fitPreparation } from '#lab/datasets/preparation.ts'
import { proposeSettings } from '#lab/datasets/proposal.ts'
import { nameTexts } from '#lab/datasets/text-kinds.ts'
import { importFiles, openDuckDb, temporaryFolder } from '#test/unit/datasets/support.ts'

const duckDb = openDuckDb()

async function tableOf(header: string, lines: readonly string[], target: string) {
  const folder = await temporaryFolder()
  const path = join(folder, 'table.csv')
  await writeFile(path, `${[header, ...lines].join('\n')}\n`)
  const imported = await importFiles(duckDb, path, {}, folder)
  const { settings, reasons } = proposeSettings(imported, { target })
  const all = Uint32Array.from(lines, (_, row) => row)
  const with_ = (change: Partial<ColumnSetting> & { name: string }, split = settings.split): ExperimentSettings => ({
    ...settings,
    split,
    columns: settings.columns.map((column) => (column.name === change.name ? { ...column, ...change } : column))
  })
  const fit = (own: ExperimentSettings = settings, rows = all) => fitPreparation(duckDb, imported.file, own, rows)
  const column = (name: string) => imported.columns.find((one) => one.name === name)
  return { imported, settings, reasons, with_, fit, column, all }
}

test('the calendar is that of Date, for each day of 600 years', () => {
  for (let day = -120_000; day < 100_000; day++) {
    const date = new Date(day * 86_400_000)
    expect(yearAndMonth(day)).toEqual({ year: date.getUTCFullYear(), month: date.getUTCMonth() })
    expect(weekdayOf(day)).toBe((date.getUTCDay() + 6) % 7)
  }
})

describe('dates', () => {
  /** A day and an hour for each row, in no order. */
  const when = (row: number) =>
    new Date(Date.UTC(2019, 0, 1) + ((row * 7919) % 900) * 86_400_000 + (row % 24) * 3_600_000)
  const lines = Array.from({ length: 120 }, (_, row) => {
    const text = when(row).toISOString().slice(0, 16).replace('T', ' ')
    return `${row % 40 === 7 ? '' : text},${row % 10}.5`
  })

  test('become the parts that vary, each as it is told, and their values are right', async () => {
    const { settings, reasons, fit, column, imported, all } = await tableOf('when,y', lines, 'y')
    expect(column('when')).toMatchObject({ type: 'date', varies: ['days', 'year', 'month', 'weekday', 'hour'] })
    expect(settings.columns[0]).toMatchObject({ role: 'input', treatAs: 'date' })
    expect(reasons.columns.when).toContain('days, year, month, weekday and hour become inputs')
    const fitted = await fit()
    expect(fitted.inputs).toEqual([
      'when days',
      'when year',
      ...['month', 'weekday', 'hour'].flatMap((part) => [`when ${part} sine`, `when ${part} cosine`])
    ])
    const values = await readRows(duckDb, imported.file, fitted.columns.map(wantedOf), all)
    const encoded = encodeRows(fitted, values)
    const [date] = fitted.columns
    if (date?.kind !== 'date') throw new Error('It is a date.')
    const [days, year] = date.parts
    for (const row of [0, 1, 50, 119]) {
      const at = when(row)
      const own = encoded.subarray(row * 8, row * 8 + 8)
      expect((own[0] ?? 0) * (days?.scale ?? 0) + (days?.offset ?? 0)).toBeCloseTo(at.getTime() / 86_400_000, 2)
      expect((own[1] ?? 0) * (year?.scale ?? 0) + (year?.offset ?? 0)).toBeCloseTo(at.getUTCFullYear(), 4)
      const month = (2 * Math.PI * at.getUTCMonth()) / 12
      expect([own[2], own[3]]).toEqual([Math.fround(Math.sin(month)), Math.fround(Math.cos(month))])
      const weekday = (2 * Math.PI * ((at.getUTCDay() + 6) % 7)) / 7
      expect([own[4], own[5]]).toEqual([Math.fround(Math.sin(weekday)), Math.fround(Math.cos(weekday))])
      expect(own[6]).toBeCloseTo(Math.sin((2 * Math.PI * at.getUTCHours()) / 24), 6)
    }
    // A missing date is the median one.
    const filled = new Float32Array(8)
    encodeColumn(date, Float64Array.of(date.fill), filled, 0, 8)
    expect([...encoded.subarray(7 * 8, 8 * 8)]).toEqual([...filled])
  })

  test('are fitted on the training rows alone: what is the same there makes no input, and is told', async () => {
    const { fit, with_ } = await tableOf('when,y', lines, 'y')
    // The hours of rows 0, 24, 48 and so on are all midnight.
    const midnight = Uint32Array.of(0, 24, 48, 72, 96)
    expect((await fit(undefined, midnight)).inputs).not.toContain('when hour sine')
    const asked = await fit(with_({ name: 'when', parts: ['month', 'hour'] }), midnight)
    expect(asked.inputs).toEqual(['when month sine', 'when month cosine'])
    expect(asked.warnings).toEqual(['"when": its hour is the same in all training rows, so no input is made of that.'])
  })

  test('leave out what only grows where rows are parted in their order, unless it is asked for', async () => {
    const { fit, with_ } = await tableOf('when,y', lines, 'y')
    const order = {
      kind: 'order',
      column: 'when',
      train: 60,
      validation: 20,
      test: 20,
      seed: 1,
      stratified: false
    } as const
    expect((await fit(with_({ name: 'when' }, order))).inputs[0]).toBe('when month sine')
    expect((await fit(with_({ name: 'when', parts: ['days'] }, order))).inputs).toEqual(['when days'])
  })

  test('without a time of day have no hour, and can still be one number as before', async () => {
    const plain = Array.from({ length: 60 }, (_, row) => `2020-0${1 + (row % 9)}-1${row % 8},${row % 10}.5`)
    const { fit, with_, column } = await tableOf('on,y', plain, 'y')
    expect(column('on')?.varies).toEqual(['days', 'month', 'weekday'])
    const fitted = await fit(with_({ name: 'on', treatAs: 'numeric' }))
    expect(fitted.inputs).toEqual(['on'])
    expect(fitted.columns[0]).toMatchObject({ kind: 'numeric', reads: 'date' })
  })
})

describe('clock texts', () => {
  const clockOf = async (name: string, texts: (row: number) => string) => {
    const lines = Array.from({ length: 60 }, (_, row) => `${texts(row)},${row % 7}.25`)
    return tableOf(`${name},y`, lines, 'y')
  }
  const two = (value: number) => String(value).padStart(2, '0')

  test.each([
    ['time', 'day', (row: number) => `${two((row * 5) % 24)}:${two((row * 13) % 60)}`],
    ['appointment', 'day', (row: number) => `${8 + (row % 9)}:${row % 2 ? '15' : '30'}`],
    ['start', 'day', (row: number) => `0${5 + (row % 3)}:${two((row * 13) % 60)}`],
    ['at', 'day', (row: number) => `${1 + (row % 12)}:${two((row * 13) % 60)} ${row % 2 ? 'AM' : 'PM'}`],
    ['pace', 'duration', (row: number) => `0${4 + (row % 3)}:${two((row * 13) % 60)}`],
    ['km', 'duration', (row: number) => `0${4 + (row % 3)}:${two((row * 13) % 60)}`],
    ['marathon', 'duration', (row: number) => `${2 + (row % 4)}:${two((row * 13) % 60)}:${two((row * 7) % 60)}`],
    ['worked', 'duration', (row: number) => `${20 + (row % 30)}:${two((row * 13) % 60)}`]
  ] as const)('%s: a %s, told apart by the values', async (name, clock, texts) => {
    const { column, settings } = await clockOf(name, texts)
    expect(column(name)).toMatchObject({ type: 'time', clock })
    expect(settings.columns[0]).toMatchObject({ role: 'input', treatAs: clock === 'day' ? 'time' : 'numeric' })
  })

  test('times of day lie on a circle, on which midnight is beside midnight', async () => {
    const { fit } = await clockOf('time', (row) => `${two((row * 5) % 24)}:00`)
    const fitted = await fit()
    expect(fitted.inputs).toEqual(['time sine', 'time cosine'])
    const [late = 0, lateCosine = 0, early = 0, earlyCosine = 0, noon = 0, noonCosine = 0] = encodeRows(fitted, [
      Float64Array.of(23.9, 0.1, 12)
    ])
    expect(Math.hypot(late - early, lateCosine - earlyCosine)).toBeLessThan(0.06)
    expect(Math.hypot(noon - early, noonCosine - earlyCosine)).toBeGreaterThan(1.9)
  })

  test('durations are numbers of hours, as an input and as a target', async () => {
    const { fit, imported } = await clockOf('pace', (row) => `0${4 + (row % 3)}:30`)
    expect((await fit()).columns[0]).toMatchObject({ kind: 'numeric', reads: 'clock', fill: 5.5, offset: 5.5 })
    const { settings } = proposeSettings(imported, { target: 'pace' })
    expect(settings.task).toBe('regression')
    expect(await fit(settings)).toMatchObject({ targetReads: 'clock', targetScale: { mean: 5.5 } })
  })

  test('odd texts among them leave a column of texts', async () => {
    const { column } = await clockOf('pace', (row) => (row === 50 ? 'dnf' : `0${4 + (row % 3)}:30`))
    expect(column('pace')?.type).not.toBe('time')
  })
})

describe('levels', () => {
  const sizes = ['small', 'medium', 'large']
  const lines = Array.from({ length: 60 }, (_, row) => `${sizes[row % 3]},S${(row * row) % 23},${row % 7}.25`)

  test('that have an order are told, and given it they are one number', async () => {
    const { reasons, fit, with_ } = await tableOf('size,shop,y', lines, 'y')
    expect(reasons.columns.size).toContain('small < medium < large')
    const own = with_({ name: 'size', treatAs: 'ordinal', order: sizes })
    const fitted = await fit({ ...own, preparation: { ...own.preparation, scaling: 'none' } })
    const [size] = fitted.columns
    if (size?.kind !== 'ordinal') throw new Error('It is in order.')
    expect([size.fill, inputCount(size), fitted.inputs[0]]).toEqual(['medium', 1, 'size in order'])
    const encoded = new Float32Array(5)
    encodeColumn(size, ['small', 'medium', 'large', 'huge', null], encoded, 0, 1)
    expect([...encoded]).toEqual([0, 1, 2, 1, 1])
  })

  test('outside the order are told', async () => {
    const { fit, with_ } = await tableOf('size,shop,y', lines, 'y')
    const { warnings } = await fit(with_({ name: 'size', treatAs: 'ordinal', order: ['small', 'large'] }))
    expect(warnings).toEqual(['"size": "medium" has no place in its order and counts as the median level.'])
  })

  test('can be used by the share of training rows that have them; a new one has none', async () => {
    const { fit, with_ } = await tableOf('size,shop,y', lines, 'y')
    const own = with_({ name: 'size', treatAs: 'frequency' })
    const rows = Uint32Array.of(0, 1, 3, 6)
    const fitted = await fit({ ...own, preparation: { ...own.preparation, scaling: 'none' } }, rows)
    const [size] = fitted.columns
    if (!size) throw new Error('It is an input.')
    const encoded = new Float32Array(4)
    encodeColumn(size, ['small', 'medium', 'large', null], encoded, 0, 1)
    expect([...encoded]).toEqual([0.75, 0.25, 0, 0.75])
  })

  test('of truth values are known in the ways in which programs write them', async () => {
    const truths = Array.from({ length: 60 }, (_, row) => `${row % 2 ? 'True' : 'False'},${row % 7}.25`)
    const { fit, with_ } = await tableOf('tagged,y', truths, 'y')
    const fitted = await fit(with_({ name: 'tagged', role: 'input', treatAs: 'categorical' }))
    const ones = encodeRows(fitted, [['True', 'true', 'TRUE', '1', 'False', '0', 'maybe', '']])
    expect([...ones]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0, 0, 0, 1, 0])
  })
})

test('what can not be encoded so is refused in words', async () => {
  const { imported, with_ } = await tableOf('size,x,y', ['a,1.5,1.5', 'b,2.5,2.5', 'a,3.5,3.5', 'b,4,4.5'], 'y')
  const problems = (change: Partial<ColumnSetting> & { name: string }) =>
    checkSettings(imported, with_({ role: 'input', ...change }))
  expect(problems({ name: 'x', treatAs: 'date' })).toEqual([
    '"x" holds no dates, so it has no parts of one. Treat it as a number or as categories.'
  ])
  expect(problems({ name: 'size', treatAs: 'time' })).toEqual([
    '"size" holds no times of day, so it lies on no circle. Treat it as a number or as categories.'
  ])
  expect(problems({ name: 'size', treatAs: 'ordinal', order: ['a', 'a'] })).toEqual([
    'The order of "size" needs at least two levels, each once. Give it, or treat the column as categories.'
  ])
  expect(problems({ name: 'size', treatAs: 'numeric' })[0]).toContain('holds texts')
})

test.each([
  [['ann@example.org', 'bob@example.net'], 'e-mail addresses'],
  [['https://example.org/a', 'https://example.org/b?c=1'], 'web addresses'],
  [['3fa85f64-5717-4562-b3fc-2c963f66afa6'], 'identifiers (UUID)'],
  [['{"a": 1}', '[1, 2]'], 'nested values, such as lists or objects'],
  [['img/001.png', 'img/002.png'], 'paths of files'],
  [['The room was clean and quiet.', 'We would come here again soon.'], 'sentences'],
  [['Ada Lovelace', 'Alan Turing', "Sinead O'Connor"], 'names of people or places'],
  [['K033', 'K108'], null]
])('%s are %s', (texts, kind) => {
  expect(nameTexts(texts)).toBe(kind)
})
