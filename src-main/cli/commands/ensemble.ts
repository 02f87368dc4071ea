/** `lab ensemble RUN RUN ...`: averages networks that were trained anyway. */
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { describeRun } from '#lab/cli/describe-run.ts'
import { requireRun } from '#lab/cli/find.ts'
import { runDocument } from '#lab/documents/documents.ts'

export interface EnsembleCommandOptions {
  readonly calibrate?: boolean
}

/** Makes the ensemble and prints it as `train` prints a run; its number is taken wherever that of a run is. */
export function runEnsemble(
  context: CliContext,
  texts: readonly string[],
  { calibrate = false }: EnsembleCommandOptions
): Promise<ExitCode> {
  return withLab(context, 'write', async ({ client }) => {
    const runs = await Promise.all(texts.map((text) => requireRun(client, text)))
    const run = await client.models.ensemble({ runIds: runs.map(({ id }) => id), calibrate })
    const experiment = await client.experiments.get({ experimentId: run.experimentId })
    if (run.message) context.output.say(run.message)
    context.output.result(runDocument(run, experiment), () => describeRun(run, experiment))
    return exitCodes.done
  })
}
