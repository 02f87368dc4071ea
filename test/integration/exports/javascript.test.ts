/** The JavaScript module predicts what the engine predicts, for every kind of network and row. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { spawnSync } from 'node:child_process'
import { expect, it, onTestFinished, vi } from 'vitest'
import { writeJavaScript, writeJavaScriptTypes } from '#lab/models/writers/javascript.ts'
import { compare } from '#lab/models/proof.ts'
import { asCells } from '#lab/models/proof-cells.ts'
import { predictWithModule } from '#lab/models/worker.ts'
import {
  cells,
  everyEnsemble,
  everyModel,
  predictRows,
  randomModel,
  rawRows,
  rowObjects
} from '#test/integration/exports/models.ts'
import { root } from '#test/services.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

it('predicts as the engine does, whatever the network', async () => {
  const folder = await temporaryFolder()
  const models = [...everyModel(), ...everyEnsemble()]
  const lab = await predictRows(models.map(([, model]) => model))
  for (const [index, [name, model]] of models.entries()) {
    const path = join(folder, `${index}.mjs`)
    await writeFile(path, [...writeJavaScript(model)].join(''))
    const names = model.preparation.columns.map(({ column }) => column)
    const own = lab[index]
    if (!own) throw new Error(`There is no prediction of ${name}.`)
    const predictions = await predictWithModule(pathToFileURL(path).href, names, rawRows, own.rows)
    expect(compare(own, predictions), name).toBeLessThan(1e-6)
  }
})

it('is proved on the cells of a CSV reader too, which an export that reads texts in its own way does not pass', async () => {
  const folder = await temporaryFolder()
  const model = randomModel([{ units: 5, activation: 'tanh' }], ['yes', 'no', 'maybe'])
  const [lab] = await predictRows([model])
  if (!lab) throw new Error('There are no predictions.')
  const names = model.preparation.columns.map(({ column }) => column)
  const text = [...writeJavaScript(model)].join('')
  const differenceOf = async (name: string, source: string) => {
    await writeFile(join(folder, name), source)
    const predictions = await predictWithModule(pathToFileURL(join(folder, name)).href, names, asCells(lab).columns, 6)
    return compare(lab, predictions)
  }
  expect(await differenceOf('right.mjs', text)).toBeLessThan(1e-6)
  // As it was once: an empty text was a level that is not known.
  const wrong = text.replace('if (missingTexts.has(text.trim())) return null', '')
  await expect(differenceOf('wrong.mjs', wrong)).rejects.toThrow(/does not predict what the lab predicts/)
})

it('gives a number in the units of the target, and takes what is left out as missing', async () => {
  const folder = await temporaryFolder()
  const model = randomModel([{ units: 5, activation: 'gelu' }], null)
  const [lab] = await predictRows([model])
  const path = join(folder, 'price.mjs')
  await writeFile(path, [...writeJavaScript(model)].join(''))
  interface Module {
    readonly predict: (row: object) => { value: number }
  }
  const { predict } = (await import(pathToFileURL(path).href)) as Module
  const row = rowObjects()[4] ?? {}
  const expected = (lab?.outputs[4] ?? NaN) * 79_000.5 + 180_000
  expect(predict(row).value / expected).toBeCloseTo(1, 6)
  expect(predict({}).value).toBe(predict({ island: null, 'body mass (g)': NaN, ['constructor']: null }).value)
})

it('has types that a TypeScript project accepts, and that refuse a wrong row', async () => {
  const folder = await temporaryFolder()
  const model = randomModel([], ['yes', 'no'])
  await writeFile(join(folder, 'model.js'), [...writeJavaScript(model)].join(''))
  await writeFile(join(folder, 'model.d.ts'), writeJavaScriptTypes(model))
  const use = (row: string) =>
    `import { predict } from './model.js'\nconst p: 'yes' | 'no' = predict(${row}).label\nexport { p }\n`
  await writeFile(
    join(folder, 'right.ts'),
    use("{ island: 'Dream', 'body mass (g)': '4000', tagged: true, 'seen at': new Date(0), pace: '4:35' }")
  )
  await writeFile(join(folder, 'wrong.ts'), use("{ 'body mass (g)': ['heavy'] }"))
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const options = ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext']
  const args = [compiler, ...options, 'right.ts', 'wrong.ts']
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  expect(stdout.trim().split('\n')).toHaveLength(1)
  expect(stdout).toMatch(/^wrong\.ts.*TS2322/)
})

it('reads the cells of a CSV reader, truth values and dates as the lab reads the table', async () => {
  const folder = await temporaryFolder()
  const model = randomModel([{ units: 5, activation: 'tanh' }], ['yes', 'no', 'maybe'])
  const [lab] = await predictRows([model])
  const path = join(folder, 'cells.mjs')
  await writeFile(path, [...writeJavaScript(model)].join(''))
  const { predict, prepare } = (await import(pathToFileURL(path).href)) as {
    predict: (row: object) => { outputs: number[] }
    prepare: (row: object) => number[]
  }
  // A cell of text can't tell an infinite number from a missing one, nor does it have to: both are missing.
  cells.forEach((row, index) => {
    const own = lab?.outputs.subarray(3 * index, 3 * index + 3) ?? []
    predict(row).outputs.forEach((output, place) => expect(output).toBeCloseTo(own[place] ?? NaN, 6))
  })
  for (const [given, same] of [
    [{ tagged: true }, { tagged: 'True' }],
    [{ tagged: 0 }, { tagged: 'False' }],
    [{ tagged: 'NA' }, { tagged: null }],
    [{ 'body mass (g)': 'NA' }, {}],
    [{ 'seen at': '2024-02-30' }, {}],
    [{ 'seen at': new Date('2024-02-29T12:00:00Z') }, { 'seen at': 19_782.5 }],
    [{ 'o\'clock "now"\n*/': 1 }, { 'o\'clock "now"\n*/': '1.0' }]
  ]) {
    expect(prepare(given ?? {})).toEqual(prepare(same ?? {}))
  }
})

it('says once a column that a text is no number, and takes it as missing', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'odd.mjs')
  await writeFile(path, [...writeJavaScript(randomModel([], null))].join(''))
  const { prepare } = (await import(pathToFileURL(path).href)) as { prepare: (row: object) => number[] }
  const said = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  onTestFinished(() => said.mockRestore())
  expect(prepare({ 'body mass (g)': 'heavy' })).toEqual(prepare({}))
  prepare({ 'body mass (g)': 'very heavy' })
  expect(said.mock.calls).toEqual([['"body mass (g)": "heavy" is no number; such values count as missing.']])
})
