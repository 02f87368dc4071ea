/** `lab compare RUN RUN...`: runs side by side, with their verdicts. */
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { describeTopology, settingsColumn } from '#lab/cli/describe-run.ts'
import { runEntry } from '#lab/documents/documents.ts'
import { requireRun } from '#lab/cli/find.ts'
import { formatTable } from '#lab/cli/table.ts'
import { formatCount, formatFigure, formatShare } from '#words/numbers.ts'
import { formatSeconds } from '#words/times.ts'

/** Prints one row a run, and what each run's curves say of it. */
export function runCompare(context: CliContext, texts: readonly string[]): Promise<ExitCode> {
  return withLab(context, 'read', async ({ client }) => {
    const rows = await Promise.all(
      texts.map(async (text) => {
        const run = await requireRun(client, text)
        const experiment = await client.experiments.get({ experimentId: run.experimentId })
        return { run, experiment, judged: await client.selection.verdict({ runId: run.id }) }
      })
    )
    if (new Set(rows.map(({ experiment }) => experiment.id)).size > 1) {
      context.output.say('These runs belong to several experiments: their figures are of different rows or questions.')
    }
    const document = { runs: rows.map(({ run, experiment, judged }) => ({ ...runEntry(run, experiment), ...judged })) }
    context.output.result(document, () => {
      const table = formatTable(rows, [
        { title: 'run', text: ({ run }) => String(run.id), right: true },
        { title: 'topology', text: ({ run }) => describeTopology(run) },
        { title: 'parameters', text: ({ run }) => formatCount(run.parameters), right: true },
        ...settingsColumn(rows),
        { title: 'seed', text: ({ run }) => String(run.seed), right: true },
        { title: 'training loss', text: ({ run }) => formatFigure(run.train?.loss), right: true },
        { title: 'validation loss', text: ({ run }) => formatFigure(run.validation?.loss), right: true },
        { title: 'accuracy', text: ({ run }) => formatShare(run.validation?.accuracy), right: true },
        { title: 'RMSE', text: ({ run }) => formatFigure(run.validation?.rmse), right: true },
        { title: 'time', text: ({ run }) => formatSeconds(run.seconds), right: true },
        { title: 'verdict', text: ({ judged }) => judged.verdict.replaceAll('_', ' ') }
      ])
      const words = rows.map(({ run, judged }) => `Run ${run.id}: ${judged.evidence} ${judged.next}`)
      return `${table}\n\n${words.join('\n')}`
    })
    return exitCodes.done
  })
}
