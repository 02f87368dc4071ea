/** `lab train DATASET|FILE`: from a table to a trained run in one command. */
import { type LabClient, withLab } from '#lab/cli/connection.ts'
import type { CliContext, ExitCode } from '#lab/cli/context.ts'
import { findDataset, requireDataset } from '#lab/cli/find.ts'
import { followRun } from '#lab/cli/follow-run.ts'
import { importFiles, isFile } from '#lab/cli/import-file.ts'
import { experimentFor, planFor, settingsFor, type TrainOptions } from '#lab/cli/train-settings.ts'

/** Imports where it is a file, proposes, creates or reuses the experiment, trains, and prints the run. */
export function runTrain(context: CliContext, argument: string, options: TrainOptions): Promise<ExitCode> {
  return withLab(context, 'write', async (connection) => {
    const { client } = connection
    const dataset = await datasetFor(client, argument, context)
    const { target, task } = options
    const { settings, warnings } = await client.experiments.propose({ datasetId: dataset.id, target, task })
    for (const warning of warnings) context.output.say(warning)
    const wanted = settingsFor(settings, options, dataset.name)
    const experiment = await experimentFor(client, wanted, options.experiment)
    const start = async () => {
      const plan = planFor(experiment, options)
      const runs = await client.runs.start({
        experimentId: experiment.id,
        hidden: options.hidden,
        plan,
        seeds: [options.seed]
      })
      const [run] = runs
      if (!run) throw new Error('The lab started no run.')
      return run
    }
    return followRun(connection, start, context)
  })
}

/**
 * A file that exists is read, so that a change of it is noticed; else the argument names a data set of the lab.
 * What looks like a path goes to the import, which says best what is wrong with it.
 */
async function datasetFor(client: LabClient, argument: string, context: CliContext) {
  if (!isFile(argument)) {
    const known = await findDataset(client, argument)
    if (known) return known
    if (!/[\\/.]/.test(argument)) return requireDataset(client, argument)
  }
  const { dataset } = await importFiles(client, [argument], undefined, context)
  return dataset
}
