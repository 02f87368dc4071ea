/** `lab import-model EXPERIMENT FILE`: takes a network that was trained elsewhere over as a run. */
import { resolve } from 'node:path'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { describeRun } from '#lab/cli/describe-run.ts'
import { runDocument } from '#lab/documents/documents.ts'
import { chooseExperiment } from '#lab/cli/find.ts'

export interface ImportModelOptions {
  readonly inputs: 'auto' | 'prepared' | 'raw'
  readonly output?: string
}

/** Imports the file and prints the run as `train` does. */
export function runImportModel(
  context: CliContext,
  text: string,
  file: string,
  { inputs, output }: ImportModelOptions
): Promise<ExitCode> {
  return withLab(context, 'write', async ({ client }) => {
    const experiment = chooseExperiment(await client.experiments.list(), text)
    const run = await client.models.import({
      experimentId: experiment.id,
      file: { path: resolve(file) },
      inputs,
      output
    })
    if (run.message) context.output.say(run.message)
    context.output.result(runDocument(run, experiment), () => describeRun(run, experiment))
    return exitCodes.done
  })
}
