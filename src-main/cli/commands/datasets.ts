/** `lab datasets`: what tables the lab has. */
import type { DatasetSummary } from '#contract/datasets.ts'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { formatTable } from '#lab/cli/table.ts'
import { formatCount } from '#words/numbers.ts'

/** Lists the data sets. */
export function runDatasets(context: CliContext): Promise<ExitCode> {
  return withLab(context, 'read', async ({ client }) => {
    const datasets = await client.datasets.list()
    context.output.result({ datasets }, () => listing(datasets))
    return exitCodes.done
  })
}

function listing(datasets: readonly DatasetSummary[]): string {
  if (datasets.length === 0) return 'There is no data set yet; take one in with: lab import FILE'
  return formatTable(datasets, [
    { title: 'id', text: ({ id }) => id },
    { title: 'name', text: ({ name }) => name },
    { title: 'rows', text: ({ rows }) => formatCount(rows), right: true },
    { title: 'columns', text: ({ columnCount }) => formatCount(columnCount), right: true },
    { title: 'source', text: ({ source }) => source },
    { title: 'imported', text: ({ importedAt }) => new Date(importedAt).toISOString().slice(0, 10) }
  ])
}
