/** Tools on data and questions: what tables there are, what they hold, and which experiment asks what of them. */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { experiment, finding, proposal } from '#contract/experiments.ts'
import { LabError } from '#contract/errors.ts'
import { addTool, type Bench } from '#lab/agents/tool.ts'
import { experimentEntry } from '#lab/documents/documents.ts'
import { documentSchemas } from '#lab/documents/schemas.ts'

const question = z.object({
  datasetId: z.string(),
  target: z.string().describe('The column to predict'),
  task: z.enum(['classification', 'regression']).optional().describe('Left out: by the values of the target'),
  ignore: z.array(z.string()).default([]).describe('Columns that are no inputs')
})

export function addDataTools(server: McpServer, { client }: Pick<Bench, 'client'>): void {
  addTool(server, 'list_datasets', {
    title: 'List the data sets',
    description: 'The tables that a person has taken into the lab.',
    input: z.object({}),
    output: documentSchemas.datasets,
    readOnly: true,
    work: async () => ({ datasets: await client.datasets.list() })
  })

  addTool(server, 'describe_data', {
    title: 'Describe a data set',
    description:
      'The columns of a table with types, missing values and histograms. Rows are not shown: some are sealed.',
    input: z.object({ datasetId: z.string() }),
    output: documentSchemas.describe,
    readOnly: true,
    work: async (input) => ({ dataset: await client.datasets.get(input) })
  })

  const settingsOf = async ({ ignore, ...asked }: z.output<typeof question>) => {
    const proposed = await client.experiments.propose(asked)
    const unknown = ignore.find((name) => !proposed.settings.columns.some((column) => column.name === name))
    if (unknown !== undefined) throw new LabError('bad_settings', `The data set has no column "${unknown}" to ignore.`)
    const columns = proposed.settings.columns.map((column) =>
      ignore.includes(column.name) && column.role !== 'target' ? { ...column, role: 'ignored' as const } : column
    )
    const settings = { ...proposed.settings, columns }
    return { ...proposed, settings }
  }

  addTool(server, 'propose_experiment', {
    title: 'Propose an experiment',
    description:
      'What the lab would do with a table and a target: roles of the columns, preparation, split into training, validation ' +
      'and sealed test part, with reasons, and what it finds amiss. Nothing is created.',
    input: question,
    output: proposal.extend({ findings: z.array(finding) }),
    readOnly: true,
    work: async (input) => {
      const proposed = await settingsOf(input)
      return { ...proposed, findings: await client.experiments.inspect({ settings: proposed.settings }) }
    }
  })

  addTool(server, 'create_experiment', {
    title: 'Create an experiment',
    description:
      'Creates the experiment as propose_experiment tells it, or gives the one that asks the same already, so that runs stay ' +
      'comparable. Its split is fixed from then on.',
    input: question.extend({ name: z.string().min(1).max(200).optional() }),
    output: z.object({ experiment, isNew: z.boolean() }),
    readOnly: false,
    work: async ({ name, ...input }) => {
      const { settings } = await settingsOf(input)
      const same = (await client.experiments.list()).find((each) => isDeepStrictEqual(each.settings, settings))
      if (same) return { experiment: same, isNew: false }
      return { experiment: await client.experiments.create({ name, settings }), isNew: true }
    }
  })

  addTool(server, 'list_experiments', {
    title: 'List the experiments',
    description:
      'What was asked of the tables so far, with how many runs each has and how often its test part was opened.',
    input: z.object({}),
    output: documentSchemas.experiments,
    readOnly: true,
    work: async () => ({ experiments: (await client.experiments.list()).map(experimentEntry) })
  })
}
