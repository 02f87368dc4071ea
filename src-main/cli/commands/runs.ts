/** `lab runs`: all runs, newest first. */
import type { Experiment } from '#contract/experiments.ts'
import type { Run } from '#contract/runs.ts'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { describeTopology, settingsColumn } from '#lab/cli/describe-run.ts'
import { runEntry } from '#lab/documents/documents.ts'
import { chooseExperiment } from '#lab/cli/find.ts'
import { formatTable } from '#lab/cli/table.ts'
import { listRuns } from '#trials/run-pieces.ts'
import { formatFigure, formatShare } from '#words/numbers.ts'
import { formatSeconds } from '#words/times.ts'

/** Lists the runs, of one experiment where it is named. */
export function runRuns(context: CliContext, options: { experiment?: string }): Promise<ExitCode> {
  return withLab(context, 'read', async ({ client }) => {
    const experiments = await client.experiments.list()
    const named = options.experiment === undefined ? null : chooseExperiment(experiments, options.experiment)
    const runs = await listRuns(client, named ? { experimentId: named.id } : {})
    const rows = runs.flatMap((run) => {
      const experiment = experiments.find(({ id }) => id === run.experimentId)
      return experiment ? [{ run, experiment }] : []
    })
    const entries = rows.map(({ run, experiment }) => runEntry(run, experiment))
    context.output.result({ runs: entries }, () => listing(rows))
    return exitCodes.done
  })
}

function listing(rows: readonly { readonly run: Run; readonly experiment: Experiment }[]): string {
  if (rows.length === 0) return 'There is no run yet; start one with: lab train DATASET --target COLUMN'
  return formatTable(rows, [
    { title: 'run', text: ({ run }) => String(run.id), right: true },
    { title: 'status', text: ({ run }) => run.status },
    { title: 'experiment', text: ({ experiment }) => experiment.name },
    { title: 'topology', text: ({ run }) => describeTopology(run) },
    ...settingsColumn(rows),
    { title: 'seed', text: ({ run }) => String(run.seed), right: true },
    { title: 'epochs', text: ({ run }) => String(run.epochs), right: true },
    { title: 'best', text: ({ run }) => String(run.bestEpoch ?? '-'), right: true },
    { title: 'training loss', text: ({ run }) => formatFigure(run.train?.loss), right: true },
    { title: 'validation loss', text: ({ run }) => formatFigure(run.validation?.loss), right: true },
    { title: 'validation', text: ({ run }) => headline(run), right: true },
    { title: 'time', text: ({ run }) => formatSeconds(run.seconds), right: true }
  ])
}

/** The one figure a person compares: accuracy for classes, R2 for a number. */
function headline({ validation }: Run): string {
  if (validation?.r2 !== undefined) return `R2 ${formatFigure(validation.r2)}`
  return formatShare(validation?.accuracy)
}
