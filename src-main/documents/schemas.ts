/**
 * What the documents of `--json` look like, a schema a command, made of the contract's. `lab schema COMMAND` prints them
 * as JSON Schema; the tests of the terminal hold every document to them, so that no field comes or goes unsaid.
 */
import { z } from 'zod'
import { activationNames } from '#engine/network/activations.ts'
import { madeChoice, suggestionMade } from '#contract/choice.ts'
import { dataset, datasetSummary } from '#contract/datasets.ts'
import { experiment } from '#contract/experiments.ts'
import { exported } from '#contract/exports.ts'
import { labCheck } from '#contract/host.ts'
import { partMetrics, runDetails, topology } from '#contract/network.ts'
import { trainingPlan } from '#contract/plan-schema.ts'
import { checkedTable, writtenPredictions } from '#contract/predictions.ts'
import { rangeTest } from '#contract/range-test.ts'
import { expectation, keptEpochs, opening, run } from '#contract/runs.ts'
import {
  comparison,
  complexity,
  complexityPoint,
  learningCurve,
  learningCurves,
  referenceModel,
  references,
  verdict
} from '#contract/selection.ts'
import { gathered, shared, sweep } from '#contract/sweeps.ts'
import { destinationNames } from '#contract/transfers.ts'

const runId = z.number().int()
const numbers = z.array(z.number())

const runFields = z.object({
  id: runId,
  status: run.shape.status,
  experiment: z.string().describe('Its name'),
  dataset: z.string().describe('Its id'),
  target: z.string(),
  task: experiment.shape.settings.shape.task,
  topology,
  plan: trainingPlan.nullable().describe('Null for a network that was trained elsewhere'),
  parameters: run.shape.parameters,
  seed: run.shape.seed,
  epochs: run.shape.epochs,
  bestEpoch: run.shape.bestEpoch,
  members: z.array(runId).optional().describe('Of an ensemble: the runs that it averages'),
  temperature: z.number().optional().describe('Of an ensemble that was calibrated')
})

const runFigures = {
  metrics: z
    .object({ train: partMetrics.nullable(), validation: partMetrics.nullable() })
    .describe('At the best epoch, of the training and the validation part'),
  seconds: run.shape.seconds
}

const runDocument = z.object({ run: runFields, ...runFigures })

const runEntry = runFields.extend(runFigures)

const experimentEntry = experiment
  .pick({
    id: true,
    name: true,
    datasetName: true,
    rows: true,
    runs: true,
    openings: true,
    note: true,
    createdAt: true
  })
  .extend({
    dataset: z.string().describe('Its id'),
    ...experiment.shape.settings.pick({ target: true, task: true, split: true }).shape
  })

const topologyText = z
  .string()
  .describe('Hidden layers as --hidden takes them, with the settings in which topologies differ')

const complexityDocument = complexity
  .pick({
    decided: true,
    signal: true,
    zone: true,
    noise: true,
    tried: true,
    trainOn: true,
    extraSeeds: true,
    help: true,
    price: true,
    unpredicted: true,
    reason: true
  })
  .extend({
    folds: complexity.shape.folds.unwrap().optional().describe('How many folds the points are over; missing for none'),
    measure: complexity.shape.measure.shape.name,
    points: z
      .array(
        complexityPoint
          .pick({
            key: true,
            parameters: true,
            multiplyAdds: true,
            seeds: true,
            train: true,
            validation: true,
            unconverged: true,
            baseline: true
          })
          .extend({ topology: topologyText, worseThanBest: comparison.nullable() })
      )
      .describe('The simplest first'),
    best: topologyText.nullable().describe('The network with the lowest mean validation error'),
    suggested: topologyText.nullable().describe('The simplest within the zone; null where no signal was found'),
    contested: z.array(topologyText).describe('Open or unconverged, and matters'),
    unconverged: z.array(topologyText).describe('Has to train on before anything is decided'),
    luck: complexity.shape.luck.omit({ method: true })
  })

const choiceDocument = madeChoice.omit({ hidden: true }).extend({
  topology: z.string().describe('Hidden layers as --hidden takes them'),
  suggestion: suggestionMade
    .omit({ name: true })
    .extend({ topology: z.string().nullable().describe('What it was called then; null where none was suggested') })
})

const referencesDocument = references.pick({ missing: true, answer: true, reason: true }).extend({
  best: topologyText.nullable().describe('The network they are laid beside'),
  models: z.array(
    referenceModel.pick({ name: true, train: true, trainedRows: true, seconds: true }).extend({
      validation: z.object({ mean: z.number(), low: z.number(), high: z.number() }),
      worseThanBest: comparison.nullable().describe('Worse than the best network: below 0 it is better')
    })
  )
})

const sweepDocument = z.object({
  sweep: sweep
    .pick({
      id: true,
      status: true,
      points: true,
      planned: true,
      runs: true,
      elapsedSeconds: true,
      cost: true,
      message: true
    })
    .extend({ experiment: z.string().describe('Its name') }),
  complexity: complexityDocument
})

const datasetDocument = z.object({ dataset })

const settingLine = z.object({
  path: z.string().describe('As --set and --vary take it'),
  label: z.string(),
  values: z.string(),
  default: z.string(),
  help: z.string()
})

const layerNumbers = z.object({ weights: z.array(numbers).describe('A row a unit'), biases: numbers })

const linearUnit = z.object({ weights: numbers, bias: z.number() })

const learnedUnit = {
  data: z.string(),
  inputs: z.array(z.string()),
  classes: z.array(z.string()).length(2).describe('That of 0 first'),
  rows: z.number().int(),
  rate: z.number(),
  epochs: z.number().int(),
  accuracy: z.number(),
  isLearned: z.boolean().describe('Whether every row is right'),
  reason: z.string()
}

const bySingleUnit = {
  ...learnedUnit,
  ...linearUnit.shape,
  updates: z.number().int(),
  separable: z.enum(['separable', 'inseparable', 'unknown']).describe('Whether a line parts the classes')
}

/** By the words of the command. */
export const documentSchemas = {
  import: datasetDocument,
  reread: datasetDocument,
  datasets: z.object({ datasets: z.array(datasetSummary) }),
  describe: datasetDocument,
  train: runDocument,
  resume: runDocument,
  stop: runDocument,
  'import-model': runDocument,
  ensemble: runDocument,
  show: runDocument.extend({
    message: run.shape.message,
    note: z.string(),
    details: runDetails.nullable().describe('The full figures at the best epoch; null until the run has ended'),
    keptEpochs,
    curve: z
      .array(z.object({ epoch: z.number().int() }).catchall(z.number().nullable()))
      .describe('An object an epoch; null stands for what is no finite number')
  }),
  runs: z.object({ runs: z.array(runEntry) }),
  experiments: z.object({ experiments: z.array(experimentEntry) }),
  compare: z.object({ runs: z.array(runEntry.extend(verdict.shape)) }),
  complexity: complexityDocument.extend({
    references: referencesDocument.optional().describe('Missing with --no-references, and where no run has ended')
  }),
  'train-on': complexityDocument,
  sweep: z.union([
    sweepDocument,
    z
      .object({ shared: shared.extend({ script: z.string().nullable().describe('With --slurm: the batch script') }) })
      .describe('With --to: nothing was trained')
  ]),
  work: z.union([
    z.object({
      folder: z.string(),
      trained: z.number().int().describe('Units that this worker trained'),
      done: z.number().int().describe('Units that have a result now'),
      of: z.number().int()
    }),
    z.object({ server: z.string(), trained: z.number().int() }).describe('At a NATS server, once it was interrupted')
  ]),
  gather: gathered,
  continue: sweepDocument,
  'learning-curve': learningCurves.extend({ curves: z.array(learningCurve.extend({ topology: topologyText })) }),
  'range-test': rangeTest,
  choose: z.union([
    z.object({
      choice: choiceDocument,
      expectation: expectation.nullable()
    }),
    runDocument.describe('With --retrain: the final model')
  ]),
  test: z.union([
    z.object({ run: runId, test: partMetrics, opening }),
    z
      .object({ run: runId, agentMayOpen: z.boolean() })
      .describe('With --let-agent or --not-let-agent: nothing is opened')
  ]),
  report: z.object({ report: z.object({ path: z.string(), bytes: z.number().int() }) }),
  export: z.object({ run: runId, export: exported }),
  predict: z.object({
    run: runId,
    target: z.string(),
    classes: z.array(z.string()).nullable(),
    check: checkedTable,
    predictions: writtenPredictions
  }),
  transfer: z.object({
    experiment: z.number().int(),
    to: z.enum(destinationNames),
    path: z.string(),
    runs: z.number().int(),
    leftOut: z.array(z.string()),
    bytes: z.number().int()
  }),
  unpack: z.object({
    experiment: z.number().int(),
    name: z.string(),
    runs: z.number().int(),
    existed: z.boolean().describe('True where the lab had the same experiment with the same runs already')
  }),
  check: labCheck,
  serve: z.object({ address: z.string().describe('To open, with its key') }),
  'serve-model': z.object({ run: runId, address: z.string() }),
  plan: z.object({
    settings: z.array(settingLine),
    hidden: z.array(settingLine).describe('Of hidden layers, which a sweep can vary')
  }),
  activations: z.object({
    activations: z.array(
      z.looseObject({
        name: z.enum(activationNames),
        label: z.string(),
        formula: z.string(),
        derivative: z.string(),
        range: z.string(),
        zeroCentred: z.boolean(),
        saturates: z.boolean(),
        differentiable: z.string(),
        initialisation: z.string()
      })
    )
  }),
  backprop: z.object({
    run: runId,
    epoch: z.number().int(),
    row: z.number().int().describe('Of the table, from 1'),
    part: z.enum(['train', 'validation']),
    target: z.string(),
    loss: z.string(),
    rate: z.number(),
    inputs: z.array(z.object({ name: z.string(), value: z.number() })),
    outputs: z.array(z.object({ name: z.string(), value: z.number(), wanted: z.number() })),
    lossBefore: z.number(),
    lossAfter: z.number(),
    check: z.object({
      fromGraph: z.number(),
      fromDifferences: z.number(),
      looked: z.number().int(),
      ofParameters: z.number().int(),
      passed: z.boolean()
    }),
    layers: z.array(
      z.object({
        layer: z.number().int().describe('1 for the first hidden layer'),
        activation: z.string(),
        z: numbers,
        a: numbers,
        delta: numbers,
        gradient: layerNumbers,
        before: layerNumbers,
        after: layerNumbers
      })
    )
  }),
  'unit mcculloch-pitts': z.object({
    unit: z.literal('mcculloch-pitts'),
    weights: numbers,
    threshold: z.number(),
    rows: z.array(z.object({ inputs: numbers, output: z.number() }))
  }),
  'unit perceptron': z.object({
    unit: z.literal('perceptron'),
    ...bySingleUnit,
    mostUpdates: z.number().nullable().describe("Novikoff's bound; null where no line parts the classes"),
    steps: z
      .array(linearUnit.extend({ epoch: z.number().int(), row: z.number().int() }))
      .optional()
      .describe('With --steps: the updates')
  }),
  'unit adaline': z.object({
    unit: z.literal('adaline'),
    ...bySingleUnit,
    squaredError: z.number(),
    leastSquares: linearUnit.extend({ squaredError: z.number() }).nullable()
  }),
  'unit madaline': z.object({
    unit: z.literal('madaline'),
    ...learnedUnit,
    rule: z.enum(['or', 'and', 'majority', 'two']),
    seed: z.number().int(),
    hidden: z.array(linearUnit)
  })
} as const satisfies Readonly<Record<string, z.ZodType>>

export type DocumentName = keyof typeof documentSchemas

export type DocumentOf<Name extends DocumentName> = z.infer<(typeof documentSchemas)[Name]>

export const documentNames = Object.keys(documentSchemas) as DocumentName[]

/**
 * The JSON Schema (draft 2020-12) of a command's document.
 * `version` is that of the lab, for which the schema holds.
 */
export function jsonSchemaOf(name: DocumentName, version: string) {
  const { $schema, ...schema } = z.toJSONSchema(documentSchemas[name])
  return {
    $schema,
    $id: `urn:topology-lab:${version}:${name.replace(' ', '-')}`,
    title: `lab ${name} --json`,
    ...schema
  }
}
