/** Data sets: import, profile, preview. A data set is a table as it came; roles and split belong to experiments. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { errorDetails } from '#contract/errors.ts'
import { changing, reading } from '#contract/procedure.ts'
import { doubt, readOptions, tableReading } from '#contract/reading.ts'

export const columnTypes = ['numeric', 'categorical', 'date', 'time', 'text', 'identifier'] as const

/** What a date says that a network can use. */
export const dateParts = ['days', 'year', 'month', 'weekday', 'hour'] as const

export type DatePart = (typeof dateParts)[number]

const numericSummary = z.object({
  minimum: z.number(),
  maximum: z.number(),
  mean: z.number(),
  median: z.number(),
  deviation: z.number().describe('Sample standard deviation; 0 for a single value')
})

const histogram = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('numeric'),
    edges: z.array(z.number()).describe('One more than counts'),
    counts: z.array(z.number().int())
  }),
  z.object({
    kind: z.literal('levels'),
    levels: z.array(z.object({ value: z.string(), count: z.number().int() })).describe('Most frequent first'),
    others: z.number().int().describe('Rows of all further levels')
  })
])

export const column = z.object({
  name: z.string(),
  type: z.enum(columnTypes).describe('`time`: clock texts such as 16:05, a time of day or a duration'),
  missing: z.number().int().describe('Rows without a value'),
  distinct: z.number().int().describe('Different values, missing not counted'),
  integer: z.boolean().describe('Whether every number in it is whole'),
  summary: numericSummary.nullable(),
  histogram: histogram.nullable(),
  examples: z.array(z.string()),
  order: z
    .enum(['ascending', 'descending'])
    .nullable()
    .optional()
    .describe(
      'Whether the rows of the table follow one another by it; looked at in dates and in numbers named like times'
    ),
  varies: z.array(z.enum(dateParts)).optional().describe('Of dates: what differs from row to row'),
  clock: z
    .enum(['day', 'duration'])
    .optional()
    .describe('Of times: whether they look like times of day, which come round, or like durations'),
  note: z.string().nullable().describe('What a person should know of this column, in a sentence')
})

export type Column = z.infer<typeof column>

export const dataset = z.object({
  id: z.string().describe('First 12 hex digits of the content hash'),
  name: z.string(),
  hash: z.string(),
  source: z.string().describe('Name of the file or sample it came from'),
  rows: z.number().int(),
  columns: z.array(column),
  image: z
    .object({ width: z.number().int(), height: z.number().int() })
    .nullable()
    .describe('Set where each row is an image, pixel columns row by row'),
  warnings: z.array(z.string()),
  doubts: z.array(doubt).describe('Where the file could be read otherwise, the other way with each'),
  reading: tableReading.nullable().optional().describe('How its files were read; null for tables of earlier versions'),
  sizeBytes: z.number().int().describe('Of the stored Parquet file'),
  importedAt: z.number().describe('Milliseconds since 1970')
})

export type Dataset = z.infer<typeof dataset>

export const datasetSummary = dataset.omit({ columns: true, reading: true }).extend({ columnCount: z.number().int() })

export type DatasetSummary = z.infer<typeof datasetSummary>

/** Where a file comes from: a path the host can open, or an upload it has taken. */
export const fileSource = z.union([z.object({ path: z.string() }), z.object({ uploadId: z.string() })])

export type FileSource = z.infer<typeof fileSource>

export const sample = z.object({
  id: z.string(),
  name: z.string(),
  teaches: z.string().describe('One line: what can be learned with it'),
  task: z.enum(['classification', 'regression']),
  rows: z.number().int(),
  columns: z.number().int(),
  target: z.string(),
  generated: z.boolean(),
  source: z.string().describe('Where it comes from, and its licence'),
  plot: z
    .array(z.object({ x: z.number(), y: z.number(), group: z.number().int() }))
    .describe('Up to 150 points for its card, both axes scaled to 0..1; group is the class or 0')
})

export type Sample = z.infer<typeof sample>

/** One item of the stream of a long import. Exactly one item is last: `done` or `failed`. */
export const importProgress = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    stage: z.enum(['reading', 'profiling', 'storing']),
    fraction: z.number().nullable().describe('0 to 1; null where it cannot be told'),
    message: z.string()
  }),
  z.object({
    type: z.literal('done'),
    dataset,
    existed: z.boolean().describe('True where the same content was already in the lab')
  }),
  z.object({ type: z.literal('failed'), code: z.string(), message: z.string(), details: errorDetails.optional() })
])

export type ImportProgress = z.infer<typeof importProgress>

const id = z.object({ datasetId: z.string() })

export const datasets = {
  samples: reading.output(z.array(sample)),
  list: reading.output(z.array(datasetSummary)),
  get: reading.input(id).output(dataset),
  preview: reading
    .input(
      id.extend({ offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(500).default(50) })
    )
    .output(z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.string().nullable())) })),
  /** Starts an import job; follow it with `datasets.importProgress`. */
  import: changing
    .input(
      z.object({
        source: z.union([
          z.object({ files: z.array(fileSource).min(1) }),
          z.object({ sampleId: z.string(), seed: z.number().int().default(1) }),
          z.object({ datasetId: z.string() }).describe('Its own file once more, read as before but for the options')
        ]),
        name: z.string().optional(),
        options: readOptions.default({}),
        asBefore: z
          .boolean()
          .default(false)
          .describe('Where the lab has read the same bytes before, the options of then are taken for those left out')
      })
    )
    .output(z.object({ jobId: z.string() })),
  importProgress: changing.input(z.object({ jobId: z.string() })).output(eventIterator(importProgress)),
  cancelImport: changing.input(z.object({ jobId: z.string() })).output(z.void()),
  rename: changing.input(id.extend({ name: z.string().min(1).max(200) })).output(datasetSummary),
  /** Refused with `conflict` while experiments use it. */
  remove: changing.input(id).output(z.void())
}
