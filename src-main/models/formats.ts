/** The table of formats: how each is written, what goes beside it, and how the lab runs it. */
import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import type { ExportFormat } from '#contract/exports.ts'
import { outputLimits } from '#engine/training/evaluation.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import { writeC } from '#lab/models/writers/c.ts'
import { writeJavaScript, writeJavaScriptTypes } from '#lab/models/writers/javascript.ts'
import { modelDocumentSchema, readJson, writeJson } from '#lab/models/writers/json.ts'
import { predictOnnx, predictOnnxNetwork } from '#lab/models/onnx/predict.ts'
import { writeOnnx, writeOnnxNetwork } from '#lab/models/onnx/write.ts'
import { writePython } from '#lab/models/writers/python.ts'
import { predictWith } from '#lab/runs/predictor.ts'
import type { TrainedModel } from '#lab/models/model.ts'
import type { ExportPredictions, ProofRows } from '#lab/models/proof.ts'
import { writePmml } from '#lab/models/writers/pmml.ts'
import { writePyTorchScript } from '#lab/models/writers/pytorch.ts'
import { readSafetensors, writeSafetensors } from '#lab/models/writers/safetensors.ts'
import { parseJsonFile, predictWithModule } from '#lab/models/worker.ts'
import { encodeRows } from '#lab/datasets/encode.ts'

/** A file beside the export; `ending` takes the place of the export's own. */
export interface Companion {
  readonly ending: string
  readonly text: string
}

export interface Format {
  /** Errors: LabError 'bad_settings' for a network that the format can't express. */
  readonly write: (model: TrainedModel) => Iterable<string | Uint8Array>
  readonly companions: (model: TrainedModel, fileName: string) => readonly Companion[]
  /** Runs the written file on rows; null where only tests can. */
  readonly predict:
    ((path: string, rows: ProofRows, engine: EngineHost, model: TrainedModel) => Promise<ExportPredictions>) | null
  /** Whether its users bring it the cells of a CSV reader as well, so that it has to read texts as the lab does. */
  readonly takesCells?: true
  /** Whether it can tell of an ensemble. */
  readonly averages?: true
  /** Whether it is the network alone, whose outputs are not limited. */
  readonly isBare?: true
}

export const formats: Readonly<Record<ExportFormat, Format>> = {
  onnx: { write: writeOnnx, companions: () => [], predict: predictOnnx, averages: true },
  'onnx-network': {
    write: writeOnnxNetwork,
    companions: () => [],
    predict: predictOnnxNetwork,
    isBare: true,
    averages: true
  },
  safetensors: {
    write: writeSafetensors,
    companions: (model, fileName) => [{ ending: '.py', text: writePyTorchScript(model, fileName) }],
    predict: async (path, { inputs, preparation }, engine, { topology }) => {
      const parameters = readSafetensors(await readFile(path), topology)
      const limits = outputLimits(preparation.targetScale)
      return { outputs: await engine.predict({ topology, parameters, inputs, limits }) }
    }
  },
  js: {
    write: writeJavaScript,
    companions: (model, fileName) => [
      { ending: /\.mjs$/.test(fileName) ? '.d.mts' : '.d.ts', text: writeJavaScriptTypes(model) }
    ],
    predict: (path, { preparation, columns, rows }) =>
      predictWithModule(
        pathToFileURL(path).href,
        preparation.columns.map(({ column }) => column),
        columns,
        rows
      ),
    takesCells: true,
    averages: true
  },
  python: { write: writePython, companions: () => [], predict: null, averages: true },
  pmml: { write: writePmml, companions: () => [], predict: null },
  c: { write: writeC, companions: () => [], predict: null, averages: true },
  json: {
    write: writeJson,
    companions: () => [{ ending: '.schema.json', text: `${JSON.stringify(modelDocumentSchema(), null, 2)}\n` }],
    predict: async (path, { columns }, engine) => {
      const model = readJson(await parseJsonFile(path), 'The export')
      const { preparation, further = [], temperature = 1 } = model
      const limits = outputLimits(preparation.targetScale)
      const inputs = encodeRows(preparation, columns)
      return { outputs: await predictWith(engine, { networks: [model, ...further], limits, temperature }, inputs) }
    },
    averages: true
  }
}
