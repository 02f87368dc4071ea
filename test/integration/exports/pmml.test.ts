/**
 * PMML documents predict what the engine predicts. No program for PMML can be had here, so that an evaluator of what the
 * standard says of these elements stands in, written in Python from the standard alone.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compare } from '#lab/models/proof.ts'
import { writePmml } from '#lab/models/writers/pmml.ts'
import { pythonWith, run } from '#test/integration/exports/machine.ts'
import { predictRows, randomModel, rowObjects } from '#test/integration/exports/models.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

const python = pythonWith('xml.etree.ElementTree')

const evaluator = `
import json, math, sys
import xml.etree.ElementTree as tree

NS = "{http://www.dmg.org/PMML-4_4}"
BUILT_IN = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "floor": math.floor, "sin": math.sin, "cos": math.cos, "greaterOrEqual": lambda a, b: a >= b, "sqrt": math.sqrt,
    "isIn": lambda value, *known: value in known,
}
ACTIVATE = {
    "identity": lambda z: z, "tanh": math.tanh, "rectifier": lambda z: max(0.0, z),
    "logistic": lambda z: 1 / (1 + math.exp(-z)),
}


def value_of(node, fields):
    kind = node.tag.removeprefix(NS)
    if kind == "FieldRef":
        return fields[node.get("field")]
    if kind == "Constant":
        return float(node.text) if node.get("dataType") == "double" else node.text or ""
    assert kind == "Apply", kind
    name, inputs = node.get("function"), list(node)
    if name == "isMissing":
        return value_of(inputs[0], fields) is None
    if name == "if":
        condition = value_of(inputs[0], fields)
        return None if condition is None else value_of(inputs[1 if condition else 2], fields)
    values = [value_of(each, fields) for each in inputs]
    return None if any(value is None for value in values) else BUILT_IN[name](*values)


class Model:
    def __init__(self, path):
        root = tree.parse(path).getroot()
        assert root.get("version") == "4.4"
        declared = {each.get("name") for each in root.find(NS + "DataDictionary")}
        self.network = root.find(NS + "NeuralNetwork")
        mined = [each.get("name") for each in self.network.find(NS + "MiningSchema")]
        assert set(mined) == declared, (mined, declared)
        self.columns = mined[:-1]

    def predict(self, row):
        fields = {name: row.get(name) for name in self.columns}
        for derived in self.network.find(NS + "LocalTransformations"):
            assert derived.get("name") not in fields
            fields[derived.get("name")] = value_of(derived[0], fields)
        signals = {each.get("id"): value_of(each[0][0], fields) for each in self.network.find(NS + "NeuralInputs")}
        for layer in self.network.findall(NS + "NeuralLayer"):
            sums = {}
            for neuron in layer:
                links = sum(float(link.get("weight")) * signals[link.get("from")] for link in neuron)
                sums[neuron.get("id")] = ACTIVATE[layer.get("activationFunction")](float(neuron.get("bias")) + links)
            if layer.get("normalizationMethod") == "softmax":
                largest = max(sums.values())
                exps = {name: math.exp(z - largest) for name, z in sums.items()}
                total = sum(exps.values())
                sums = {name: e / total for name, e in exps.items()}
            signals.update(sums)
        outputs, labels = [], []
        for each in self.network.find(NS + "NeuralOutputs"):
            norm, signal = each[0][0], signals[each.get("outputNeuron")]
            if norm.tag == NS + "NormDiscrete":
                labels.append(norm.get("value"))
                outputs.append(signal)
            else:
                (x1, y1), (x2, y2) = [(float(p.get("orig")), float(p.get("norm"))) for p in norm]
                value = x1 + (signal - y1) * (x2 - x1) / (y2 - y1)
                target = self.network.find(NS + "Targets")
                if target is not None:
                    value = min(max(value, float(target[0].get("min"))), float(target[0].get("max")))
                outputs.append(value)
        return outputs, labels[outputs.index(max(outputs))] if labels else None


rows = json.load(open("rows.json", encoding="utf-8"))
answers = []
for index in range(int(sys.argv[1])):
    model = Model(f"{index}.pmml")
    predicted = [model.predict(row) for row in rows]
    answers.append({"outputs": [value for outputs, _ in predicted for value in outputs], "labels": [label for _, label in predicted]})
print(json.dumps(answers))
`

describe.skipIf(python === null)('a PMML document', () => {
  it('predicts as the engine does: every activation it has, batch normalisation, no hidden layer, a number', async () => {
    const folder = await temporaryFolder()
    const classes = ['Adelie', 'Chin "strap" & <co>', 'Gen\ntoo']
    const named = (['relu', 'tanh', 'sigmoid', 'linear'] as const).map(
      (activation) => [activation, randomModel([{ units: 7, activation }], classes)] as const
    )
    const models = [
      ...named,
      [
        'batch',
        randomModel([{ units: 6, activation: 'relu', normalisation: 'batch', dropout: 0.5 }], classes)
      ] as const,
      ['no hidden layer', randomModel([], classes)] as const,
      [
        'a number',
        randomModel(
          [
            { units: 9, activation: 'relu' },
            { units: 5, activation: 'tanh' }
          ],
          null
        )
      ] as const
    ]
    const lab = await predictRows(models.map(([, model]) => model))
    for (const [index, [, model]] of models.entries()) {
      await writeFile(join(folder, `${index}.pmml`), [...writePmml(model)].join(''))
    }
    await writeFile(join(folder, 'rows.json'), JSON.stringify(rowObjects()))
    await writeFile(join(folder, 'evaluate.py'), evaluator)
    const answers = JSON.parse(run(python ?? '', ['evaluate.py', String(models.length)], folder)) as {
      outputs: number[]
      labels: string[]
    }[]
    for (const [index, [name, model]] of models.entries()) {
      const own = lab[index]
      const { outputs = [], labels = [] } = answers[index] ?? {}
      if (!own) throw new Error(`There is no prediction of ${name}.`)
      const { mean, deviation } = model.preparation.targetScale
      const given =
        model.task === 'classification'
          ? { outputs, labels }
          : { outputs: outputs.map((value) => (value - mean) / deviation) }
      expect(compare(own, given), name).toBeLessThan(1e-5)
    }
  })
})

it('is refused with its reason where PMML has no word for the network', () => {
  const refusal = (hidden: Parameters<typeof randomModel>[0]) => () => [...writePmml(randomModel(hidden, ['a', 'b']))]
  expect(refusal([{ units: 3, activation: 'gelu' }])).toThrow(/PMML does not have the activation gelu/)
  expect(refusal([{ units: 3, activation: 'relu', normalisation: 'layer' }])).toThrow(
    /PMML does not have layer normalisation/
  )
})
