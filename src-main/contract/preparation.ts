/**
 * A fitted preparation: everything that turns rows of a table into numbers for a network, as plain data.
 * It is fitted on the training part alone and goes with the model wherever that is used or exported.
 */
import { z } from 'zod'

const numericEncoding = z.object({
  kind: z.literal('numeric'),
  column: z.string(),
  fill: z.number().describe('Stands for a missing value: the median of the training rows'),
  offset: z.number(),
  scale: z.number().describe('Encoded value = (value - offset) / scale; never 0'),
  indicator: z.boolean().describe('Whether an input follows that is 1 where the value was missing, else 0')
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
  indicator: z.boolean(),
  aliases: z
    .record(z.string(), z.string())
    .optional()
    .describe('Other spellings, each with the level it is taken for before anything else is done')
})

export const columnEncoding = z.discriminatedUnion('kind', [numericEncoding, categoricalEncoding])

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
  targetScale: z
    .object({ mean: z.number(), deviation: z.number() })
    .describe('A number is (value - mean) / deviation for the network; 0 and 1 for classes'),
  warnings: z.array(z.string()).describe('What a person should know of the fit, in sentences')
})

export type FittedPreparation = z.infer<typeof fittedPreparation>
