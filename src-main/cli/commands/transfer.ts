/** `lab transfer EXPERIMENT`: takes an experiment, or its runs, to another lab or another program. */
import { resolve } from 'node:path'
import { type Destination, destinations } from '#contract/transfers.ts'
import { LabError } from '#contract/errors.ts'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { chooseExperiment } from '#lab/cli/find.ts'
import { followJob } from '#lab/cli/follow-job.ts'
import { formatFacts } from '#lab/cli/table.ts'
import { formatBytes } from '#words/numbers.ts'

export interface TransferOptions {
  readonly to: Destination
  readonly out: string
}

/** Writes the experiment and tells where it is. */
export function runTransfer(context: CliContext, text: string, { to, out }: TransferOptions): Promise<ExitCode> {
  return withLab(context, 'read', async ({ client }) => {
    const { id, name } = chooseExperiment(await client.experiments.list(), text)
    const { jobId } = await client.transfers.write({ experimentId: id, to, path: resolve(out) })
    const cancel = () => client.transfers.cancel({ jobId })
    const written = await followJob(await client.transfers.progress({ jobId }), cancel, context)
    if (written.type !== 'written') throw new LabError('internal', 'Nothing was written; try it again.')
    const { path, runs, leftOut, bytes } = written
    context.output.result({ experiment: id, to, path, runs, leftOut, bytes }, () =>
      formatFacts([
        ['experiment', name],
        ['as', destinations[to].label],
        ['runs', String(runs)],
        ...leftOut.map((sentence) => ['without its model', sentence] as const),
        ['wrote', `${path}${bytes > 0 ? ` (${formatBytes(bytes)})` : ''}`]
      ])
    )
    return exitCodes.done
  })
}
