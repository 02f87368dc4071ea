/** `lab train DATASET|FILE`: from a table to a trained run in one command. */
import type { Run } from '#contract/runs.ts'
import type { ContractClient } from '#contract/contract.ts'
import { withLab } from '#lab/cli/connection.ts'
import type { CliContext, ExitCode } from '#lab/cli/context.ts'
import { findDataset, requireDataset } from '#lab/cli/find.ts'
import { followRun } from '#lab/cli/follow-run.ts'
import { importFiles, isFile } from '#lab/cli/import-file.ts'
import { experimentFor, planFor, settingsFor, type TrainOptions } from '#lab/cli/train-settings.ts'

/** What was added on the way to a run; taken back where the run does not come about. */
type Undo = (step: () => Promise<unknown>) => void

/** Imports where it is a file, proposes, creates or reuses the experiment, trains, and prints the run. */
export function runTrain(context: CliContext, argument: string, options: TrainOptions): Promise<ExitCode> {
  return withLab(context, 'write', (connection) => {
    const start = () => orUndo((undo) => startRun(connection.client, argument, options, context, undo))
    return followRun(connection, start, context)
  })
}

async function startRun(
  client: ContractClient,
  argument: string,
  options: TrainOptions,
  context: CliContext,
  undo: Undo
): Promise<Run> {
  const dataset = await datasetFor(client, argument, context, undo)
  const { target, task } = options
  const { settings, warnings } = await client.experiments.propose({ datasetId: dataset.id, target, task })
  const wanted = settingsFor(settings, options, dataset.name)
  const { experiment, isNew } = await experimentFor(client, wanted, options.experiment)
  if (isNew) undo(() => client.experiments.remove({ experimentId: experiment.id }))
  const plan = planFor(experiment, options)
  const { hidden, seed } = options
  const [run] = await client.runs.start({ experimentId: experiment.id, hidden, plan, seeds: [seed] })
  if (!run) throw new Error('The lab started no run.')
  // Not before: a command that fails says one sentence, the one why.
  for (const warning of warnings) context.output.say(warning)
  return run
}

/**
 * A file that exists is read, so that a change of it is noticed; else the argument names a data set of the lab.
 * What looks like a path goes to the import, which says best what is wrong with it.
 */
async function datasetFor(client: ContractClient, argument: string, context: CliContext, undo: Undo) {
  if (!isFile(argument)) {
    const known = await findDataset(client, argument)
    if (known) return known
    if (!/[\\/.]/.test(argument)) return requireDataset(client, argument)
  }
  const { dataset, existed } = await importFiles(client, [argument], undefined, context)
  if (!existed) undo(() => client.datasets.remove({ datasetId: dataset.id }))
  return dataset
}

/** Works, and where that fails takes back what was added, newest first, so that the lab is left as it was. */
async function orUndo<Result>(work: (undo: Undo) => Promise<Result>): Promise<Result> {
  const steps: (() => Promise<unknown>)[] = []
  try {
    return await work((step) => steps.unshift(step))
  } catch (error) {
    for (const step of steps) await step()
    throw error
  }
}
