/** `lab experiments`: the questions asked so far, by the number and name that other commands take. */
import type { Experiment } from '#contract/experiments.ts'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { experimentEntry } from '#lab/documents/documents.ts'
import { formatTable } from '#lab/cli/table.ts'
import { formatCount } from '#words/numbers.ts'

/** Lists the experiments, newest first. */
export function runExperiments(context: CliContext): Promise<ExitCode> {
  return withLab(context, 'read', async ({ client }) => {
    const experiments = await client.experiments.list()
    context.output.result({ experiments: experiments.map(experimentEntry) }, () => listing(experiments))
    return exitCodes.done
  })
}

function listing(experiments: readonly Experiment[]): string {
  if (experiments.length === 0) return 'There is no experiment yet; start one with: lab train DATASET --target COLUMN'
  return formatTable(experiments, [
    { title: 'number', text: ({ id }) => String(id), right: true },
    { title: 'name', text: ({ name }) => name },
    { title: 'data set', text: ({ datasetName }) => datasetName },
    { title: 'target', text: ({ settings }) => settings.target },
    { title: 'task', text: ({ settings }) => settings.task },
    { title: 'training', text: ({ rows }) => formatCount(rows.train), right: true },
    { title: 'validation', text: ({ rows }) => formatCount(rows.validation), right: true },
    { title: 'test', text: ({ rows }) => formatCount(rows.test), right: true },
    { title: 'runs', text: ({ runs }) => formatCount(runs), right: true },
    { title: 'test part opened', text: ({ openings }) => (openings === 0 ? '-' : String(openings)), right: true }
  ])
}
