/** `lab show RUN`: one run with its curve. */
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { describeDetails } from '#lab/cli/describe-details.ts'
import { describeRun } from '#lab/cli/describe-run.ts'
import { showDocument } from '#lab/documents/documents.ts'
import { requireRun } from '#lab/cli/find.ts'

/** Prints a run; the curve is in the document that --json gives. */
export function runShow(context: CliContext, text: string): Promise<ExitCode> {
  return withLab(context, 'read', async ({ client }) => {
    const run = await requireRun(client, text)
    const experiment = await client.experiments.get({ experimentId: run.experimentId })
    const curves = await client.runs.curves({ runIds: [run.id] })
    const details = await client.runs.details({ runId: run.id })
    const kept = await client.runs.kept({ runId: run.id })
    const message = run.message === null ? '' : `\n\n${run.message}`
    context.output.result(showDocument(run, experiment, details, kept, curves), () => {
      const figures = details === null ? '' : `\n\n${describeDetails(details, experiment)}`
      return `${describeRun(run, experiment)}${message}${figures}`
    })
    return exitCodes.done
  })
}
