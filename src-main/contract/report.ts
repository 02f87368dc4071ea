/**
 * The report of an experiment: everything a reader needs to judge a choice, as one HTML file or as this JSON document.
 * Its `version` rises whenever a field changes its meaning or goes away; fields may be added without that.
 */
import { z } from 'zod'
import { madeChoice, openingMade, suggestionMade } from '#contract/choice.ts'
import { columnSetting, preparation, split } from '#contract/experiments.ts'
import { partMetrics, topology } from '#contract/network.ts'
import { trainingPlan } from '#contract/plan-schema.ts'
import { reading } from '#contract/procedure.ts'
import { runData } from '#contract/runs.ts'
import { complexity, complexityPoint } from '#contract/selection.ts'

export const reportedModel = z.object({
  runId: z.number().int(),
  parentId: z.number().int().nullable(),
  data: runData.describe('The rows it was trained on'),
  status: z.string(),
  topology,
  plan: trainingPlan,
  seed: z.number().int(),
  parameters: z.number().int(),
  epochs: z.number().int(),
  bestEpoch: z.number().int().nullable(),
  train: partMetrics.nullable(),
  validation: partMetrics.nullable().describe('Null for a model that was trained on the validation part as well')
})

export const reportDocument = z.object({
  format: z.literal('topology-lab-report'),
  version: z.literal(1),
  lab: z.string().describe('The version of Topology Lab that wrote it'),
  writtenAt: z.number().describe('Milliseconds since 1970'),
  experiment: z.object({ id: z.number().int(), name: z.string(), note: z.string(), createdAt: z.number() }),
  question: z.object({
    target: z.string(),
    task: z.enum(['classification', 'regression']),
    classes: z.array(z.string()).nullable()
  }),
  data: z.object({
    name: z.string(),
    hash: z.string().describe('Of the content of the table: the same rows and columns have the same'),
    source: z.string(),
    reading: z.array(z.string()).optional().describe('How its files were read, in few words each'),
    rows: z.object({
      train: z.number().int(),
      validation: z.number().int(),
      test: z.number().int(),
      dropped: z.number().int()
    }),
    columns: z.array(columnSetting),
    inputs: z.number().int().describe('Numbers that a network reads of one row'),
    preparation,
    split,
    warnings: z.array(z.string())
  }),
  measure: complexity.shape.measure,
  folds: complexity.shape.folds,
  tried: z
    .array(
      complexityPoint.extend({
        suggested: z.boolean(),
        chosen: z.boolean()
      })
    )
    .describe(
      'Everything compared on the validation part, or on the folds, the simplest first; single runs in `trials`'
    ),
  rule: z.string().describe('How the suggestion comes about'),
  suggestion: suggestionMade.describe('As it stands now'),
  luck: complexity.shape.luck.extend({ tried: z.number().int() }),
  choices: z.array(madeChoice).describe('The newest first; that one counts'),
  model: reportedModel.nullable().describe('The final model, else the chosen run; null before the choice'),
  openings: z.array(openingMade).describe('Every opening of the sealed test part; no other test figure exists')
})

export type ReportDocument = z.infer<typeof reportDocument>

export const report = {
  /** Writes the report to a file on the computer of the lab, or gives it as text where no path is given. */
  write: reading
    .input(
      z.object({
        experimentId: z.number().int(),
        format: z.enum(['html', 'json']),
        path: z.string().min(1).optional()
      })
    )
    .output(z.object({ path: z.string().nullable(), text: z.string().nullable(), bytes: z.number().int() }))
}
