/** `lab stop RUN`: ends a run where it stands; its weights and curves stay. */
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { describeRun } from '#lab/cli/describe-run.ts'
import { runDocument } from '#lab/documents/documents.ts'
import { requireRun } from '#lab/cli/find.ts'

/** Stops and prints the run. */
export function runStop(context: CliContext, text: string): Promise<ExitCode> {
  return withLab(context, 'write', async ({ client }) => {
    const { id, experimentId } = await requireRun(client, text)
    const run = await client.runs.stop({ runId: id })
    const experiment = await client.experiments.get({ experimentId })
    context.output.result(runDocument(run, experiment), () => describeRun(run, experiment))
    return exitCodes.done
  })
}
