/** Safetensors and the script beside them predict in PyTorch what the engine predicts, for every kind of network and row. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compare } from '#lab/models/proof.ts'
import { writePyTorchScript } from '#lab/models/writers/pytorch.ts'
import { readSafetensors, writeSafetensors } from '#lab/models/writers/safetensors.ts'
import { pythonWith, run } from '#test/integration/exports/machine.ts'
import { everyModel, predictRows, randomModel, rowObjects } from '#test/integration/exports/models.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

const python = pythonWith('torch')

const script = `
import importlib, json, sys, torch
rows = json.load(open("rows.json", encoding="utf-8"))
answers = []
for index in range(int(sys.argv[1])):
    model = importlib.import_module(f"model_{index}")
    network, description = model.load()
    with torch.no_grad():
        outputs = network(model.prepare(rows)).flatten().tolist()
    answers.append({"outputs": outputs, "predicted": model.predict(rows)})
print(json.dumps(answers))
`

interface Answer {
  readonly outputs: number[]
  readonly predicted: (string | number)[]
}

describe.skipIf(python === null)('safetensors and the PyTorch script', () => {
  it('predict as the engine does, whatever the network', async () => {
    const folder = await temporaryFolder()
    const models = everyModel()
    const lab = await predictRows(models.map(([, model]) => model))
    for (const [index, [, model]] of models.entries()) {
      const name = `model_${index}.safetensors`
      await writeFile(join(folder, name), Buffer.concat([...writeSafetensors(model)]))
      await writeFile(join(folder, `model_${index}.py`), writePyTorchScript(model, name))
    }
    await writeFile(join(folder, 'rows.json'), JSON.stringify(rowObjects()))
    await writeFile(join(folder, 'script.py'), script)
    const answers = JSON.parse(run(python ?? '', ['script.py', String(models.length)], folder)) as Answer[]
    for (const [index, [name, model]] of models.entries()) {
      const { outputs, predicted } = answers[index] ?? { outputs: [], predicted: [] }
      const own = lab[index]
      if (!own) throw new Error(`There is no prediction of ${name}.`)
      const labels = predicted.filter((value) => typeof value === 'string')
      const { mean, deviation } = model.preparation.targetScale
      const given =
        model.task === 'classification'
          ? { outputs, labels }
          : { outputs: predicted.map((value) => (Number(value) - mean) / deviation) }
      expect(compare(own, given), name).toBeLessThan(2e-6)
      expect(predicted).toHaveLength(own.rows)
    }
  })
})

it('safetensors are read again bit for bit; another topology is refused by the name of the tensor', () => {
  for (const [name, model] of everyModel()) {
    const bytes = Buffer.concat([...writeSafetensors(model)])
    expect(readSafetensors(bytes, model.topology), name).toEqual(model.parameters)
  }
  const bytes = Buffer.concat([...writeSafetensors(randomModel([], null))])
  const { topology } = randomModel([{ units: 3, activation: 'relu' }], null)
  expect(() => readSafetensors(bytes, topology)).toThrow(/no float32 tensor layers\.0\.weight of shape 3 x 33/)
})
