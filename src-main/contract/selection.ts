/** Choosing: the complexity curve with its suggestion, and the verdict on a single run. Validation figures only. */
import { z } from 'zod'
import { longAnswer } from '#contract/long-answer.ts'
import { hiddenLayers } from '#contract/network.ts'
import { changing, reading } from '#contract/procedure.ts'
import { foldCount } from '#contract/runs.ts'

export const complexityAxes = ['parameters', 'multiplyAdds', 'hiddenUnits', 'depth', 'predictionSeconds'] as const

const measure = z.object({
  name: z.enum(['error', 'rmse', 'loss']),
  label: z.string().describe('For the axis, with the unit')
})

const trial = z.object({
  runId: z.number().int(),
  seed: z.number().int(),
  train: z.number(),
  validation: z.number(),
  bestEpoch: z.number().int().nullable()
})

const spread = z.object({ median: z.number(), q1: z.number(), q3: z.number() })

/** The answers about any two topologies, of which the first is asked about. */
export const answers = ['as_good', 'worse', 'open'] as const

export const comparison = z.object({
  difference: z.number().describe('How much worse, in units of the error: above 0 it is worse'),
  low: z.number().describe('95 % of the difference, with the noise of rows and seeds'),
  high: z.number(),
  answer: z
    .enum(answers)
    .describe('worse: surely by more than the zone; as_good: surely not, it may be better; open: the data do not tell'),
  rowShare: z
    .number()
    .nullable()
    .describe('How much of the noise is that of the rows, from 0 to 1; null over folds, which have both in them')
})

export type Comparison = z.infer<typeof comparison>

/** The share of the error of the best that makes no difference in practice. */
export const zoneShare = z.number().min(0).max(1)

/** What a topology is told apart by among those that are compared with it. */
const named = z.object({
  key: z.string().describe('Of its layers and plan: the same whatever other runs there are'),
  hidden: hiddenLayers,
  settings: z
    .array(z.object({ path: z.string(), text: z.string().describe('With what it is: learning rate 0.01') }))
    .describe('The settings in which those that are compared differ; empty where in none')
})

export const complexityPoint = named.extend({
  settingsKey: z.string().describe('The same for points that differ only in the number and size of hidden layers'),
  constant: z.string().nullable().describe('The model that sees no input, by its name; null for a network'),
  parameters: z.number().int(),
  multiplyAdds: z.number().int().describe('Of one forward pass of one sample'),
  hiddenUnits: z.number().int(),
  depth: z.number().int(),
  predictionSeconds: z
    .number()
    .nullable()
    .describe('For one row, in batches on one thread of this machine; null unless it is the axis'),
  baseline: z.boolean().describe('Majority class or mean, or a network without hidden layer'),
  seeds: z.number().int().describe('What its figures are over: seeds, or folds where the curve is over folds'),
  unfinished: z.number().int().describe('Runs that were stopped, diverged or failed, or have not ended: no results'),
  train: spread,
  validation: spread.extend({
    mean: z.number(),
    standardError: z.number().nullable().describe('Of the mean over the seeds or folds; null for one seed'),
    low: z.number().describe('95 % of the error on all rows there could be'),
    high: z.number()
  }),
  unconverged: z.number().int().describe('Runs that the last epoch of their plan ended while they were still learning'),
  beside: comparison.nullable().describe('Beside the best; null for the best, and where nothing tells the noise'),
  trials: z.array(
    trial.extend({
      runId: z.number().int().nullable().describe('Null for the majority class or the mean'),
      fold: z.number().int().nullable().describe('The fold that judged it, from 1; null for the one validation part')
    })
  ),
  pareto: z.boolean().describe('No simpler point is as good')
})

export type ComplexityPoint = z.infer<typeof complexityPoint>

export const complexity = z.object({
  measure,
  folds: foldCount.nullable().describe('How many folds the points are over; null for the one validation part'),
  foldCounts: z.array(foldCount).describe('The numbers of folds that some runs of the experiment were judged by'),
  points: z.array(complexityPoint).describe('The simplest first'),
  best: z.string().nullable().describe('Key of the network with the lowest mean validation error; null without one'),
  suggested: z
    .string()
    .nullable()
    .describe(
      'Key of the simplest network within the zone of the best, its luck taken off; null where no signal was found'
    ),
  zone: z.object({
    share: z.number().describe('The share of the error of the best that makes no difference in practice'),
    value: z.number().describe('The same in units of the error')
  }),
  signal: z
    .enum(['found', 'open', 'none', 'unknown'])
    .describe(
      'Whether a network is surely better than the model that sees no input; none: no network is better; unknown: there ' +
        'is nothing to compare with'
    ),
  noise: z
    .object({
      value: z.number(),
      seeds: z.number().describe('Standard error of the mean over the seeds or folds'),
      rows: z
        .number()
        .describe('Standard error over the rows; 0 where it is not known, and for folds, which have it in them')
    })
    .nullable()
    .describe('One standard error of the best: of its seeds and of the rows, added in squares'),
  decided: z.boolean().describe('Nothing is open or unconverged that matters to the suggestion'),
  extraSeeds: z
    .number()
    .int()
    .describe('Further seeds for each contested point that should settle it; 0 where they would not'),
  contested: z.array(z.string()).describe('Keys of the points that are open or unconverged and matter'),
  unconverged: z
    .array(z.string())
    .describe('Keys of points that matter and have to train on before anything is decided'),
  trainOn: z
    .object({
      runs: z.number().int().describe('Runs that would go on from their checkpoints'),
      epochs: z.number().int().describe('The most epochs they would have then, with the usual times as many')
    })
    .nullable()
    .describe('What sweeps.trainOn would train on; null where nothing was still learning, or none can go on'),
  help: z
    .object({
      by: z.enum(['seeds', 'rows', 'folds', 'nothing']),
      seeds: z.number().int(),
      rows: z.number().int().nullable().describe('So many judging rows would tell'),
      sentence: z.string()
    })
    .nullable()
    .describe('What would tell where the answer is open'),
  price: z
    .string()
    .nullable()
    .describe('What the suggestion costs against the best, in words; null where they are the same'),
  unpredicted: z
    .array(z.string())
    .describe('Classes of which no run of the suggestion, or of the best without one, finds a single row that judges'),
  reason: z.string(),
  unfinished: z.number().int().describe('Runs of all points, also of those without a result, that are none'),
  tried: z
    .number()
    .int()
    .describe('Compared on this validation part, also those given up early; without the majority class or mean'),
  luck: z
    .object({
      mean: z.number().describe('By how much the lowest mean error flatters its topology'),
      single: z.number().describe('By how much the lowest error of a single run flatters that run'),
      method: z.string()
    })
    .describe('What picking the lowest of so many explains, in units of the error'),
  pending: z.number().int().describe('Runs of which the rows are still being worked out; ask again')
})

export type Complexity = z.infer<typeof complexity>

export const referenceModel = z.object({
  name: z.enum(['linear', 'forest']),
  label: z.string().describe('As sentences call it: linear model, random forest'),
  train: z.number().describe('Error on what it was trained on, over all folds'),
  error: z.number().describe('On the rows that judge the networks, in the same unit'),
  low: z.number().describe('95 % of the error on all rows there could be'),
  high: z.number(),
  beside: comparison
    .nullable()
    .describe(
      'Beside the network with the lowest mean error, whose luck is taken off: below 0 it is better than that; null where ' +
        'nothing tells the noise'
    ),
  trainedRows: z.number().int().describe('Of one fold, or the training part; a forest takes a sample of a large one'),
  seconds: z.number().describe('To fit and judge it, over all folds')
})

export type ReferenceModel = z.infer<typeof referenceModel>

export const references = z.object({
  measure,
  folds: foldCount.nullable(),
  models: z.array(referenceModel).describe('Those that are known: lines beside the complexity curve'),
  missing: z.array(z.object({ label: z.string(), reason: z.string() })),
  best: z.string().nullable().describe('Key of the network they are laid beside; null without one'),
  answer: z
    .enum(['network', 'reference', 'as_good', 'open', 'unknown'])
    .describe(
      'Is a network the right tool here? network: surely better than both; reference: one of them is surely better; ' +
        'as_good: one of them is as good; open: the rows do not tell; unknown: nothing to compare yet'
    ),
  reason: z.string(),
  isPending: z.boolean().describe('Some are still being fitted; ask again')
})

export type References = z.infer<typeof references>

export const learningCurve = named.extend({
  points: z
    .array(
      z.object({
        share: z.number().describe('Of the training part'),
        rows: z.number().int().describe('Trained on'),
        seeds: z.number().int(),
        unfinished: z.number().int().describe('Runs that were stopped, diverged or failed, or have not ended'),
        train: spread.describe('On the rows that were trained on'),
        validation: spread.describe('On the whole validation part'),
        trials: z.array(trial)
      })
    )
    .describe('The fewest rows first; only with results'),
  advice: z.object({
    helps: z.enum(['rows', 'units', 'neither', 'unknown']).describe('What would help, as far as the curve shows it'),
    reason: z.string(),
    rule: z.string()
  })
})

export type LearningCurve = z.infer<typeof learningCurve>

export const learningCurves = z.object({
  measure,
  curves: z.array(learningCurve).describe('A curve for each topology and plan that was trained on shares; newest first')
})

export type LearningCurves = z.infer<typeof learningCurves>

export const verdict = z.object({
  verdict: z
    .enum([
      'good',
      'too_small',
      'larger_than_needed',
      'overfit',
      'little_signal',
      'underfit',
      'not_converged',
      'diverged',
      'unfinished',
      'unjudged'
    ])
    .describe(
      'too_small and larger_than_needed: a larger one is surely better, a smaller one surely as good; little_signal: not ' +
        'surely better than the model that sees no input; underfit: learned little, with nothing to compare it with'
    ),
  evidence: z.string(),
  next: z.string().describe('The next thing to try')
})

export type Verdict = z.infer<typeof verdict>

export const selection = {
  /**
   * Over all finished runs of an experiment, each at its epoch with the lowest validation loss: those that the one
   * validation part judged, or those of so many folds.
   */
  complexity: reading
    .input(
      z.object({
        experimentId: z.number().int(),
        axis: z
          .enum(complexityAxes)
          .default('parameters')
          .describe(
            'What counts as complexity; predictionSeconds are measured, the first time a topology is asked for'
          ),
        measure: z
          .enum(['error', 'loss'])
          .default('error')
          .describe('Error: the share of wrong classes, or the root mean squared error in units of the target'),
        folds: foldCount
          .nullable()
          .default(null)
          .describe('Over this many folds, whose topologies count once all have ended; null: over the validation part'),
        zone: zoneShare.optional().describe('Instead of the one that is set for the experiment')
      })
    )
    .output(longAnswer<Complexity>()),
  /**
   * Error over the number of training rows. The shares are nested and the same for all seeds; the validation part and
   * the preparation, fitted on the whole training part, are those of the experiment.
   */
  learningCurves: reading
    .input(
      z.object({
        experimentId: z.number().int(),
        hidden: hiddenLayers.optional().describe('The curves of these hidden layers alone; left out, all')
      })
    )
    .output(learningCurves),
  /**
   * A linear model and a random forest on the rows that judge the networks, fitted once in a thread of their own and kept.
   * The linear model is a network without hidden layers, trained to its end by the plan of a new experiment.
   */
  references: reading
    .input(
      z.object({
        experimentId: z.number().int(),
        folds: foldCount.nullable().default(null).describe('As of complexity'),
        zone: zoneShare.optional().describe('Instead of the one that is set for the experiment')
      })
    )
    .output(references),
  /** Sets the zone of practical equality of an experiment. */
  setZone: changing
    .input(z.object({ experimentId: z.number().int(), share: zoneShare }))
    .output(z.object({ share: zoneShare })),
  /** What a run's curves say of it. */
  verdict: reading.input(z.object({ runId: z.number().int() })).output(verdict)
}
