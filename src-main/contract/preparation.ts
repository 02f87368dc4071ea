/**
 * A fitted preparation: everything that turns rows of a table into numbers for a network, as plain data.
 * It is fitted on the training part alone and goes with the model wherever that is used or exported. What each encoding
 * does, step by step, is said once: in describePreparation() of datasets/preparation-steps.ts.
 */
import { z } from 'zod'
import { dateParts } from '#contract/datasets.ts'

const scaled = {
  offset: z.number(),
  scale: z.number().describe('Encoded value = (value - offset) / scale; never 0')
}

const indicator = z.boolean().describe('Whether an input follows that is 1 where the value was missing, else 0')

const aliases = z
  .record(z.string(), z.string())
  .optional()
  .describe('Other spellings, each with the level it is taken for before anything else is done')

const numericEncoding = z.object({
  kind: z.literal('numeric'),
  column: z.string(),
  reads: z
    .enum(['date', 'clock'])
    .optional()
    .describe(
      'What the number is of: `date` days since 1970-01-01, the time of day as a fraction; `clock` h:mm or h:mm:ss in hours'
    ),
  fill: z.number().describe('Stands for a missing value: the median of the training rows'),
  ...scaled,
  smoothClip: z
    .literal(true)
    .optional()
    .describe('The encoded value is z / sqrt(1 + (z / 3)^2), where z = (value - offset) / scale; left out: z itself'),
  indicator
})

const categoricalEncoding = z.object({
  kind: z.literal('categorical'),
  column: z.string(),
  levels: z.array(z.string()).describe('Each has an input of its own, 1 where the value is this level, else 0'),
  other: z.boolean().describe('Whether an input follows that is 1 for every other value; without it they are all 0'),
  fill: z
    .string()
    .nullable()
    .describe('Stands for a missing value: the most frequent level; null where there was none'),
  indicator,
  aliases
})

const ordinalEncoding = z.object({
  kind: z.literal('ordinal'),
  column: z.string(),
  levels: z.array(z.string()).describe('From the least to the most; the value of a level is its place, from 0'),
  fill: z.string().describe('Stands for a missing value, and for one that is no level: the median level'),
  ...scaled,
  indicator,
  aliases
})

const frequencyEncoding = z.object({
  kind: z.literal('frequency'),
  column: z.string(),
  levels: z.array(z.string()),
  shares: z
    .array(z.number())
    .describe('Of each level: the share of the training rows that have it; any other value has 0'),
  fill: z
    .string()
    .nullable()
    .describe('Stands for a missing value: the most frequent level; null where there was none'),
  ...scaled,
  indicator,
  aliases
})

const dateEncoding = z.object({
  kind: z.literal('date'),
  column: z.string(),
  fill: z.number().describe('Stands for a missing value: the median of the training rows, in days since 1970-01-01'),
  minimum: z.number().describe('Of the training rows, in days since 1970-01-01'),
  maximum: z.number(),
  parts: z
    .array(z.object({ part: z.enum(dateParts), ...scaled }))
    .describe(
      '`days` since 1970-01-01 with the time of day as a fraction, and the calendar `year`, as scaled numbers: one input ' +
        'each. `month` (January is 0 of 12), `weekday` (Monday is 0 of 7) and `hour` (the time of day, of 24 hours) as points ' +
        'on a circle: two inputs each, the sine and the cosine of 2 pi times their share of the round; offset 0, scale 1'
    ),
  indicator
})

const timeEncoding = z
  .object({
    kind: z.literal('time'),
    column: z.string(),
    fill: z.number().describe('Stands for a missing value: the median of the training rows, in hours'),
    indicator
  })
  .describe('A time of day, h:mm or h:mm:ss, as the sine and the cosine of 2 pi times its share of 24 hours')

export const columnEncoding = z.discriminatedUnion('kind', [
  numericEncoding,
  categoricalEncoding,
  ordinalEncoding,
  frequencyEncoding,
  dateEncoding,
  timeEncoding
])

export type ColumnEncoding = z.infer<typeof columnEncoding>

export const fittedPreparation = z.object({
  version: z.literal(1),
  columns: z.array(columnEncoding).describe('The input columns, in the order of the inputs'),
  inputs: z.array(z.string()).describe('Names of the encoded inputs, in order, such as `sex = male`'),
  target: z.string(),
  classes: z
    .array(z.string())
    .nullable()
    .describe('In output order; a target is the number of its class; null for a number'),
  classAliases: z
    .record(z.string(), z.string())
    .optional()
    .describe('Other spellings of classes in the table, each with the class it is taken for'),
  targetReads: z
    .literal('clock')
    .optional()
    .describe('Where the target is given as clock texts: its number is in hours'),
  targetScale: z
    .object({
      mean: z.number(),
      deviation: z.number(),
      limits: z
        .object({ minimum: z.number(), maximum: z.number() })
        .optional()
        .describe('Between which predictions stay, in the units of the target; left out: anywhere')
    })
    .describe('A number is (value - mean) / deviation for the network; 0 and 1 for classes'),
  warnings: z.array(z.string()).describe('What a person should know of the fit, in sentences')
})

export type FittedPreparation = z.infer<typeof fittedPreparation>
