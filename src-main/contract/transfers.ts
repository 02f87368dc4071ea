/** Moving work around: an experiment whole as a bundle, or its runs to where people already keep theirs. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { fileSource } from '#contract/datasets.ts'
import { experiment } from '#contract/experiments.ts'
import { changing, reading } from '#contract/procedure.ts'

export const destinations = {
  bundle: {
    label: 'Bundle',
    ending: '.toplab',
    isFolder: false,
    help: 'one file with data, runs, curves, weights and notes, for another lab'
  },
  'runs-csv': { label: 'Runs as CSV', ending: '.csv', isFolder: false, help: 'a row a run: settings and figures' },
  'curves-csv': { label: 'Curves as CSV', ending: '.csv', isFolder: false, help: 'a row an epoch of every run' },
  mlflow: {
    label: 'MLflow',
    ending: '',
    isFolder: true,
    help: 'a SQLite store (mlflow.db, for MLflow 2.8 and later) and the same as files (mlruns, for older ones): parameters, metrics by step, the ONNX model of each finished run'
  },
  tensorboard: {
    label: 'TensorBoard',
    ending: '',
    isFolder: true,
    help: 'event files: a folder a run, training and validation part beside each other'
  }
} as const

export type Destination = keyof typeof destinations

export const destinationNames = Object.keys(destinations) as Destination[]

/** Exactly one item is last: `written`, `taken` or `failed`. */
export const transferProgress = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    fraction: z.number().nullable().describe('0 to 1; null where it cannot be told'),
    message: z.string()
  }),
  z.object({
    type: z.literal('written'),
    name: z.string().describe('Of the file or folder'),
    path: z.string().describe('Where it is, on the computer of the lab'),
    runs: z.number().int(),
    leftOut: z.array(z.string()).describe('A sentence for each reason why models of finished runs are not there'),
    bytes: z.number().int()
  }),
  z.object({
    type: z.literal('taken'),
    experiment,
    existed: z.boolean().describe('True where the lab had the same experiment with the same runs already')
  }),
  z.object({ type: z.literal('failed'), code: z.string(), message: z.string() })
])

export type TransferProgress = z.infer<typeof transferProgress>

const job = z.object({ jobId: z.string() })

export const transfers = {
  /** Starts writing an experiment; follow it with `transfers.progress`. */
  write: reading
    .input(
      z.object({
        experimentId: z.number().int(),
        to: z.enum(destinationNames),
        path: z
          .string()
          .min(1)
          .describe('File or folder on the computer of the lab; a folder that ends in .zip becomes one')
      })
    )
    .output(job),
  /** Starts reading a bundle: its experiment comes beside those that are there, nothing is replaced. */
  read: changing.input(z.object({ source: fileSource })).output(job),
  progress: reading.input(job).output(eventIterator(transferProgress)),
  cancel: reading.input(job).output(z.void())
}
