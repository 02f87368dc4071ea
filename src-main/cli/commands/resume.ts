/** `lab resume RUN`: goes on with a run from its last checkpoint, to its end. */
import { withLab } from '#lab/cli/connection.ts'
import type { CliContext, ExitCode } from '#lab/cli/context.ts'
import { requireRun } from '#lab/cli/find.ts'
import { followRun } from '#lab/cli/follow-run.ts'

/** Resumes and prints as `train` does. */
export function runResume(context: CliContext, text: string): Promise<ExitCode> {
  return withLab(context, 'train', async (connection) => {
    const { id } = await requireRun(connection.client, text)
    return followRun(connection, () => connection.client.runs.resume({ runId: id }), context)
  })
}
