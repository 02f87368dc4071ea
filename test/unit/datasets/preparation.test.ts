import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ExperimentSettings, Preparation } from '#contract/experiments.ts'
import { type FittedPreparation, fittedPreparation } from '#contract/preparation.ts'
import { decodeTarget, encodeRows, encodeTargets } from '#lab/datasets/encode.ts'
import { writeMatrix } from '#lab/datasets/matrix.ts'
import { fitPreparation } from '#lab/datasets/preparation.ts'
import { proposeSettings } from '#lab/datasets/proposal.ts'
import { splitRows } from '#lab/datasets/split.ts'
import { importFiles, openDuckDb, sampleTables, temporaryFolder } from '#test/unit/datasets/support.ts'

const duckDb = openDuckDb()

const small = [
  'size,colour,born,kind',
  '1,red,2024-01-01,a',
  '3,blue,2024-01-02,b',
  ',red,2024-01-03,a',
  '5,,2024-01-04,b',
  '100,green,2024-01-05,c'
]

async function prepare(lines: readonly string[], preparation: Partial<Preparation> = {}, target = 'kind') {
  const folder = await temporaryFolder()
  const path = join(folder, 'table.csv')
  await writeFile(path, `${lines.join('\n')}\n`)
  const { file, ...dataset } = await importFiles(duckDb, path, {}, folder)
  const proposed = proposeSettings(dataset, { target }).settings
  // Dates have tests of their own.
  const columns = proposed.columns.map((column) =>
    column.treatAs === 'date' ? { ...column, role: 'ignored' as const } : column
  )
  const settings = { ...proposed, columns, preparation: { ...proposed.preparation, ...preparation } }
  return {
    folder,
    file,
    settings,
    fit: (rows: number[]) => fitPreparation(duckDb, file, settings, Uint32Array.from(rows))
  }
}

/** Reads a matrix file back as rows of inputs and a list of targets. */
async function readMatrix(path: string, width: number, rows: number) {
  const bytes = await readFile(path)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const values = Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(4 * index, true))
  const inputs = Array.from({ length: rows }, (_, row) => values.slice(row * width, (row + 1) * width))
  return { inputs, targets: values.slice(rows * width) }
}

test('everything is fitted on the training rows alone', async () => {
  const { fit } = await prepare(small)
  // The last row, of size 100, green and of class c, is not trained on.
  const fitted = await fit([0, 1, 2, 3])
  expect(fittedPreparation.parse(fitted)).toEqual(fitted)
  expect(fitted).toMatchObject({
    inputs: ['size', 'colour = blue', 'colour = red'],
    columns: [
      { kind: 'numeric', fill: 3, offset: 3, scale: Math.sqrt(8 / 3), indicator: false },
      { kind: 'categorical', levels: ['blue', 'red'], other: false, fill: 'red' }
    ],
    classes: ['a', 'b', 'c'],
    warnings: ["No training row is of class c, so the network can't learn it."]
  })
})

test('rows are written in the order asked for: inputs row by row, then the targets', async () => {
  const { folder, file, fit } = await prepare(small, { scaling: 'minmax' })
  const fitted = await fit([0, 1, 2, 3])
  const out = join(folder, 'part.f32')
  const rows = Uint32Array.of(4, 0, 3, 2)
  expect(await writeMatrix(duckDb, file, fitted, rows, out)).toEqual({ path: out, rows: 4 })
  const { inputs, targets } = await readMatrix(out, 3, 4)
  expect(inputs).toEqual([
    [24.75, 0, 0],
    [0, 0, 1],
    [1, 0, 1],
    [0.5, 0, 1]
  ])
  expect(targets).toEqual([2, 0, 1, 0])
})

test('robust scaling goes by median and quartiles of the training part, and a smooth clip keeps far values near', async () => {
  const rows = [1, 2, 3, 4, 5, 1e6].map((x, row) => `${x},7,${x === 3 ? 1 : 0},${row % 2 ? 'a' : 'b'}`)
  const { fit } = await prepare(['x,same,seldom,kind', ...rows], { scaling: 'robust', smoothClip: true })
  const fitted = await fit([0, 1, 2, 3, 4])
  expect(fitted.columns).toMatchObject([
    { column: 'x', offset: 3, scale: 2, fill: 3, smoothClip: true },
    // Quartiles that agree: half the range, or nothing where there is none.
    { column: 'seldom', offset: 0, scale: 0.5 }
  ])
  const clip = (z: number) => Math.fround(z / Math.sqrt(1 + (z / 3) ** 2))
  const encoded = [...encodeRows(fitted, [Float64Array.of(5, -3, 1e9), Float64Array.of(0, 1, NaN)])]
  expect(encoded).toEqual([clip(1), 0, clip(-3), clip(2), 3, 0])
})

test('the range of the training targets limits predictions of a number where that is asked for', async () => {
  const rows = [1, 2, 3, 4, 9].map((x) => `${x},${x / 10}`)
  const { file, settings } = await prepare(['x,y', ...rows], { limits: true }, 'y')
  const numbers: ExperimentSettings = {
    ...settings,
    task: 'regression',
    columns: settings.columns.map((column) => ({ ...column, role: column.name === 'y' ? 'target' : 'input' }))
  }
  const { targetScale } = await fitPreparation(duckDb, file, numbers, Uint32Array.of(0, 1, 2, 3))
  expect(targetScale.limits).toEqual({ minimum: 0.1, maximum: 0.4 })
  expect(decodeTarget(targetScale, 100)).toBe(0.4)
  expect(decodeTarget(targetScale, -100)).toBe(0.1)
})

test('indicators tell what was missing, and rare levels share an input', async () => {
  const { fit } = await prepare(small, { indicators: true, levelCap: 2, scaling: 'none' })
  const fitted = await fit([0, 1, 2, 3, 4])
  expect(fitted.inputs).toEqual([
    'size',
    'size missing',
    'colour = blue',
    'colour = red',
    'colour = other',
    'colour missing'
  ])
  const encoded = encodeRows(fitted, [Float64Array.of(2, NaN), ['violet', null]])
  expect([...encoded]).toEqual([2, 0, 0, 0, 1, 0, 4, 1, 0, 1, 0, 1])
  expect(fitted.warnings).toEqual(['"colour": its 1 less frequent levels share one input, "colour = other".'])
})

test('a level never seen, where there is no input for others, is none of the known ones', async () => {
  const { fit } = await prepare(small)
  const fitted = await fit([0, 1, 2, 3])
  expect([...encodeRows(fitted, [Float64Array.of(3), ['violet']])]).toEqual([0, 0, 0])
})

test('a column that does not vary in the training part is shifted, never divided by nothing', async () => {
  const lines = ['x,y,kind', '5,0.1,a', '5,0.1,b', '5,0.1,a', '6,0.2,b']
  for (const scaling of ['standard', 'minmax'] as const) {
    const { fit } = await prepare(lines, { scaling })
    const fitted = await fit([0, 1, 2])
    const encoded = encodeRows(fitted, [Float64Array.of(5, 6), Float64Array.of(0.1, 0.2)])
    expect([...encoded]).toEqual([0, 0, 1, 0.1].map(Math.fround))
    expect(fitted.warnings).toEqual([
      'Without information in the training part, because no two of their values differ: "x", "y".'
    ])
  }
})

test('dates count days, and numbers can be categories in the order of their size', async () => {
  const { file, settings } = await prepare(['born,room,kind', '1970-01-02,10,a', '1970-01-11,9,b', '1970-01-03,10,a'])
  const columns = settings.columns.map((column) => {
    if (column.name === 'born') return { ...column, role: 'input' as const, treatAs: 'numeric' as const }
    return column.name === 'room' ? { ...column, treatAs: 'categorical' as const } : column
  })
  const preparation = { ...settings.preparation, scaling: 'none' as const }
  const fitted = await fitPreparation(duckDb, file, { ...settings, columns, preparation }, Uint32Array.of(0, 1, 2))
  expect(fitted.inputs).toEqual(['born', 'room = 9', 'room = 10'])
  const out = join(await temporaryFolder(), 'x.f32')
  await writeMatrix(duckDb, file, fitted, Uint32Array.of(0, 1), out)
  expect((await readMatrix(out, 3, 2)).inputs).toEqual([
    [1, 0, 1],
    [10, 1, 0]
  ])
})

test('a number to predict is standardised by the training rows, and classes that are numbers go by size', async () => {
  const lines = ['x,t', '1,10', '2,20', '3,30', '4,1000', '5,9']
  const regression = await prepare(lines, {}, 't')
  const settings = { ...regression.settings, task: 'regression' as const }
  const fitted = await fitPreparation(duckDb, regression.file, settings, Uint32Array.of(0, 1, 2))
  expect(fitted.targetScale).toEqual({ mean: 20, deviation: Math.sqrt(200 / 3) })
  expect([...encodeTargets(fitted, Float64Array.of(20))]).toEqual([0])
  const classes = await fitPreparation(
    duckDb,
    regression.file,
    { ...settings, task: 'classification' },
    Uint32Array.of(0)
  )
  expect(classes.classes).toEqual(['9', '10', '20', '30', '1000'])
})

test('all pixels of an image share one range', async () => {
  const lines = ['pixel0,pixel1,pixel2,pixel3,label', '0,0,0,255,1', '0,1,0,200,2', '0,0,0,100,1', '0,2,9,0,2']
  const { fit } = await prepare(lines, {}, 'label')
  const fitted = await fit([0, 1, 2])
  const shared = { offset: 0, scale: 255 }
  expect(fitted.columns).toMatchObject([0, 1, 2, 3].map((index) => ({ column: `pixel${index}`, ...shared })))
  expect(fitted.warnings).toEqual([])
})

test('a sample in windows and in any order gives the same rows as in one go', async () => {
  const folder = await temporaryFolder()
  const { file, ...dataset } = await importFiles(duckDb, join(sampleTables, 'ames_housing.csv'), {}, folder)
  const { settings } = proposeSettings(dataset, {})
  const { train } = await splitRows(duckDb, file, settings)
  const fitted: FittedPreparation = await fitPreparation(duckDb, file, settings, train)
  const [first, second] = [join(folder, 'a.f32'), join(folder, 'b.f32')]
  await writeMatrix(duckDb, file, fitted, train, first)
  await writeMatrix(duckDb, file, fitted, train.toReversed(), second)
  const width = fitted.inputs.length
  const forward = await readMatrix(first, width, train.length)
  const backward = await readMatrix(second, width, train.length)
  expect(backward.inputs.toReversed()).toEqual(forward.inputs)
  expect(backward.targets.toReversed()).toEqual(forward.targets)
  // Standardised: every numeric input has mean 0 over the training rows.
  const size = fitted.inputs.indexOf('Gr_Liv_Area')
  const mean = forward.inputs.reduce((sum, row) => sum + (row[size] ?? NaN), 0) / train.length
  expect(mean).toBeCloseTo(0, 6)
})

test('cancelled or without a target, no matrix is left', async () => {
  const { folder, file, fit } = await prepare(['x,kind', '1,a', '2,b', '3,', '4,a'])
  const fitted = await fit([0, 1, 3])
  const out = join(folder, 'part.f32')
  await expect(writeMatrix(duckDb, file, fitted, Uint32Array.of(0), out, AbortSignal.abort())).rejects.toMatchObject({
    code: 'cancelled'
  })
  await expect(writeMatrix(duckDb, file, fitted, Uint32Array.of(2), out)).rejects.toThrow(
    'Some rows have no value of the target "kind".'
  )
  expect(await readdir(folder)).toEqual(['datasets', 'table.csv'])
})

test('a class stays where an input is called as the columns of our own queries are, and is missing', async () => {
  const { fit } = await prepare(['level,value,part,kind', '1,1,2,a', ',2,3,b', '3,3,4,c'])
  expect((await fit([0, 1, 2])).classes).toEqual(['a', 'b', 'c'])
})
