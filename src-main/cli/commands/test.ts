/** `lab test RUN`: opens the sealed test part for a run; the one command that prints a test figure. */
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { describeParts } from '#lab/cli/describe-run.ts'
import { requireRun } from '#lab/cli/find.ts'
import { formatFacts } from '#lab/cli/table.ts'

export interface TestOptions {
  /** Gives an agent leave to open it, once, and opens nothing. */
  readonly letAgent?: boolean
  /** Takes that back. */
  readonly notLetAgent?: boolean
}

/** Opens the test part, which the lab records and counts; or says who may. */
export function runTest(
  context: CliContext,
  text: string,
  { letAgent = false, notLetAgent = false }: TestOptions
): Promise<ExitCode> {
  return withLab(context, 'write', async ({ client }) => {
    const { id, experimentId } = await requireRun(client, text)
    if (letAgent || notLetAgent) {
      const { allowed } = await client.runs.allowTest({ runId: id, allowed: !notLetAgent })
      context.output.result({ run: id, agentMayOpen: allowed }, () =>
        allowed
          ? `An agent may open the test part for run ${id}, once. Nothing was opened yet.`
          : `No agent may open the test part for run ${id}.`
      )
      return exitCodes.done
    }
    const { test, opening } = await client.runs.openTest({ runId: id })
    const { name } = await client.experiments.get({ experimentId })
    const times = opening.count === 1 ? 'once' : `${opening.count} times`
    context.output.result({ run: id, test, opening }, () => {
      const facts = formatFacts([
        ['run', String(id)],
        ['test part', `of ${name}, opened ${times} so far`]
      ])
      return `${facts}\n\n${describeParts({ test })}`
    })
    return exitCodes.done
  })
}
