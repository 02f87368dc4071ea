/** Tools that train: within the budget of the session, marked as an agent's, and counted as tried like any other run. */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import { hiddenActivationNames } from '#engine/network/activations.ts'
import { parseHidden } from '#engine/network/topology-text.ts'
import { LabError } from '#contract/errors.ts'
import type { ContractClient } from '#contract/contract.ts'
import type { Experiment } from '#contract/experiments.ts'
import { foldCount } from '#contract/runs.ts'
import { variedSetting } from '#contract/sweeps.ts'
import { followRun, followSweep } from '#lab/agents/follow.ts'
import { planOf } from '#lab/agents/plan.ts'
import { addTool, type Bench, type Call } from '#lab/agents/tool.ts'
import { settledComplexity } from '#lab/agents/tools/judging.ts'
import { complexityDocument, runDocument, sweepDocument } from '#lab/documents/documents.ts'
import { documentSchemas } from '#lab/documents/schemas.ts'
import { hiddenSettingLines, settingLines } from '#lab/documents/setting-lines.ts'
import { listRuns } from '#trials/run-pieces.ts'
import { usualFolds, usualSeeds } from '#trials/usual-folds.ts'

/** The tag of the runs that an agent started. */
export const agentTag = 'agent'

const settings = z
  .record(z.string(), z.union([z.number(), z.string(), z.null(), z.array(z.number()).readonly()]))
  .default({})
  .describe('Settings of the plan by their paths, such as {"optimizer.learningRate": 0.01}; describe_plan lists them')

const hidden = z
  .string()
  .max(500)
  .describe('Hidden layers as text: none, 16, 64x32, 64:tanh x 32:relu:dropout=0.2; 2a is twice the inputs and outputs')

const activation = z.enum(hiddenActivationNames).default('relu').describe('Of hidden layers that name none')

const experimentId = z.number().int()

export function addTrainingTools(server: McpServer, { client, session }: Bench): void {
  addTool(server, 'describe_plan', {
    title: 'List the settings of a training plan',
    description:
      'Every number and choice of a training plan by its path, with allowed values, default and what it does.',
    input: z.object({}),
    output: documentSchemas.plan,
    readOnly: true,
    work: () => Promise.resolve({ settings: settingLines(), hidden: hiddenSettingLines() })
  })

  addTool(server, 'session', {
    title: 'Tell what is left of the session',
    description: 'How many runs and minutes of training are left of those that a person gave this session.',
    input: z.object({}),
    output: z.object({ runs: z.number().int(), minutes: z.number() }),
    readOnly: true,
    work: () => Promise.resolve(session.left())
  })

  addTool(server, 'train', {
    title: 'Train one network',
    description:
      'Trains one topology with one plan and seed, and gives its figures on the training and the validation part at its best ' +
      'epoch. To compare topologies use sweep: one seed is luck. What is given up is stopped, and counts as tried.',
    input: z.object({ experimentId, hidden, activation, settings, seed: z.number().int().min(0).default(1) }),
    output: documentSchemas.train,
    readOnly: false,
    work: async (input, call) => {
      const experiment = await client.experiments.get(input)
      const layers = layersOf(experiment, input.hidden, input.activation)
      const plan = planOf(experiment, input.settings)
      const { seed } = input
      const started = { experimentId: experiment.id, hidden: layers, plan, seeds: [seed], tags: [agentTag] }
      const run = await session.train(1, async (over, giveBack) => {
        const start = async () => {
          const [first] = await client.runs.start(started).catch((error: unknown) => {
            giveBack(1)
            throw error
          })
          if (!first) throw new LabError('internal', 'The lab started no run.')
          return first
        }
        return followRun(client, start, call, over)
      })
      return runDocument(run, await client.experiments.get(input))
    }
  })

  addTool(server, 'forecast_sweep', {
    title: 'Forecast a sweep',
    description: 'How many runs a sweep would make of the session, and about how long they take. Nothing is started.',
    input: sweepInput,
    output: z.object({
      points: z.number().int(),
      runs: z.number().int(),
      seconds: z.object({ low: z.number(), high: z.number() }),
      left: z.object({ runs: z.number().int(), minutes: z.number() })
    }),
    readOnly: true,
    work: async (input) => {
      const { points, runs, seconds } = await client.sweeps.forecast(await sweepOf(client, input))
      return { points, runs, seconds, left: session.left() }
    }
  })

  addTool(server, 'sweep', {
    title: 'Sweep over topologies',
    description:
      'Trains many topologies and settings with the same seeds or folds, and gives error over complexity with the simplest ' +
      'topology within the noise of the best. Refused where it takes more runs than the session has left.',
    input: sweepInput,
    output: documentSchemas.continue,
    readOnly: false,
    work: async (input, call: Call) => {
      const asked = await sweepOf(client, input)
      const { runs } = await client.sweeps.forecast(asked)
      const sweep = await session.train(runs, (over, giveBack) => {
        const start = async () => {
          const begun = await client.sweeps.start(asked).catch((error: unknown) => {
            giveBack(runs)
            throw error
          })
          const planned = await listRuns(client, { experimentId: asked.experimentId })
          const runIds = planned.flatMap(({ id, sweepId }) => (sweepId === begun.id ? id : []))
          if (runIds.length > 0) await client.runs.mark({ runIds, addTags: [agentTag] })
          return begun
        }
        return followSweep(client, start, call, over)
      })
      const complexity = await settledComplexity(client, { experimentId: asked.experimentId, folds: asked.folds })
      const { name } = await client.experiments.get(asked)
      return { sweep: sweepDocument(sweep, name), complexity: complexityDocument(complexity) }
    }
  })
}

const sweepInput = z.object({
  experimentId,
  hidden: z.array(hidden).min(1).max(200),
  activation,
  settings,
  vary: z.array(variedSetting).max(20).default([]).describe('Settings by their paths, each with the values to try'),
  seeds: z.number().int().min(1).max(100).optional().describe('How many; left out: five, or one with folds'),
  folds: foldCount.nullable().optional().describe('Left out: cross-validation for small tables; null: none')
})

function layersOf(experiment: Experiment, text: string, unnamed: z.output<typeof activation>) {
  try {
    return parseHidden(text, { inputs: experiment.inputs.length, outputs: experiment.outputs }, unnamed)
  } catch (error) {
    if (error instanceof RangeError) throw new LabError('bad_settings', error.message, { field: 'hidden' })
    throw error
  }
}

/** What the lab is asked for; folds and seeds as a person gets them who names none. */
async function sweepOf(client: ContractClient, { hidden: texts, seeds, folds, ...input }: z.output<typeof sweepInput>) {
  const experiment = await client.experiments.get(input)
  const judged = folds === undefined && seeds === undefined ? usualFolds(experiment) : (folds ?? null)
  const count = seeds ?? usualSeeds[judged === null ? 'part' : 'folds']
  return {
    experimentId: experiment.id,
    space: { hidden: texts, activation: input.activation, vary: input.vary },
    plan: planOf(experiment, input.settings),
    seeds: Array.from({ length: count }, (_, index) => index + 1),
    folds: judged
  }
}
