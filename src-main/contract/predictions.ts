/** Predictions on new rows: single ones as they are typed, and whole files. The sealed test part has no rows here. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { dataset, fileSource } from '#contract/datasets.ts'
import { readOptions } from '#contract/reading.ts'
import { partDetails } from '#contract/network.ts'
import { reading } from '#contract/procedure.ts'

const weights = z.enum(['best', 'last']).default('best')

/** A column a network reads, with what its training rows held. */
export const formColumn = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('numeric'),
    column: z.string(),
    minimum: z.number(),
    maximum: z.number(),
    integer: z.boolean().describe('Whether every training value is whole'),
    date: z.boolean().describe('Whether the number counts days since 1970'),
    withTime: z.boolean().describe('Whether the time of day of a date counts'),
    clock: z.boolean().describe('Whether the number counts hours, written as 16:05'),
    fill: z.number().describe('Stands for a missing value')
  }),
  z.object({
    kind: z.literal('categorical'),
    column: z.string(),
    levels: z.array(z.string()).describe('That have an input of their own; all others count alike'),
    fill: z.string().nullable().describe('Stands for a missing value')
  })
])

export type FormColumn = z.infer<typeof formColumn>

export const predictionForm = z.object({
  columns: z.array(formColumn),
  target: z.string(),
  classes: z.array(z.string()).nullable(),
  targetRange: z
    .object({ minimum: z.number(), maximum: z.number() })
    .nullable()
    .describe('Of a number in the training rows; null for classes'),
  image: dataset.shape.image.describe('Set where the columns are the pixels of an image, row by row'),
  parts: z.object({ train: z.number().int(), validation: z.number().int() }).describe('Rows that can be taken over')
})

export type PredictionForm = z.infer<typeof predictionForm>

/** Values by column name; a column that is left out is missing, as null is. */
export const rowValues = z.record(z.string(), z.union([z.string(), z.number(), z.null()]))

export type RowValues = z.infer<typeof rowValues>

export const prediction = z.object({
  label: z.string().nullable().describe('The most probable class; null for a number'),
  value: z.number().nullable().describe('In the units of the target; null for classes'),
  probabilities: z.array(z.number()).nullable().describe('In the order of the classes; null for a number')
})

export type Prediction = z.infer<typeof prediction>

/** What a person should know of one column of a file before it is predicted. */
export const columnRemark = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('unseen'),
    column: z.string(),
    rows: z.number().int(),
    values: z.array(z.string()).describe('The most frequent ones'),
    distinct: z.number().int()
  }),
  z.object({
    kind: z.literal('unreadable'),
    column: z.string(),
    rows: z.number().int(),
    example: z.string(),
    row: z.number().int().optional().describe('Of the example, from 1, where it is known')
  }),
  z.object({
    kind: z.literal('outside'),
    column: z.string(),
    rows: z.number().int(),
    minimum: z.number().describe('Of the training rows'),
    maximum: z.number()
  })
])

export type ColumnRemark = z.infer<typeof columnRemark>

/** A file that was read and matched by column names. */
export const checkedTable = z.object({
  tableId: z.string(),
  name: z.string(),
  rows: z.number().int(),
  absent: z.array(z.string()).describe('Columns the network reads and the file lacks: missing in every row'),
  unused: z.array(z.string()).describe('Columns of the file that the network does not read'),
  remarks: z.array(columnRemark),
  warnings: z.array(z.string()).describe('Of reading the file'),
  target: z
    .enum(['absent', 'known', 'sealed'])
    .describe(
      '`known`: figures come with the predictions; `sealed`: the rows are those of the experiment, with its sealed test part'
    ),
  sealedRows: z
    .number()
    .int()
    .describe('Rows with a known target that are rows of the sealed test part; they are left out of the figures'),
  ownRows: z.number().int().describe('Rows with a known target that are rows of the table of the experiment'),
  targetRows: z.number().int().describe('Rows with a value of the target that the network knows')
})

export type CheckedTable = z.infer<typeof checkedTable>

const fitted = {
  level: z.number().describe('The share of new rows that it is to hold'),
  rows: z.number().int().describe('Of the validation part, on which it was fitted'),
  held: z
    .number()
    .nullable()
    .describe('The share that it held of the rows of the file whose target is known; null for none')
}

export const writtenInterval = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('number'), halfWidth: z.number().describe('To either side of the value'), ...fitted }),
  z.object({
    kind: z.literal('classes'),
    least: z.number().describe('All classes with at least this probability make the set, and the most probable one'),
    ...fitted
  })
])

export const writtenPredictions = z.object({
  rows: z.number().int(),
  path: z.string(),
  bytes: z.number().int(),
  seconds: z.number(),
  counts: z.array(z.number().int()).nullable().describe('Rows by predicted class; null for a number'),
  figures: partDetails.nullable().describe('Where the file has the target'),
  figureRows: z.number().int().describe('Rows that the figures are of'),
  interval: writtenInterval.nullable().describe('Null where none was asked for')
})

export type WrittenPredictions = z.infer<typeof writtenPredictions>

/** One item of the stream of a check or a prediction. Exactly one item is last: any but `progress`. */
export const predictionProgress = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    fraction: z.number().nullable().describe('0 to 1; null where it cannot be told'),
    message: z.string()
  }),
  z.object({ type: z.literal('checked'), table: checkedTable }),
  z.object({ type: z.literal('written'), predictions: writtenPredictions }),
  z.object({ type: z.literal('failed'), code: z.string(), message: z.string() })
])

export type PredictionProgress = z.infer<typeof predictionProgress>

const runId = z.object({ runId: z.number().int() })
const job = z.object({ jobId: z.string() })

export const predictions = {
  /** What a form for a single row is made of. */
  form: reading.input(runId).output(predictionForm),
  /** Predicts rows as they come; dates are texts such as 2024-05-31 16:05, or days since 1970; times 16:05, or hours. */
  rows: reading.input(runId.extend({ weights, rows: z.array(rowValues).min(1).max(512) })).output(z.array(prediction)),
  /** Takes one row of the training or the validation part over into the form. */
  example: reading
    .input(runId.extend({ part: z.enum(['train', 'validation']), position: z.number().int().min(0) }))
    .output(
      z.object({
        row: z.number().int().describe('In the table, from 1'),
        values: rowValues,
        target: z.union([z.string(), z.number(), z.null()])
      })
    ),
  /** Reads a file and matches its columns by name, as a job; nothing is predicted yet. */
  check: reading
    .input(runId.extend({ files: z.array(fileSource).min(1), options: readOptions.default({}) }))
    .output(job),
  /** Predicts a file that was checked, as a job, and writes it with the predictions: Parquet by that ending, else CSV. */
  write: reading
    .input(
      z.object({
        tableId: z.string(),
        weights,
        path: z.string().min(1).describe('On the computer of the lab; one that exists is replaced'),
        probabilities: z.boolean().default(true),
        interval: z
          .number()
          .gt(0)
          .lt(1)
          .nullable()
          .default(null)
          .describe(
            'Adds bounds of a number, or a set of classes, that hold the truth in this share of new rows (split conformal, on ' +
              'the validation part): on average over rows like those, not for every kind of row'
          ),
        marksFormulas: z
          .boolean()
          .default(false)
          .describe("Whether a CSV gets a ' before cells that a spreadsheet would take for a formula")
      })
    )
    .output(job),
  progress: reading.input(job).output(eventIterator(predictionProgress)),
  cancel: reading.input(job).output(z.void()),
  /** Lets go of a checked file. */
  release: reading.input(z.object({ tableId: z.string() })).output(z.void())
}
