/** `lab range-test DATASET|FILE`: the loss over a rising learning rate, and the rate it suggests. */
import type { RangeTest } from '#engine/training/rate-range.ts'
import { LabError } from '#contract/errors.ts'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { orUndo, questionFor } from '#lab/cli/question.ts'
import { formatTable } from '#lab/cli/table.ts'
import { hiddenFor, planFor, type TrainOptions } from '#lab/cli/train-settings.ts'
import { formatFigure } from '#words/numbers.ts'

export interface RangeTestOptions extends TrainOptions {
  readonly low: number
  readonly high: number
  readonly steps: number
}

/** Lines of the table that a person reads. */
const shownRates = 15

/** Imports where it is a file, creates or reuses the experiment, tests, and prints what was found. */
export function runRangeTest(context: CliContext, argument: string, options: RangeTestOptions): Promise<ExitCode> {
  return withLab(context, 'train', ({ client }) =>
    orUndo(async (undo) => {
      const { output, interrupted } = context
      const { experiment } = await questionFor(client, argument, options, context, undo)
      const { seed, low, high, steps } = options
      const hidden = hiddenFor(experiment, options)
      const plan = planFor(experiment, options)
      const request = { experimentId: experiment.id, hidden, plan, seed, low, high, steps }
      for await (const item of await client.rangeTests.run(request, { signal: interrupted })) {
        if (item.type === 'progress') output.progress(item.done / item.of, `${item.done} of ${item.of} batches`)
        else if (item.type === 'failed') throw new LabError('engine', item.message)
        else {
          output.result(item.result, () => describe(item.result))
          return exitCodes.done
        }
      }
      output.fail('The range test was interrupted; nothing of it is kept.')
      return exitCodes.interrupted
    })
  )
}

function describe({ rates, losses, smoothed, suggested, reason, exploded }: RangeTest): string {
  const every = Math.max(1, Math.ceil(rates.length / shownRates))
  const rows = rates
    .map((rate, index) => ({ rate, loss: losses[index], smoothed: smoothed[index] }))
    .filter((_, index) => index % every === 0 || index === rates.length - 1)
  const table = formatTable(rows, [
    { title: 'rate', text: ({ rate }) => formatFigure(rate), right: true },
    { title: 'loss', text: ({ loss }) => formatFigure(loss), right: true },
    { title: 'smoothed', text: (row) => formatFigure(row.smoothed), right: true }
  ])
  const end = exploded ? '\nThe loss exploded there, which ended the test.' : ''
  return `${table}${end}\n\n${suggested === null ? 'No suggestion' : `Suggested: ${suggested}`}. ${reason}`
}
