/** The Python file predicts what the engine predicts, for every kind of network and row. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compare } from '#lab/models/proof.ts'
import { writePython } from '#lab/models/writers/python.ts'
import { pythonWith, run } from '#test/integration/exports/machine.ts'
import { everyModel, predictRows, rowObjects } from '#test/integration/exports/models.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

const python = pythonWith('numpy')

const script = `
import importlib, json, sys
rows = json.load(open("rows.json", encoding="utf-8"))
answers = []
for index in range(int(sys.argv[1])):
    model = importlib.import_module(f"model_{index}")
    answers.append({
        "outputs": model.forward(model.prepare(rows)).ravel().tolist(),
        "predicted": [value if isinstance(value, str) else float(value) for value in model.predict(rows)],
    })
print(json.dumps(answers))
`

interface Answer {
  readonly outputs: number[]
  readonly predicted: (string | number)[]
}

describe.skipIf(python === null)('the Python file', () => {
  it('predicts as the engine does, whatever the network', async () => {
    const folder = await temporaryFolder()
    const models = everyModel()
    const lab = await predictRows(models.map(([, model]) => model))
    for (const [index, [, model]] of models.entries()) {
      await writeFile(join(folder, `model_${index}.py`), [...writePython(model)].join(''))
    }
    await writeFile(join(folder, 'rows.json'), JSON.stringify(rowObjects()))
    await writeFile(join(folder, 'script.py'), script)
    const answers = JSON.parse(run(python ?? '', ['script.py', String(models.length)], folder)) as Answer[]
    for (const [index, [name, model]] of models.entries()) {
      const { outputs, predicted } = answers[index] ?? { outputs: [], predicted: [] }
      const own = lab[index]
      if (!own) throw new Error(`There is no prediction of ${name}.`)
      const labels = predicted.filter((value) => typeof value === 'string')
      expect(compare(own, model.task === 'classification' ? { outputs, labels } : { outputs }), name).toBeLessThan(1e-6)
      const { mean, deviation } = model.preparation.targetScale
      if (model.task === 'regression') expect(predicted).toEqual(outputs.map((output) => output * deviation + mean))
      else expect(labels).toHaveLength(own.rows)
    }
  })
})
