/** The JavaScript module predicts what the engine predicts, for every kind of network and row. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { writeJavaScript, writeJavaScriptTypes } from '#lab/models/writers/javascript.ts'
import { compare } from '#lab/models/proof.ts'
import { predictWithModule } from '#lab/models/worker.ts'
import { everyModel, predictRows, randomModel, rawRows } from '#test/integration/exports/models.ts'
import { root } from '#test/services.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

it('predicts as the engine does, whatever the network', async () => {
  const folder = await temporaryFolder()
  const models = everyModel()
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
  const [clock = ''] = model.preparation.columns.flatMap(({ column }) => (column.startsWith('o') ? [column] : []))
  const row = {
    [clock]: '1',
    'body mass (g)': 0,
    ['__proto__']: 0.125,
    island: '',
    NAN: 1e12 + 500,
    ['constructor']: 'steel'
  }
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
  await writeFile(join(folder, 'right.ts'), use("{ island: 'Dream', 'body mass (g)': 4000 }"))
  await writeFile(join(folder, 'wrong.ts'), use("{ 'body mass (g)': 'heavy' }"))
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const options = ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext']
  const args = [compiler, ...options, 'right.ts', 'wrong.ts']
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  expect(stdout.trim().split('\n')).toHaveLength(1)
  expect(stdout).toMatch(/^wrong\.ts.*TS2322/)
})
