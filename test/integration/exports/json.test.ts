/** The JSON document holds the whole model: what is read again has the same bits, and what is wrong is refused. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { modelDocument, modelDocumentSchema, readJson, writeJson } from '#lab/models/writers/json.ts'
import type { TrainedModel } from '#lab/models/model.ts'
import { parseJsonFile } from '#lab/models/worker.ts'
import { everyEnsemble, everyModel, randomModel } from '#test/integration/exports/models.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

const textOf = (model: TrainedModel) => [...writeJson(model)].join('')

it('is read again bit for bit, with everything beside the numbers', async () => {
  const folder = await temporaryFolder()
  for (const [name, model] of [...everyModel(), ...everyEnsemble()]) {
    const path = join(folder, 'model.json')
    await writeFile(path, textOf(model))
    expect(readJson(await parseJsonFile(path), 'model.json'), name).toEqual(model)
  }
})

it('fits its own schema, which says what every field means', () => {
  const document: unknown = JSON.parse(
    textOf(randomModel([{ units: 3, activation: 'relu', normalisation: 'batch' }], null))
  )
  expect(modelDocument.safeParse(document).error).toBeUndefined()
  expect(
    z.fromJSONSchema(modelDocumentSchema() as Parameters<typeof z.fromJSONSchema>[0]).safeParse(document).success
  ).toBe(true)
})

it('refuses what is no such document, and numbers that do not fit the topology', () => {
  const document = JSON.parse(textOf(randomModel([], null))) as { layers: { weights: number[] }[]; version: number }
  expect(() => readJson({ ...document, version: 3 }, 'a.json')).toThrow(/a\.json is no model of Topology Lab: version/)
  expect(() => readJson([], 'a.json')).toThrow(/a\.json is no model/)
  document.layers[0]?.weights.pop()
  expect(() => readJson(document, 'a.json')).toThrow('a.json: layer 1 has not the 33 numbers that its topology asks.')
})
