/** Exports: a trained network as files that predict without the lab. */
import { z } from 'zod'
import { reading } from '#contract/procedure.ts'

export const exportFormats = {
  onnx: {
    title: 'ONNX, with the preparation',
    extension: 'onnx',
    help: 'ONNX with the preparation inside: raw columns in, labels and probabilities or the number out'
  },
  'onnx-network': {
    title: 'ONNX, the network alone',
    extension: 'onnx',
    help: 'ONNX of the bare network: one matrix of prepared inputs in, raw outputs out'
  },
  safetensors: {
    title: 'safetensors and PyTorch',
    extension: 'safetensors',
    help: 'weights by the names of PyTorch, with a script that runs them'
  },
  js: { title: 'JavaScript', extension: 'js', help: 'one JavaScript module without dependencies, with its types' },
  python: {
    title: 'Python',
    extension: 'py',
    help: 'one Python file that needs NumPy alone, with an estimator as scikit-learn has them'
  },
  c: { title: 'C', extension: 'h', help: 'one C header: float, no allocation, for small devices' },
  pmml: {
    title: 'PMML',
    extension: 'pmml',
    help: 'PMML 4.4 with the preparation inside, for JPMML, KNIME and SPSS; linear, sigmoid, tanh and ReLU alone'
  },
  json: {
    title: 'JSON',
    extension: 'json',
    help: 'one JSON document, complete enough to be read again, with its JSON Schema'
  }
} as const

export type ExportFormat = keyof typeof exportFormats

export const exportFormatNames = Object.keys(exportFormats) as ExportFormat[]

const proof = z.object({
  rows: z.number().int().describe('Of the training and the validation part'),
  largestDifference: z
    .number()
    .describe("Between outputs of the export and the lab's, relative where an output is beyond 1"),
  tolerance: z.number()
})

export const exported = z.object({
  format: z.enum(exportFormatNames),
  weights: z.enum(['best', 'last']),
  epoch: z.number().int(),
  files: z.array(z.object({ path: z.string(), bytes: z.number().int() })).describe('The export itself first'),
  proof: proof
    .nullable()
    .describe('The export was run and compared; null for a format that the lab can not run by itself')
})

export type Exported = z.infer<typeof exported>

/** An export that was made, as the lab remembers it. */
export const exportRecord = exported.omit({ files: true }).extend({
  id: z.number().int(),
  files: z.array(z.object({ name: z.string(), bytes: z.number().int() })),
  at: z.number().describe('Milliseconds since 1970')
})

export type ExportRecord = z.infer<typeof exportRecord>

export const exports = {
  /**
   * Writes an export with its model card beside it, runs it, and compares it with the lab's own predictions. Nothing is
   * left where it fails.
   */
  write: reading
    .input(
      z.object({
        runId: z.number().int(),
        format: z.enum(exportFormatNames),
        weights: z.enum(['best', 'last']).default('best'),
        path: z
          .string()
          .min(1)
          .describe(
            'The file, on the computer of the lab; one that exists is replaced. A name that ends in .zip takes the export and all that goes with it in one file'
          ),
        replaces: z
          .boolean()
          .default(false)
          .describe('Whether files may be replaced that have the names of what goes beside the export')
      })
    )
    .output(exported),
  /** The exports that were made of a run, newest first. */
  list: reading.input(z.object({ runId: z.number().int() })).output(z.array(exportRecord))
}
