/** Runs: one training of one topology with one plan and one seed; control, curves and the sealed test part. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { longAnswer } from '#contract/long-answer.ts'
import { divergence, hiddenLayers, partMetrics, runDetails, topology } from '#contract/network.ts'
import { trainingPlan } from '#contract/plan-schema.ts'
import { changing, reading } from '#contract/procedure.ts'

export const runStatuses = [
  'queued',
  'running',
  'paused',
  'interrupted',
  'done',
  'stopped',
  'diverged',
  'failed'
] as const

export type RunStatus = (typeof runStatuses)[number]

/** A word or two that a person files runs under. */
export const tag = z.string().trim().min(1).max(40)

/** More tags than these on one run say nothing any more. */
export const mostTags = 20

const tags = z.array(tag).max(mostTags)

/** How many folds a cross-validation may have. */
export const foldLimits = { minimum: 2, maximum: 20 } as const

export const foldCount = z.number().int().min(foldLimits.minimum).max(foldLimits.maximum)

export const runData = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('whole') }).describe('The training part; the validation part judges every epoch'),
  z
    .object({ kind: z.literal('share'), share: z.number().gt(0).lt(1) })
    .describe('A share of the training part, for a learning curve; the whole validation part judges every epoch'),
  z
    .object({ kind: z.literal('fold'), index: z.number().int().min(1), of: foldCount })
    .describe(
      'Training and validation part dealt into folds: this one, counted from 1, judges every epoch, all others are ' +
        'trained on. The preparation is fitted on those alone'
    ),
  z.object({ kind: z.literal('final') }).describe('Training and validation part together: a final model')
])

export type RunData = z.infer<typeof runData>

/** More networks than these are slow to ask and add nothing. */
export const mostMembers = 100

export const ensemble = z
  .object({
    members: z
      .array(z.object({ run: z.number().int(), topology, seed: z.number().int() }))
      .describe('By their numbers, whatever order they were named in; it keeps their weights when they are removed'),
    temperature: z
      .number()
      .optional()
      .describe('Averaged probabilities become p^(1 / temperature), divided by their sum; missing: they stay')
  })
  .describe('Networks whose probabilities or values are averaged')

export type Ensemble = z.infer<typeof ensemble>

export const run = z.object({
  id: z.number().int(),
  experimentId: z.number().int(),
  parentId: z.number().int().nullable().describe('The run whose topology and plan it was made from'),
  sweepId: z.number().int().optional().describe('The sweep that planned it; missing for a run started by itself'),
  source: z
    .enum(['onnx', 'ensemble'])
    .optional()
    .describe('`onnx`: taken over from an ONNX file; `ensemble`: other runs averaged; missing for a run trained here'),
  ensemble: ensemble.optional().describe('Only of an ensemble'),
  status: z.enum(runStatuses),
  topology,
  plan: trainingPlan,
  fromEpoch: z
    .number()
    .int()
    .optional()
    .describe('The epoch of its parent whose weights it began with; missing where they were drawn'),
  data: runData.describe('The rows it trains on'),
  seed: z.number().int(),
  parameters: z.number().int(),
  epochs: z.number().int().describe('Completed so far'),
  bestEpoch: z.number().int().nullable().describe('With the lowest validation loss so far'),
  train: partMetrics
    .nullable()
    .describe('At the best epoch: while it trains, the mean over its own batches; once it has ended, measured'),
  validation: partMetrics.nullable().describe('At the best epoch'),
  latest: z
    .object({ train: partMetrics, validation: partMetrics.nullable() })
    .nullable()
    .describe('At the last epoch, while running'),
  seconds: z.number().describe('Training time, pauses left out'),
  samplesPerSecond: z.number().nullable(),
  etaSeconds: z.number().nullable().describe('To the last planned epoch; early stopping may end it sooner'),
  message: z.string().nullable().describe('Why it stopped, diverged or failed, in a sentence'),
  divergence: divergence.optional().describe('Where it blew up; only for a diverged run'),
  note: z.string(),
  tags: z.array(z.string()).optional().describe('Missing where there are none'),
  starred: z.boolean().optional().describe('Missing where it is not'),
  processor: z
    .string()
    .optional()
    .describe(
      'The kind that trained it: on the same kind the same run comes to the same bits; missing where not known'
    ),
  testOpened: z.boolean(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable()
})

export type Run = z.infer<typeof run>

/**
 * A piece of a long list of runs. Most runs share their topology and plan with others, so each of these is sent once a
 * list, and the runs name it by its place among all of the list so far; run-pieces.ts packs and unpacks.
 */
export const runPiece = z.object({
  topologies: z.array(topology).describe('Those that no piece before has given'),
  plans: z.array(trainingPlan).describe('Those that no piece before has given'),
  runs: z.array(run.extend({ topology: z.number().int().min(0), plan: z.number().int().min(0) }))
})

export type RunPiece = z.infer<typeof runPiece>

const float32 = z.instanceof(Float32Array)

/** Epoch records of one run, as EpochColumns of the engine has them, with the names of the columns. */
export const curvePiece = z.object({
  runId: z.number().int(),
  columns: z.array(z.string()).describe('Names as metricColumns() gives them'),
  firstEpoch: z.number().int(),
  epochs: z.number().int(),
  values: float32
})

export type CurvePiece = z.infer<typeof curvePiece>

export const metricsItem = z.discriminatedUnion('type', [
  z.object({ type: z.literal('curves'), pieces: z.array(curvePiece) }),
  z.object({ type: z.literal('gap') }).describe('The client was too slow: read the curves again with runs.curves')
])

export type MetricsItem = z.infer<typeof metricsItem>

/** What the test part should show, told before it is opened. Errors: the share of wrong classes, or the RMSE. */
export const expectation = z.object({
  validation: z.number().describe('The validation error it starts from'),
  ofRun: z.number().int().describe('Whose validation error that is: of a final model, the run it was made from'),
  optimism: z
    .number()
    .describe(
      'What picking the lowest of so many explains, added to the validation error: less for a run that stands for its ' +
        'topology than for one that was picked for its own error'
    ),
  low: z.number().describe('The test error should lie from here'),
  high: z.number().describe('to here, at the level of the method'),
  validationRows: z.number().int(),
  testRows: z.number().int(),
  method: z.string()
})

export type Expectation = z.infer<typeof expectation>

export const openedExpectation = expectation.extend({
  error: z.number().describe('The test error'),
  outcome: z.enum(['as_expected', 'worse', 'better'])
})

export type OpenedExpectation = z.infer<typeof openedExpectation>

export const opening = z.object({
  at: z.number(),
  count: z.number().int().describe('How often the test part of this experiment has been opened, this one included'),
  expectation: openedExpectation.nullable().describe('What was expected before, and whether it came true')
})

export type Opening = z.infer<typeof opening>

export const keptEpochs = z.object({
  epochs: z.array(z.number().int()).describe('In order; 0 is the start'),
  best: z.number().int().nullable(),
  last: z.number().int().nullable()
})

export type KeptEpochs = z.infer<typeof keptEpochs>
export const runForecastRequest = z.object({
  experimentId: z.number().int(),
  hidden: hiddenLayers,
  plan: trainingPlan
})

export type RunForecastRequest = z.infer<typeof runForecastRequest>

export const runForecast = z.object({
  secondsPerEpoch: z.object({ low: z.number(), high: z.number() }),
  basis: z.enum(['measured', 'assumed']).describe('Measured: from earlier runs of this lab; assumed: from operations'),
  memoryBytes: z.number().describe('Of the run in the engine: weights, optimizer, outputs and order of rows')
})

export type RunForecast = z.infer<typeof runForecast>

const id = z.object({ runId: z.number().int() })
const testLeave = z.object({ allowed: z.boolean() })
const runIds = z.object({ runIds: z.array(z.number().int()).max(10_000) })
const curvesOf = runIds.extend({
  columns: z.array(z.string()).max(200).optional().describe('These columns alone; left out, all of them')
})

export const runs = {
  start: changing
    .input(
      z.object({
        experimentId: z.number().int(),
        hidden: hiddenLayers,
        plan: trainingPlan,
        seeds: z.array(z.number().int().min(0)).min(1).max(1000),
        parentId: z.number().int().nullable().default(null),
        from: z
          .object({ runId: z.number().int(), epoch: z.number().int().min(0) })
          .optional()
          .describe("Begins with a run's weights of a kept epoch instead of drawn ones; that run becomes the parent"),
        note: z.string().max(20_000).default(''),
        tags: tags.default([])
      })
    )
    .output(z.array(run)),
  /** Newest first, piece by piece. */
  list: reading
    .input(
      z.object({
        experimentId: z.number().int().optional(),
        before: z.number().int().optional().describe('Only runs with a lower number'),
        limit: z.number().int().min(1).max(10_000).optional()
      })
    )
    .output(eventIterator(longAnswer<RunPiece>())),
  /** What one run of this topology and plan would take. */
  forecast: reading.input(runForecastRequest).output(runForecast),
  get: reading.input(id).output(run),
  pause: changing.input(id).output(run),
  /** Goes on with a paused, interrupted or stopped run from its last checkpoint. */
  resume: changing.input(id).output(run),
  stop: changing.input(id).output(run),
  update: changing.input(id.extend({ note: z.string().max(20_000).optional() })).output(run),
  /** Stars runs and adds or takes away tags, of all these runs alike. */
  mark: changing
    .input(
      runIds.extend({
        starred: z.boolean().optional(),
        addTags: tags.optional(),
        removeTags: tags.optional()
      })
    )
    .output(z.void()),
  remove: changing.input(runIds).output(z.void()),
  /** The stored curves, whole. */
  curves: reading.input(curvesOf).output(z.array(curvePiece)),
  /**
   * The stored records first, then live ones as they are stored. Resumes after the last event id; pieces may overlap
   * what the client has and say the same.
   */
  metrics: reading.input(curvesOf).output(eventIterator(metricsItem)),
  /** The full figures at the best epoch, once the run has ended; of the training and validation part alone. */
  details: reading.input(id).output(runDetails.nullable()),
  /** The epochs whose weights can be looked at: kept ones, the best, and the last one stored. */
  kept: reading.input(id).output(keptEpochs),
  weights: reading
    .input(id.extend({ which: z.enum(['best', 'last']).default('best') }))
    .output(z.object({ epoch: z.number().int(), parameters: float32 })),
  /**
   * Opens the sealed test part for this run and records it; the only call that gives a test figure. An agent needs the
   * leave of a person for that run, which its opening uses up.
   */
  openTest: changing
    .input(id.extend({ by: z.enum(['person', 'agent']).default('person') }))
    .output(z.object({ test: partMetrics, opening })),
  /** Gives an agent leave to open the test part for this run, once, or takes it back. A person does this, no agent. */
  allowTest: changing.input(id.extend({ allowed: z.boolean() })).output(testLeave),
  /** Whether an agent has that leave. */
  testAllowed: reading.input(id).output(testLeave),
  /** What earlier openings of this run gave. */
  openedTest: reading.input(id).output(z.object({ test: partMetrics, opening }).nullable())
}
