/**
 * Experiments: a data set with a question (target and task), the roles of its columns, the preparation and the split.
 * Fixed once created, so that all runs of an experiment answer the same question on the same rows.
 */
import { z } from 'zod'
import { dateParts } from '#contract/datasets.ts'
import { changing, reading } from '#contract/procedure.ts'

export const columnSetting = z.object({
  name: z.string(),
  role: z
    .enum(['input', 'target', 'ignored', 'part', 'weight', 'group'])
    .describe(
      '`part` names the part of each row; `weight` says what a row counts in training, 0 or more; `group` has the same ' +
        'value in rows that belong together'
    ),
  treatAs: z
    .enum(['numeric', 'categorical', 'ordinal', 'frequency', 'date', 'time'])
    .describe(
      'How an input is encoded. `numeric`: as a number; a date counts days since 1970, a clock text hours. `categorical`: an ' +
        'input a level. `ordinal`: the place of a level in an order. `frequency`: the share of training rows that have the ' +
        'same level. `date`: its parts. `time`: a time of day as a point on a circle'
    ),
  parts: z
    .array(z.enum(dateParts))
    .optional()
    .describe(
      'Of a date; left out: those that vary in the training part, and none that only grows where rows are parted by order'
    ),
  order: z.array(z.string()).optional().describe('Levels from the least to the most, for `ordinal`'),
  aliases: z
    .record(z.string(), z.string())
    .optional()
    .describe('Of texts: other spellings of a level or class, each with the one it is taken for')
})

export type ColumnSetting = z.infer<typeof columnSetting>

export const preparation = z.object({
  missing: z.enum(['impute', 'drop']).describe('Impute: median for numbers, most frequent for categories'),
  indicators: z.boolean().describe('Adds a 0/1 input per imputed column that tells where a value was missing'),
  scaling: z
    .enum(['standard', 'robust', 'minmax', 'none'])
    .describe('Robust: (x - median) / distance of the quartiles; what else is scaled is standardised then'),
  smoothClip: z
    .literal(true)
    .optional()
    .describe('Makes z / sqrt(1 + (z / 3)^2) of each scaled number z, which stays within -3 and 3; left out: no'),
  limits: z
    .literal(true)
    .optional()
    .describe('Predictions of a number stay within the range of the training targets; left out: no'),
  levelCap: z
    .number()
    .int()
    .min(2)
    .max(1000)
    .describe('Most levels of a category that get an input of their own; the rest share the "other" input')
})

export type Preparation = z.infer<typeof preparation>

/** The sizes of the parts in percent of the rows, which add up to 100. */
const shares = {
  train: z.number().min(1).max(100).describe('Percent'),
  validation: z.number().min(0).max(99),
  test: z.number().min(0).max(99)
}

/** Also deals folds and draws the rows of a learning curve. */
const seed = z.number().int().min(0)

export const split = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('fractions'),
    ...shares,
    seed,
    stratified: z.boolean(),
    together: z.boolean().optional().describe('Keeps rows that are equal in inputs and target in one part')
  }),
  z
    .object({
      kind: z.literal('groups'),
      column: z.string().describe('Rows with the same value stay in one part; a row without one is a group of its own'),
      ...shares,
      seed,
      stratified: z.boolean()
    })
    .describe('Whole groups at random: of patients, machines, users'),
  z
    .object({
      kind: z.literal('order'),
      column: z
        .string()
        .nullable()
        .describe('Numbers or dates by which rows follow one another; null: as they stand in the table'),
      ...shares,
      seed,
      stratified: z.literal(false)
    })
    .describe('Training on what comes first, the test on what comes last; equal values stay in one part'),
  z.object({
    kind: z.literal('column'),
    column: z.string(),
    train: z.array(z.string()).describe('Values of the column that mean the training part'),
    validation: z.array(z.string()).describe('Empty: a share of the training rows is held out instead'),
    test: z.array(z.string()),
    validationShare: z.number().min(0).max(90).describe('Percent of the training rows, where `validation` is empty'),
    seed,
    stratified: z.boolean()
  })
])

export type Split = z.infer<typeof split>

export const experimentSettings = z.object({
  datasetId: z.string(),
  target: z.string(),
  task: z.enum(['classification', 'regression']),
  columns: z.array(columnSetting).describe('Every column of the data set, once'),
  preparation,
  split
})

export type ExperimentSettings = z.infer<typeof experimentSettings>

export const proposal = z.object({
  settings: experimentSettings,
  reasons: z.object({
    target: z.string(),
    task: z.string(),
    split: z.string(),
    columns: z.record(z.string(), z.string()).describe('By column name, where there is something to say')
  }),
  warnings: z.array(z.string())
})

export type Proposal = z.infer<typeof proposal>

/** A change of the settings that mends what was found. */
export const mend = z.object({
  label: z.string().describe('The words of its button, such as `Leave this column out`'),
  option: z.string().describe('The same in a terminal, such as `--ignore "id"`'),
  columns: z.array(columnSetting).describe('Take the place of those of the same names'),
  split: split.nullable().describe('Takes the place of the split; null where that stays')
})

export type Mend = z.infer<typeof mend>

export const finding = z.object({
  kind: z
    .enum([
      'unusable',
      'target_copy',
      'near_copy',
      'one_hot',
      'spellings',
      'identifier',
      'constant',
      'rare_classes',
      'groups',
      'order',
      'tells_part',
      'repeats'
    ])
    .describe('`unusable`: no experiment can be made of these settings'),
  columns: z.array(z.string()),
  message: z.string().describe('What was found, where, and the mend'),
  examples: z
    .array(z.object({ row: z.number().int(), twin: z.number().int() }))
    .describe('Of repeats: numbers of rows from 1, the second one in an earlier part'),
  mend: mend.nullable().describe('Null where the settings can not mend it')
})

export type Finding = z.infer<typeof finding>

export const experiment = z.object({
  id: z.number().int(),
  name: z.string(),
  datasetName: z.string(),
  settings: experimentSettings,
  inputs: z.array(z.string()).describe('Names of the encoded inputs, in order, such as `sex = male`'),
  classes: z.array(z.string()).nullable().describe('Names of the classes in output order; null for regression'),
  outputs: z.number().int(),
  outputReason: z.string(),
  rows: z.object({
    train: z.number().int(),
    validation: z.number().int(),
    test: z.number().int(),
    dropped: z.number().int()
  }),
  openings: z.number().int().describe('How often the sealed test part was opened'),
  runs: z.number().int(),
  note: z.string(),
  warnings: z.array(z.string()),
  createdAt: z.number()
})

export type Experiment = z.infer<typeof experiment>

const id = z.object({ experimentId: z.number().int() })

export const experiments = {
  /** Proposes target, task, roles, preparation and split; what is given is kept. */
  propose: reading
    .input(
      z.object({
        datasetId: z.string(),
        target: z.string().optional(),
        task: z.enum(['classification', 'regression']).optional(),
        partColumn: z
          .string()
          .optional()
          .describe('The column whose values train, validation and test name the parts, whatever it is called')
      })
    )
    .output(proposal),
  /** Points out, before an experiment is created, what would make its figures mean less than they seem to. */
  inspect: reading.input(z.object({ settings: experimentSettings })).output(z.array(finding)),
  create: changing
    .input(z.object({ name: z.string().max(200).optional(), settings: experimentSettings }))
    .output(experiment),
  list: reading.output(z.array(experiment)),
  get: reading.input(id).output(experiment),
  update: changing
    .input(id.extend({ name: z.string().min(1).max(200).optional(), note: z.string().max(20_000).optional() }))
    .output(experiment),
  /** Removes the experiment with its runs. */
  remove: changing.input(id).output(z.void())
}
