/** `lab export RUN`: takes the network of a run away as files that predict without the lab. */
import { resolve } from 'node:path'
import type { Exported, ExportFormat } from '#contract/exports.ts'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { requireRun } from '#lab/cli/find.ts'
import { formatFacts } from '#lab/cli/table.ts'
import { formatBytes, formatFigure } from '#words/numbers.ts'

export interface ExportOptions {
  readonly format: ExportFormat
  readonly out: string
  readonly weights: 'best' | 'last'
  readonly replace?: boolean
}

/** Writes an export and tells how far its predictions are from the lab's. */
export function runExport(context: CliContext, text: string, options: ExportOptions): Promise<ExitCode> {
  return withLab(context, 'read', async ({ client }) => {
    const { id } = await requireRun(client, text)
    const { format, weights, out, replace = false } = options
    const exported = await client.exports.write({ runId: id, format, weights, path: resolve(out), replaces: replace })
    context.output.result({ run: id, export: exported }, () =>
      formatFacts([
        ['run', String(id)],
        ['weights', `${exported.weights}, epoch ${exported.epoch}`],
        ...exported.files.map(({ path, bytes }): [string, string] => ['wrote', `${path} (${formatBytes(bytes)})`]),
        ['proof', describeProof(exported)]
      ])
    )
    return exitCodes.done
  })
}

function describeProof({ proof, format }: Exported): string {
  if (!proof) return `the lab can't run ${format} by itself; compare it with its own predictions before you rely on it`
  return `largest difference ${formatFigure(proof.largestDifference)} over ${proof.rows} rows (tolerance ${proof.tolerance})`
}
