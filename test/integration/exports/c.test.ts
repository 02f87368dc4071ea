/** The C header compiles without a warning and predicts what the engine predicts, for every kind of network and row. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toLabError } from '#contract/client-errors.ts'
import { writeC } from '#lab/models/writers/c.ts'
import { compare } from '#lab/models/proof.ts'
import type { TrainedModel } from '#lab/models/model.ts'
import { cCompiler, run } from '#test/integration/exports/machine.ts'
import { everyEnsemble, everyModel, predictRows, randomModel } from '#test/integration/exports/models.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

const compiler = cCompiler()

const strict = ['-Wall', '-Wextra', '-Werror']

/** The rows of models.ts, as a person would write them with the header's struct. */
const program = (model: TrainedModel) => `
#include <stdio.h>
#include "model.h"
int main(void) {
  const model_row rows[6] = {
    {3750.0f, "a\\\\b", 0.5f, "Biscoe", 1e12 + 100, "steel",
      model_days(2024, 2, 29, 12, 0, 0), 3652.0f, 0.0f, 4 + 35 / 60.0f, "low", "K1", "True"},
    {NAN, NULL, -0.25f, "Dream", 1e12 - 300, "glass",
      model_days(1969, 12, 31, 6, 0, 0), -1.0f, 23.75f, NAN, "high", "K2", "False"},
    {5000.25f, "gr\\303\\274n", NAN, NULL, NAN, NULL, NAN, NAN, NAN, 5.5f, NULL, NULL, NULL},
    {INFINITY, "never seen", 2.0f, "Torgersen", 1e12, "steel",
      model_days(2000, 1, 1, 0, 0, 0), 10957.0f, 6.5f, 6 + 2 / 60.0f, "Low ", "K9", "true"},
    {0.0f, "1", 0.125f, "", 1e12 + 500, "steel",
      model_days(2021, 12, 31, 23, 45, 0), 0.0f, 12.0f, 4.0f, "HIGH", "K2", "0"},
    {6300.0f, "\\"q\\"", -3.0f, "Biscoe", 1e12 + 1, NULL,
      model_days(1900, 3, 1, 0, 0, 0), 5000.0f, 18.25f, 30.25f, "huge", "K1", "1"}};
  for (int row = 0; row < 6; row++) {
    float inputs[MODEL_INPUTS], outputs[MODEL_OUTPUTS];
    model_prepare(&rows[row], inputs);
    model_forward(inputs, outputs);
    ${
      model.task === 'classification'
        ? 'fprintf(stderr, "%s", model_classes[model_predict(&rows[row], outputs)]);'
        : 'outputs[0] = (model_predict(&rows[row]) - 180000.0f) / 79000.5f;'
    }
    for (int k = 0; k < MODEL_OUTPUTS; k++) printf("%.9g\\n", outputs[k]);
  }
  return 0;
}
`

describe.skipIf(compiler === null)('the C header', () => {
  it('predicts as the engine does, whatever the network', async () => {
    const folder = await temporaryFolder()
    const models = [...everyModel(), ...everyEnsemble()]
    const lab = await predictRows(models.map(([, model]) => model))
    await writeFile(join(folder, 'unused.c'), '#include "model.h"\n')
    for (const [index, [name, model]] of models.entries()) {
      await writeFile(join(folder, 'model.h'), [...writeC(model)].join(''))
      await writeFile(join(folder, 'main.c'), program(model))
      run(compiler ?? '', [...strict, '-std=c99', 'main.c', '-o', 'main', '-lm'], folder)
      // Whoever includes it for one function gets no warning of the others.
      if (index === 0) run(compiler ?? '', [...strict, '-std=gnu17', '-c', 'unused.c', '-o', 'unused.o'], folder)
      // Of sizes and places nothing differs between the networks but their numbers, so one of each normalisation is enough.
      if (index === 0 || name.includes('normalisation')) {
        const checked = ['-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all']
        run(compiler ?? '', [...checked, '-std=c99', 'main.c', '-o', 'checked', '-lm'], folder)
        run(join(folder, 'checked'), [], folder)
      }
      const outputs = run(join(folder, 'main'), [], folder).trim().split('\n').map(Number)
      const own = lab[index]
      if (!own) throw new Error(`There is no prediction of ${name}.`)
      expect(compare(own, { outputs }), name).toBeLessThan(2e-6)
    }
  })
})

const twoModels = `
#include <stdio.h>
#include "a.h"
static int first(const model_row *row, float *p) { return model_predict(row, p); }
#include "b.h"
static int second(const model_row *row, float *p) { return model_predict(row, p); }
#include "a.h"
static int again(const model_row *row, float *p) { return model_predict(row, p); }
int main(void) {
  const model_row row = {3750.0f, "a", NAN, NULL, 1e12, "steel", 19000.0, 3.0f, 8.0f, 5.0f, "low", "K1", "True"};
  float p[MODEL_OUTPUTS], q[MODEL_OUTPUTS], r[MODEL_OUTPUTS];
  first(&row, p); second(&row, q); again(&row, r);
  for (int k = 0; k < MODEL_OUTPUTS; k++) printf("%.9g %.9g %.9g\\n", p[k], q[k], r[k]);
  return 0;
}
`

describe.skipIf(compiler === null)('two C headers', () => {
  it('in one program are two networks, and missing numbers are seen under -ffast-math', async () => {
    const folder = await temporaryFolder()
    const hidden = [{ units: 4, activation: 'tanh' as const }]
    const classes = ['x', 'y', 'z']
    const [a, b] = [randomModel(hidden, classes, 1), randomModel(hidden, classes, 2)]
    await writeFile(join(folder, 'main.c'), twoModels)
    const outputsOf = async (first: TrainedModel, second: TrainedModel, options: readonly string[]) => {
      await writeFile(join(folder, 'a.h'), [...writeC(first)].join(''))
      await writeFile(join(folder, 'b.h'), [...writeC(second)].join(''))
      run(compiler ?? '', [...strict, '-std=c99', ...options, 'main.c', '-o', 'main', '-lm'], folder)
      const lines = run(join(folder, 'main'), [], folder).trim().split('\n')
      return lines.map((line) => line.split(' ').map(Number))
    }
    const both = await outputsOf(a, b, [])
    const swapped = await outputsOf(b, a, ['-O2', '-ffast-math'])
    both.forEach(([first = 0, second = 0, again], k) => {
      expect(again).toBe(first)
      expect(Math.abs(first - second)).toBeGreaterThan(1e-4)
      expect(swapped[k]?.[0]).toBeCloseTo(second, 5)
      expect(swapped[k]?.[1]).toBeCloseTo(first, 5)
    })
  })
})

it('refuses a network too wide for a small device, in a sentence', () => {
  const { preparation, ...model } = randomModel([], null)
  const topology = { ...model.topology, inputs: 20_000 }
  const wide = { ...model, preparation, topology, parameters: new Float32Array(20_001) }
  const error = (() => {
    try {
      return [...writeC(wide)].length
    } catch (thrown) {
      return toLabError(thrown)
    }
  })()
  expect(error).toMatchObject({
    code: 'bad_settings',
    message: expect.stringMatching(/Choose another format/) as string
  })
})
