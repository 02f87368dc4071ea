/** `lab train DATASET|FILE`: from a table to a trained run in one command. */
import type { Run } from '#contract/runs.ts'
import type { ContractClient } from '#contract/contract.ts'
import { withLab } from '#lab/cli/connection.ts'
import type { CliContext, ExitCode } from '#lab/cli/context.ts'
import { followRun } from '#lab/cli/follow-run.ts'
import { orUndo, questionFor, type Undo } from '#lab/cli/question.ts'
import { hiddenFor, planFor, type TrainOptions } from '#lab/cli/train-settings.ts'

/** Imports where it is a file, proposes, creates or reuses the experiment, trains, and prints the run. */
export function runTrain(context: CliContext, argument: string, options: TrainOptions): Promise<ExitCode> {
  return withLab(context, 'train', (connection) => {
    const start = () => orUndo((undo) => startRun(connection.client, argument, options, context, undo))
    return followRun(connection, start, context)
  })
}

async function startRun(
  client: ContractClient,
  argument: string,
  options: TrainOptions,
  context: CliContext,
  undo: Undo
): Promise<Run> {
  const { experiment, warnings } = await questionFor(client, argument, options, context, undo)
  const plan = planFor(experiment, options)
  const hidden = hiddenFor(experiment, options)
  const [run] = await client.runs.start({ experimentId: experiment.id, hidden, plan, seeds: [options.seed] })
  if (!run) throw new Error('The lab started no run.')
  // Not before: a command that fails says one sentence, the one why.
  for (const warning of warnings) context.output.say(warning)
  return run
}
