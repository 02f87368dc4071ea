/** `lab choose EXPERIMENT RUN`: records the choice of a run, and what the test part should show for it. */
import type { Expectation } from '#contract/runs.ts'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { choiceDocument } from '#lab/documents/documents.ts'
import { chooseExperiment, requireRun } from '#lab/cli/find.ts'
import { followRun } from '#lab/cli/follow-run.ts'
import { formatFacts } from '#lab/cli/table.ts'
import { formatFigure } from '#words/numbers.ts'

export interface ChooseOptions {
  readonly reason: string
  /** Trains the final model on training and validation part together, and stays with it to its end. */
  readonly retrain?: boolean
}

/** Records the choice and prints it. */
export function runChoose(
  context: CliContext,
  experimentText: string,
  runText: string,
  { reason, retrain = false }: ChooseOptions
): Promise<ExitCode> {
  return withLab(context, 'write', async (connection) => {
    const { client } = connection
    const experiment = chooseExperiment(await client.experiments.list(), experimentText)
    const { id: runId } = await requireRun(client, runText)
    const { choices, openings } = await client.choice.make({ experimentId: experiment.id, runId, reason })
    const [choice] = choices
    if (!choice) throw new Error('The lab recorded no choice.')
    if (retrain) return followRun(connection, () => client.choice.trainFinal({ experimentId: experiment.id }), context)
    const expectation = await client.choice.expectation({ runId })
    context.output.result({ choice: choiceDocument(choice), expectation }, () =>
      formatFacts([
        ['experiment', experiment.name],
        ['choice', `${choice.name}, run ${runId}`],
        [
          'rule',
          choice.rule === 'suggested'
            ? 'as suggested'
            : `not the suggested ${choice.suggestion.name ?? 'one, as none was'}`
        ],
        ['reason', choice.reason || null],
        ['suggestion', choice.suggestion.reason],
        ['test part', describeExpectation(expectation)],
        ['openings', openings.length === 0 ? 'none yet' : `${openings.length}; only the first was unseen`]
      ])
    )
    return exitCodes.done
  })
}

function describeExpectation(expectation: Expectation | null): string | null {
  if (!expectation) return null
  const { low, high, validation, optimism, testRows } = expectation
  return (
    `an error of ${formatFigure(low)} to ${formatFigure(high)} is expected on its ${testRows} rows ` +
    `(validation ${formatFigure(validation)}, optimism ${formatFigure(optimism)}); open it with: lab test`
  )
}
