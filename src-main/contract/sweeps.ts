/**
 * Sweeps: many topologies and settings, each with the same seeds, planned and run as one thing.
 * A sweep plans all its runs when it starts, so that it goes on after a crash with exactly those.
 */
import { z } from 'zod'
import { hiddenActivationNames } from '#engine/network/activations.ts'
import { variedPaths } from '#engine/training/varied.ts'
import { hiddenLayers } from '#contract/network.ts'
import { trainingPlan } from '#contract/plan-schema.ts'
import { changing, reading } from '#contract/procedure.ts'
import { foldCount } from '#contract/runs.ts'

export const sweepStatuses = ['running', 'paused', 'interrupted', 'done', 'stopped'] as const

export type SweepStatus = (typeof sweepStatuses)[number]

/** Above this many runs a sweep is refused: nobody waits for it, and the store would feel it. */
export const mostSweepRuns = 20_000

const depths = z.array(z.number().int().min(1).max(64)).min(1).max(64)

/** A setting of the plan or of all hidden layers, and what is tried of it; whether it may have the values, the engine tells. */
export const variedSetting = z.object({
  path: z.enum(variedPaths).describe('Such as optimizer.learningRate or hidden.dropout'),
  values: z
    .array(z.union([z.number(), z.string().max(100), z.null(), z.array(z.number()).max(1000).readonly()]))
    .min(1)
    .max(100)
    .readonly()
})

/** What is tried: every topology with every combination of the values of what is varied. */
export const sweepSpace = z.object({
  hidden: z.array(z.string().max(500)).max(5000).default([]).describe('Hidden layers as text, such as none or 64x32'),
  layers: z
    .array(hiddenLayers)
    .max(5000)
    .default([])
    .describe('Hidden layers as they are: what is varied of hidden layers leaves them alone'),
  grid: z
    .object({ depths, widths: z.array(z.number().int().min(1).max(8192)).min(1).max(1000) })
    .nullable()
    .default(null)
    .describe('Every depth with every width, all hidden layers alike'),
  equalParameters: z
    .object({ parameters: z.number().int().min(1), depths })
    .nullable()
    .default(null)
    .describe('For each depth the width that comes closest to this many parameters'),
  activation: z.enum(hiddenActivationNames).default('relu').describe('Of hidden layers that name none'),
  vary: z
    .array(variedSetting)
    .max(variedPaths.length)
    .refine((vary) => new Set(vary.map(({ path }) => path)).size === vary.length, 'A setting is varied twice.')
    .readonly()
    .default([])
})

export type SweepSpace = z.infer<typeof sweepSpace>

export const sweepStrategy = z.discriminatedUnion('name', [
  z.object({ name: z.literal('grid') }).describe('Every point'),
  z.object({
    name: z.literal('random'),
    points: z.number().int().min(1).max(mostSweepRuns),
    seed: z.number().int().min(0).default(1)
  }),
  z
    .object({
      name: z.literal('halving'),
      factor: z.number().int().min(2).max(10).default(3),
      firstEpochs: z
        .number()
        .int()
        .min(1)
        .optional()
        .describe('So many epochs for all, then the best 1/factor train to the end; left out, in several rungs')
    })
    .describe(
      'All points begin; the best 1/factor of them go on to factor times the epochs, until the last few end. It prefers ' +
        'what learns fast: what is best in the end may be given up early'
    )
])

export type SweepStrategy = z.infer<typeof sweepStrategy>

export const sweepSettings = z.object({
  experimentId: z.number().int(),
  space: sweepSpace,
  plan: trainingPlan,
  seeds: z.array(z.number().int().min(0)).min(1).max(1000).default([1, 2, 3, 4, 5]),
  shares: z
    .array(z.number().gt(0).max(1))
    .max(20)
    .default([])
    .describe(
      'Shares of the training part that each point is trained on, for a learning curve; none: the whole part. What the ' +
        'experiment has of the same topology, plan, rows and seed is not trained again'
    ),
  folds: foldCount
    .nullable()
    .default(null)
    .describe(
      'Cross-validation: training and validation part are dealt into so many folds, the same for all points, and every ' +
        'seed trains once for each. Null: the one validation part judges'
    ),
  strategy: sweepStrategy.default({ name: 'grid' }),
  budget: z
    .object({
      runs: z.number().int().min(1).nullable().default(null),
      minutes: z.number().positive().nullable().default(null)
    })
    .default({ runs: null, minutes: null }),
  baseline: z.boolean().default(true).describe('Adds the network without hidden layer where the space lacks it'),
  workers: z
    .string()
    .max(300)
    .optional()
    .describe('The NATS server whose workers train it, such as nats://server:4222; left out, it trains in this lab')
})

export type SweepSettings = z.infer<typeof sweepSettings>

export const sweepForecast = z.object({
  points: z.number().int().describe('Topologies and settings that differ'),
  runs: z.number().int(),
  trainedAlready: z.number().int().describe('Runs of a learning curve that the experiment has, and that it takes over'),
  leftOut: z.number().int().describe('Points that the budget in runs leaves out'),
  seconds: z.object({ low: z.number(), high: z.number() }),
  basis: z.enum(['measured', 'assumed']).describe('Measured: from earlier runs of this lab; assumed: from operations')
})

export type SweepForecast = z.infer<typeof sweepForecast>

export const sweep = z.object({
  id: z.number().int(),
  experimentId: z.number().int(),
  status: z.enum(sweepStatuses),
  settings: sweepSettings,
  points: z.number().int(),
  planned: z.number().int().describe('Runs'),
  runs: z.object({
    waiting: z.number().int(),
    running: z.number().int(),
    done: z.number().int(),
    stopped: z.number().int().describe('Unfinished, such as those that successive halving gave up'),
    failed: z.number().int().describe('Diverged or failed')
  }),
  rung: z
    .object({ number: z.number().int(), of: z.number().int(), epochs: z.number().int(), points: z.number().int() })
    .nullable()
    .describe('Successive halving: the present rung, counted from 1'),
  elapsedSeconds: z.number().describe('On the clock, pauses left out'),
  etaSeconds: z.number().nullable(),
  cost: z
    .object({
      seconds: z.number().describe('Training time of all runs together'),
      lostSeconds: z
        .number()
        .describe(
          'Of it, on points whose mean loss is above the best on as many rows by more than its standard error, or unfinished'
        ),
      lostShare: z.number()
    })
    .nullable()
    .describe('Null until it has ended'),
  message: z.string().nullable(),
  createdAt: z.number(),
  endedAt: z.number().nullable()
})

export type Sweep = z.infer<typeof sweep>

export const trainingOn = z.object({
  runIds: z.array(z.number().int()).describe('Those that go on'),
  sweepIds: z.array(z.number().int()).describe('The sweeps that take them up again')
})

export type TrainingOn = z.infer<typeof trainingOn>

export const shared = z.object({
  sweepId: z.number().int(),
  folder: z.string(),
  units: z.number().int().describe('Runs that were written'),
  tables: z.number().int().describe('Prepared training and validation parts; the test part stays in the lab')
})

export type Shared = z.infer<typeof shared>

export const gathered = z.object({
  sweepId: z.number().int(),
  taken: z.number().int().describe('Results that were new'),
  waiting: z.number().int().describe('Runs of the sweep that have no result yet'),
  refused: z.array(z.string()).describe('Why results were not believed, at most 20'),
  processors: z.array(z.string()).describe('The kinds that the new results are from')
})

export type Gathered = z.infer<typeof gathered>

export const worker = z.object({
  id: z.string(),
  host: z.string(),
  processor: z.string().describe('Its kind: on the same kind a run comes to the same bits'),
  cores: z.number().int().describe('Runs that it trains at once'),
  startedAt: z.number(),
  seenAt: z.number().describe('Its last sign of life'),
  trained: z.number().int(),
  unitsPerHour: z.number().nullable().describe('Since it started; null in its first seconds'),
  failures: z.number().int().describe('Of the machine; a run that diverges is a result'),
  message: z.string().nullable(),
  state: z.enum(['working', 'silent', 'benched', 'gone']),
  inHand: z.number().int()
})

export type Worker = z.infer<typeof worker>

export const serverWorkers = z.object({
  server: z.string(),
  isConnected: z.boolean(),
  workers: z.array(worker)
})

export type ServerWorkers = z.infer<typeof serverWorkers>

export const workers = z.object({ servers: z.array(serverWorkers).describe('Those that sweeps of this session use') })

export type Workers = z.infer<typeof workers>

const folder = z.string().min(1).describe('On the computer of the lab')

const id = z.object({ sweepId: z.number().int() })

export const sweeps = {
  /** What a sweep would take, before it is started. */
  forecast: reading.input(sweepSettings).output(sweepForecast),
  start: changing.input(sweepSettings).output(sweep),
  /** Plans a sweep and begins nothing: it is paused. */
  plan: changing.input(sweepSettings).output(sweep),
  /** Writes the unfinished runs of a paused sweep into a new folder, for workers on other machines. */
  share: changing.input(id.extend({ folder })).output(shared),
  /** Takes in what workers have made of a folder so far. */
  gather: changing.input(z.object({ folder })).output(gathered),
  /** Who trains at the NATS servers of sweeps. */
  workers: reading.output(workers),
  /** Plans what failed of a sweep that has ended once more, and goes on with it. What diverged stays as it is. */
  retry: changing.input(id).output(sweep),
  /** Newest first. */
  list: reading.input(z.object({ experimentId: z.number().int().optional() })).output(z.array(sweep)),
  get: reading.input(id).output(sweep),
  pause: changing.input(id).output(sweep),
  /** Goes on with a paused or interrupted sweep. */
  resume: changing.input(id).output(sweep),
  /**
   * Trains on, from their checkpoints, the topologies of an experiment that were still learning when their last epoch
   * ended. All runs of their plans get the longer one, so that they stay comparable: those that ended before it are the
   * runs of the longer plan as they are.
   */
  trainOn: changing
    .input(
      z.object({
        experimentId: z.number().int(),
        folds: foldCount.nullable().default(null),
        times: z.number().int().min(2).max(100).default(3).describe('Times as many epochs, at most')
      })
    )
    .output(trainingOn),
  /** Ends it: what is unfinished stays as it is and is never drawn as a result. */
  stop: changing.input(id).output(sweep)
}
