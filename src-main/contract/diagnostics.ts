/**
 * What a trained network gets wrong, and by which columns it judges: of the training or the validation part, with the
 * weights of a run's best epoch. Never of the test part.
 */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { reading } from '#contract/procedure.ts'

export const openPart = z.enum(['train', 'validation'])

export type OpenPartName = z.infer<typeof openPart>

const curve = z.object({
  x: z.array(z.number()),
  y: z.array(z.number())
})

export const classCurves = z.object({
  name: z.string(),
  rows: z.number().int().describe('Rows of the class'),
  roc: curve
    .extend({ area: z.number() })
    .nullable()
    .describe(
      'x: share of the other rows taken for the class; y: share of its rows found. Null where one side is empty'
    ),
  precisionRecall: curve
    .extend({ area: z.number().describe('Average precision: the step-wise area') })
    .nullable()
    .describe('x: recall, y: precision; from the highest threshold on')
})

export const calibration = z.object({
  bins: z
    .array(
      z.object({
        from: z.number(),
        to: z.number(),
        rows: z.number().int(),
        confidence: z.number().describe('Mean probability of the predicted class'),
        accuracy: z.number().describe('Share of the rows whose class was predicted rightly')
      })
    )
    .describe('Ten of equal width; those without rows are left out'),
  expectedError: z.number().describe('Mean distance of confidence and accuracy over the rows')
})

export const classificationDiagnostics = z.object({
  task: z.literal('classification'),
  epoch: z.number().int(),
  rows: z.number().int(),
  classes: z.array(classCurves),
  calibration
})

export const regressionDiagnostics = z.object({
  task: z.literal('regression'),
  epoch: z.number().int(),
  rows: z.number().int(),
  rmse: z.number(),
  mae: z.number(),
  r2: z.number().nullable(),
  points: z
    .array(z.object({ row: z.number().int(), target: z.number(), prediction: z.number() }))
    .describe('All rows where they are few, else an even choice of them'),
  histogram: z.object({ edges: z.array(z.number()), counts: z.array(z.number().int()) }).describe('Of the residuals'),
  quantiles: z.array(z.object({ share: z.number(), residual: z.number() })),
  normal: z.object({ mean: z.number(), deviation: z.number() }).describe('Of the residuals')
})

export const partDiagnostics = z.discriminatedUnion('task', [classificationDiagnostics, regressionDiagnostics])

export type PartDiagnostics = z.infer<typeof partDiagnostics>
export type ClassificationDiagnostics = z.infer<typeof classificationDiagnostics>
export type RegressionDiagnostics = z.infer<typeof regressionDiagnostics>

export const worstRow = z.object({
  row: z.number().int().describe('Number of the row in the table, from 1'),
  values: z.array(z.string().nullable()).describe("The table's own values, as in `columns`"),
  target: z.string(),
  prediction: z.string(),
  probability: z.number().nullable().describe('Given to the true class; null for a number'),
  residual: z.number().nullable().describe('Prediction minus target; null for a class')
})

export type WorstRow = z.infer<typeof worstRow>

export const worstRows = z.object({
  columns: z.array(z.string()),
  rows: z.array(worstRow).describe('The worst first: least probability of the true class, or largest residual'),
  wrong: z.number().int().nullable().describe('Rows of the part whose class is wrong; null for a number')
})

export type WorstRows = z.infer<typeof worstRows>

export const columnImportance = z.object({
  column: z.string(),
  mean: z.number().describe('By how much the error rises when the column is shuffled'),
  deviation: z.number().describe('Of the repeats'),
  rises: z.array(z.number())
})

export type ColumnImportance = z.infer<typeof columnImportance>

/** One item of the stream: how far it is, then all columns. */
export const importanceItem = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.number().int(), of: z.number().int() }),
  z.object({
    type: z.literal('done'),
    part: openPart.describe('The validation part, or the training part where there is none'),
    rows: z.number().int(),
    repeats: z.number().int(),
    error: z.number().describe('With all columns in place'),
    measure: z.string().describe('What the error is, with the unit'),
    columns: z.array(columnImportance).describe('The most important first')
  })
])

export type ImportanceItem = z.infer<typeof importanceItem>
export type Importance = Extract<ImportanceItem, { type: 'done' }>

const ofPart = z.object({ runId: z.number().int(), part: openPart.default('validation') })

export const diagnostics = {
  /** Curves and calibration of a classification, residuals of a regression; once the run has ended. */
  ofPart: reading.input(ofPart).output(partDiagnostics),
  worstRows: reading.input(ofPart.extend({ limit: z.number().int().min(1).max(500).default(50) })).output(worstRows),
  /** Permutation importance of the table's columns; leaving the stream cancels it. */
  importance: reading.input(z.object({ runId: z.number().int() })).output(eventIterator(importanceItem))
}
