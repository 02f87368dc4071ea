/** `lab predict RUN FILE`: predicts every row of a file and writes the rows with the predictions. */
import { resolve } from 'node:path'
import type { ContractClient } from '#contract/contract.ts'
import { errorCodes, LabError } from '#contract/errors.ts'
import type { PredictionProgress, WrittenPredictions } from '#contract/predictions.ts'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { describePart } from '#lab/cli/describe-details.ts'
import { requireRun } from '#lab/cli/find.ts'
import { formatFacts } from '#lab/cli/table.ts'
import { formatBytes, formatCount } from '#words/numbers.ts'
import { describeCheck, describeInterval } from '#words/predictions.ts'
import { formatSeconds } from '#words/times.ts'

export interface PredictOptions {
  readonly out: string
  readonly weights: 'best' | 'last'
  readonly probabilities?: boolean
  readonly forSpreadsheet?: boolean
  /** The share of new rows that bounds or sets are to hold. */
  readonly interval?: number
}

/** Checks the file, says what differs from the training rows, and predicts it. */
export function runPredict(
  context: CliContext,
  text: string,
  file: string,
  { out, weights, probabilities = false, interval, forSpreadsheet = false }: PredictOptions
): Promise<ExitCode> {
  return withLab(context, 'read', async ({ client }) => {
    const { id, experimentId } = await requireRun(client, text)
    const { target, classes } = await client.predictions.form({ runId: id })
    const files = [{ path: resolve(file) }]
    const check = await followJob(client, context, () => client.predictions.check({ runId: id, files }))
    if (check.type !== 'checked') throw endedEarly()
    const { table } = check
    for (const sentence of [...table.warnings, ...describeCheck(table)]) context.output.say(sentence)
    const request = {
      tableId: table.tableId,
      weights,
      path: resolve(out),
      probabilities,
      interval: interval ?? null,
      marksFormulas: forSpreadsheet
    }
    const end = await followJob(client, context, () => client.predictions.write(request)).finally(() =>
      client.predictions.release({ tableId: table.tableId })
    )
    if (end.type !== 'written') throw endedEarly()
    const { name } = await client.experiments.get({ experimentId })
    const { predictions } = end
    context.output.result({ run: id, target, classes, check: table, predictions }, () =>
      describeWritten(
        predictions,
        [
          ['run', `${id} of ${name}`],
          ['weights', weights]
        ],
        classes
      )
    )
    return exitCodes.done
  })
}

function describeWritten(
  { rows, path, bytes, seconds, counts, figures, figureRows, interval }: WrittenPredictions,
  facts: readonly (readonly [string, string])[],
  classes: readonly string[] | null
): string {
  const said = counts?.map((count, place) => `${classes?.[place]} ${formatCount(count)}`).join(', ')
  const told = formatFacts([
    ...facts,
    ['wrote', `${path} (${formatBytes(bytes)})`],
    ['rows', `${formatCount(rows)} in ${formatSeconds(seconds)}`],
    ['predicted', said ?? null],
    ['interval', interval && describeInterval(interval)]
  ])
  if (figures === null) return told
  return `${told}\n\n${describePart(`${formatCount(figureRows)} rows with a known target`, figures, classes ?? [])}`
}

async function followJob(
  client: ContractClient,
  { output, interrupted }: CliContext,
  start: () => Promise<{ jobId: string }>
): Promise<Exclude<PredictionProgress, { type: 'progress' | 'failed' }>> {
  interrupted.throwIfAborted()
  const { jobId } = await start()
  const cancel = () => void client.predictions.cancel({ jobId }).catch(() => undefined)
  interrupted.addEventListener('abort', cancel)
  try {
    for await (const item of await client.predictions.progress({ jobId })) {
      if (item.type === 'progress') output.progress(item.fraction, item.message)
      else if (item.type !== 'failed') return item
      else throw new LabError(errorCodes.find((code) => code === item.code) ?? 'internal', item.message)
    }
  } finally {
    interrupted.removeEventListener('abort', cancel)
  }
  throw endedEarly()
}

function endedEarly(): LabError {
  return new LabError('internal', 'The prediction ended without a result; try it again.')
}
