/** `lab unpack FILE`: takes the experiment of a bundle into the lab. */
import { resolve } from 'node:path'
import { LabError } from '#contract/errors.ts'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { followJob } from '#lab/cli/follow-job.ts'
import { formatFacts } from '#lab/cli/table.ts'

/** Reads the bundle and tells which experiment it became. */
export function runUnpack(context: CliContext, file: string): Promise<ExitCode> {
  return withLab(context, 'write', async ({ client }) => {
    const { jobId } = await client.transfers.read({ source: { path: resolve(file) } })
    const cancel = () => client.transfers.cancel({ jobId })
    const taken = await followJob(await client.transfers.progress({ jobId }), cancel, context)
    if (taken.type !== 'taken') throw new LabError('internal', 'Nothing was taken in; try it again.')
    const { experiment, existed } = taken
    if (existed) context.output.say('The lab has this experiment with the same runs already; nothing was added.')
    context.output.result({ experiment: experiment.id, name: experiment.name, runs: experiment.runs, existed }, () =>
      formatFacts([
        ['experiment', `${experiment.id}: ${experiment.name}`],
        ['data', experiment.datasetName],
        ['runs', String(experiment.runs)]
      ])
    )
    return exitCodes.done
  })
}
