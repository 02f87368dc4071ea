/**
 * The choice of an experiment: a topology with its reason, the final model, and what is expected of the sealed test part
 * before it is opened. Validation figures only, but for openings that have been made.
 */
import { z } from 'zod'
import { hiddenLayers, partMetrics } from '#contract/network.ts'
import { changing, reading } from '#contract/procedure.ts'
import { complexityPoint } from '#contract/selection.ts'
import { expectation, foldCount, openedExpectation, run } from '#contract/runs.ts'

export const candidate = complexityPoint.pick({ key: true, hidden: true, settings: true }).extend({
  parameters: z.number().int(),
  seeds: z.number().int().describe('What its figures are over: seeds, or folds'),
  validation: z.object({ mean: z.number(), standardError: z.number().nullable() }),
  runId: z.number().int().describe('The run that stands for it: the one nearest to the median of its seeds or folds'),
  runs: z.array(
    z.object({
      runId: z.number().int(),
      seed: z.number().int(),
      fold: z.number().int().nullable().describe('The fold that judged it, from 1; null for the one validation part'),
      validation: z.number()
    })
  ),
  finalEpochs: z.number().int().describe('For a final model: the median best epoch over its runs'),
  suggested: z.boolean()
})

export type Candidate = z.infer<typeof candidate>

export const suggestionMade = z.object({
  key: z.string().nullable().describe('Of the point of the complexity curve; null where nothing could be suggested'),
  name: z.string().nullable().describe('What it was called then'),
  decided: z.boolean(),
  reason: z.string()
})

export const madeChoice = z.object({
  runId: z.number().int().nullable().describe('Null once the run was deleted'),
  key: z
    .string()
    .nullable()
    .describe(
      'Of the point of the complexity curve; null where only the name is known, as of an old choice of a run that is gone'
    ),
  name: z.string().describe('What the topology was called when it was chosen'),
  hidden: hiddenLayers.nullable().describe('Null where only the name is known'),
  rule: z.enum(['suggested', 'own']),
  suggestion: suggestionMade.describe('As it stood when the choice was made'),
  reason: z.string(),
  at: z.number(),
  openingsBefore: z.number().int().describe('How often the test part had been opened by then')
})

export type Choice = z.infer<typeof madeChoice>

export const openingMade = z.object({
  runId: z.number().int().nullable(),
  at: z.number(),
  count: z.number().int(),
  test: partMetrics,
  expectation: openedExpectation.nullable()
})

export type OpeningMade = z.infer<typeof openingMade>

export const choiceState = z.object({
  measure: z.string().describe('What the figures are, with the unit'),
  folds: foldCount
    .nullable()
    .describe('How many folds the candidates were judged by; null for the one validation part'),
  foldCounts: z.array(foldCount).describe('The numbers of folds that some runs of the experiment were judged by'),
  candidates: z.array(candidate).describe('The suggested one first, then the simplest first'),
  suggestion: suggestionMade,
  help: z.string().nullable().describe('What would tell what is open'),
  tried: z.number().int(),
  luck: z
    .object({ mean: z.number(), single: z.number(), method: z.string() })
    .describe('What picking the lowest of so many explains: of a topology by its mean, of a single run'),
  choices: z.array(madeChoice).describe('The newest first; that one counts'),
  finalRunId: z.number().int().nullable().describe('The final model of the newest choice, where one was trained'),
  openings: z.array(openingMade).describe('In the order they were made')
})

export type ChoiceState = z.infer<typeof choiceState>

const experimentId = z.number().int()

export const choice = {
  get: reading.input(z.object({ experimentId, folds: foldCount.nullable().default(null) })).output(choiceState),
  /** Records a choice; a topology that is not the suggested one asks for the reason. */
  make: changing
    .input(z.object({ experimentId, runId: z.number().int(), reason: z.string().max(20_000).default('') }))
    .output(choiceState),
  /**
   * Trains the chosen topology anew on training and validation part together, for the median best epoch of its seeds or
   * folds; its parent is the chosen run.
   */
  trainFinal: changing.input(z.object({ experimentId })).output(run),
  /** What the test part should show for a run, told before it is opened; null where no validation figure says so. */
  expectation: reading.input(z.object({ runId: z.number().int() })).output(expectation.nullable())
}
