/** The Python file predicts what the engine predicts, for every kind of network and row. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compare } from '#lab/models/proof.ts'
import { writePython } from '#lab/models/writers/python.ts'
import { pythonWith, run } from '#test/integration/exports/machine.ts'
import {
  cells,
  everyEnsemble,
  everyModel,
  predictRows,
  randomModel,
  rowObjects
} from '#test/integration/exports/models.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

const python = pythonWith('numpy')

const script = `
import importlib, json, sys
rows = json.load(open("rows.json", encoding="utf-8"))
answers = []
for index in range(int(sys.argv[1])):
    model = importlib.import_module(f"model_{index}")
    answers.append({
        "outputs": getattr(model, "predict_proba", lambda given: model.forward(model.prepare(given)))(rows).ravel().tolist(),
        "predicted": [value if isinstance(value, str) else float(value) for value in model.predict(rows)],
    })
print(json.dumps(answers))
`

/** Pairs of values that mean the same, and a text that is no number, twice. */
const received = `
import datetime, json, warnings
import numpy as np
import model
utc = datetime.timezone.utc
pairs = [
    ({"tagged": True}, {"tagged": "True"}),
    ({"tagged": np.bool_(False)}, {"tagged": "False"}),
    ({"tagged": 1}, {"tagged": "True"}),
    ({"tagged": "NA"}, {}),
    ({"shop": ""}, {"shop": None}),
    ({"body mass (g)": "nan"}, {"body mass (g)": float("nan")}),
    ({"body mass (g)": np.float32(4000)}, {"body mass (g)": "4000"}),
    ({"seen at": datetime.datetime(2024, 2, 29, 12)}, {"seen at": 19782.5}),
    ({"seen at": datetime.datetime(2024, 2, 29, 12, tzinfo=utc)}, {"seen at": 19782.5}),
    ({"seen at": np.datetime64("2024-02-29T12:00")}, {"seen at": "2024-02-29 12:00"}),
    ({"born": datetime.date(1980, 1, 1)}, {"born": 3652}),
    ({"start": datetime.time(6, 30)}, {"start": 6.5}),
    ({"pace": datetime.timedelta(hours=30, minutes=15)}, {"pace": "30:15"}),
    ({"seen at": np.datetime64("NaT")}, {}),
]
same = [bool((model.prepare([a]) == model.prepare([b])).all()) for a, b in pairs]
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    same.append(bool((model.prepare([{"body mass (g)": "heavy"}, {"body mass (g)": "big"}]) == model.prepare([{}, {}])).all()))
rows = json.load(open("cells.json", encoding="utf-8"))
outputs = model.forward(model.prepare(rows)).ravel().tolist()
print(json.dumps({"outputs": outputs, "same": same, "told": [str(warning.message) for warning in caught]}))
`

interface Answer {
  readonly outputs: number[]
  readonly predicted: (string | number)[]
}

/** What a scikit-learn user does with an estimator, without scikit-learn; a DataFrame by what is asked of it. */
const asEstimator = `
import json
import numpy as np
import model

class Frame:
    def __init__(self, rows):
        self.rows, self.columns = rows, list(rows[0])
    def __getitem__(self, names):
        return Frame([{name: row[name] for name in names} for row in self.rows])
    def to_dict(self, orient):
        return self.rows

rows = json.load(open("cells.json", encoding="utf-8"))
estimator = model.Estimator()
names = list(estimator.feature_names_in_)
matrix = [[row[name] for name in names] for row in rows]
same = [np.array_equal(estimator.predict_proba(given), model.predict_proba(rows)) for given in (rows, matrix, Frame(rows))]
def refusal(work):
    try:
        work()
    except (ValueError, NotImplementedError) as error:
        return str(error)
print(json.dumps({
    "same": same,
    "classes": list(estimator.classes_),
    "score": estimator.score(rows, estimator.predict(rows)),
    "refusals": [
        refusal(lambda: estimator.predict(Frame([{names[0]: 1}]))),
        refusal(lambda: estimator.predict([[1, 2]])),
        refusal(lambda: estimator.fit(rows)),
    ],
}))
`

describe.skipIf(python === null)('the Python file', () => {
  it('is an estimator as scikit-learn has them: tables, matrices and rows, and no fit', async () => {
    const folder = await temporaryFolder()
    const model = randomModel([{ units: 5, activation: 'tanh' }], ['yes', 'no', 'maybe'])
    await writeFile(join(folder, 'model.py'), [...writePython(model)].join(''))
    await writeFile(join(folder, 'cells.json'), JSON.stringify(cells))
    await writeFile(join(folder, 'script.py'), asEstimator)
    expect(JSON.parse(run(python ?? '', ['script.py'], folder))).toEqual({
      same: [true, true, true],
      classes: ['yes', 'no', 'maybe'],
      score: 1,
      refusals: [
        expect.stringMatching(/^The table lacks 12 of the columns/) as string,
        expect.stringMatching(/^A row must have 13 values/) as string,
        expect.stringMatching(/train it anew there/) as string
      ]
    })
  })

  it('predicts as the engine does, whatever the network', async () => {
    const folder = await temporaryFolder()
    const models = [...everyModel(), ...everyEnsemble()]
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
      const { mean, deviation } = model.preparation.targetScale
      const given =
        model.task === 'classification'
          ? { outputs, labels }
          : { outputs: predicted.map((value) => (Number(value) - mean) / deviation) }
      expect(compare(own, given), name).toBeLessThan(1e-6)
      if (model.task === 'classification') expect(labels).toHaveLength(own.rows)
    }
  })

  it('reads the cells of the csv module, dates, times and truth values as the lab reads the table', async () => {
    const folder = await temporaryFolder()
    const model = randomModel([{ units: 5, activation: 'tanh' }], ['yes', 'no', 'maybe'])
    const [lab] = await predictRows([model])
    await writeFile(join(folder, 'model.py'), [...writePython(model)].join(''))
    await writeFile(join(folder, 'cells.json'), JSON.stringify(cells))
    await writeFile(join(folder, 'script.py'), received)
    const { outputs, same, told } = JSON.parse(run(python ?? '', ['script.py'], folder)) as {
      outputs: number[]
      same: boolean[]
      told: string[]
    }
    outputs.forEach((output, index) => expect(output).toBeCloseTo(lab?.outputs[index] ?? NaN, 6))
    expect(same).toEqual(same.map(() => true))
    expect(told).toEqual(['"body mass (g)": \'heavy\' is no number; such values count as missing.'])
  })
})
