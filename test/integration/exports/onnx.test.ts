/** ONNX files predict what the engine predicts, and are what ONNX's own checker accepts. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { predictOnnx, predictOnnxNetwork } from '#lab/models/onnx/predict.ts'
import { writeOnnx, writeOnnxNetwork } from '#lab/models/onnx/write.ts'
import { compare } from '#lab/models/proof.ts'
import { pythonWith, run } from '#test/integration/exports/machine.ts'
import { everyEnsemble, everyModel, predictRows, randomModel } from '#test/integration/exports/models.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

it('predict as the engine does, whatever the network, with and without the preparation', async () => {
  const folder = await temporaryFolder()
  const models = [...everyModel(), ...everyEnsemble()]
  const lab = await predictRows(models.map(([, model]) => model))
  const bare = await predictRows(
    models.map(([, model]) => model),
    true
  )
  for (const [index, [name, model]] of models.entries()) {
    const own = lab[index]
    const alone = bare[index]
    if (!own || !alone) throw new Error(`There is no prediction of ${name}.`)
    const path = join(folder, 'model.onnx')
    await writeFile(path, Buffer.concat(writeOnnx(model)))
    const predictions = await predictOnnx(path, own)
    expect(predictions.labels?.length, name).toBe(model.task === 'classification' ? own.rows : undefined)
    expect(compare(own, predictions), name).toBeLessThan(2e-6)
    await writeFile(path, Buffer.concat(writeOnnxNetwork(model)))
    expect(compare(alone, await predictOnnxNetwork(path, alone)), `network of ${name}`).toBeLessThan(2e-6)
  }
})

it('refuses an empty text as a level, which stands for a missing value', () => {
  const model = randomModel([], null)
  const columns = model.preparation.columns.map((column) =>
    column.kind === 'categorical' ? { ...column, levels: ['', ...column.levels.slice(1)] } : column
  )
  expect(() => writeOnnx({ ...model, preparation: { ...model.preparation, columns } })).toThrow(/Choose another format/)
})

const python = pythonWith('onnx')

const script = `
import json, sys
import onnx
described = []
for index in range(int(sys.argv[1])):
    for kind in ("model", "network"):
        model = onnx.load(f"{kind}_{index}.onnx")
        onnx.checker.check_model(model, full_check=True)
        graph = model.graph
        described.append({
            "inputs": [port.name for port in graph.input],
            "outputs": [port.name for port in graph.output],
            "metadata": {entry.key: entry.value for entry in model.metadata_props},
        })
print(json.dumps(described))
`

interface Described {
  readonly inputs: string[]
  readonly outputs: string[]
  readonly metadata: Record<string, string>
}

describe.skipIf(python === null)("ONNX's own checker", () => {
  it('accepts every file, whose inputs and outputs have the names of the columns', async () => {
    const folder = await temporaryFolder()
    const models = [...everyModel(), ...everyEnsemble()]
    for (const [index, [, model]] of models.entries()) {
      await writeFile(join(folder, `model_${index}.onnx`), Buffer.concat(writeOnnx(model)))
      await writeFile(join(folder, `network_${index}.onnx`), Buffer.concat(writeOnnxNetwork(model)))
    }
    await writeFile(join(folder, 'script.py'), script)
    const [first, network] = JSON.parse(run(python ?? '', ['script.py', String(models.length)], folder)) as Described[]
    const names = models[0]?.[1].preparation.columns.map(({ column }) => column)
    expect(first).toMatchObject({ inputs: names, outputs: ['species', 'probabilities'] })
    expect(first?.metadata).toMatchObject({ dataHash: '0123456789abcdef', seed: '1', target: 'species' })
    expect(network).toMatchObject({ inputs: ['inputs'], outputs: ['outputs'] })
  })
})
