/** `lab report EXPERIMENT --out FILE`: the report of an experiment, as HTML or JSON by the name of the file. */
import { resolve } from 'node:path'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { chooseExperiment } from '#lab/cli/find.ts'
import { UsageError } from '#lab/cli/usage.ts'
import { formatBytes } from '#words/numbers.ts'

/** Writes the report and tells where it is. */
export function runReport(context: CliContext, text: string, options: { readonly out: string }): Promise<ExitCode> {
  const ending = /\.(html|json)$/i.exec(options.out)?.[1]?.toLowerCase()
  if (ending !== 'html' && ending !== 'json') {
    throw new UsageError(`A report is written as .html or .json; "${options.out}" ends in neither.`)
  }
  return withLab(context, 'read', async ({ client }) => {
    const { id: experimentId } = chooseExperiment(await client.experiments.list(), text)
    const written = await client.report.write({ experimentId, format: ending, path: resolve(options.out) })
    const { path, bytes } = written
    context.output.result({ report: { path, bytes } }, () => `Wrote ${path} (${formatBytes(bytes)}).`)
    return exitCodes.done
  })
}
