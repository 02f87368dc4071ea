/** `lab gather FOLDER`: takes in what workers have made of a sweep so far; as often as one likes. */
import { resolve } from 'node:path'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { formatFacts } from '#lab/cli/table.ts'

/** Ends as failed where a result was not believed. */
export function runGather(context: CliContext, folder: string): Promise<ExitCode> {
  return withLab(context, 'write', async ({ client }) => {
    const gathered = await client.sweeps.gather({ folder: resolve(folder) })
    const { sweepId, taken, waiting, refused, processors } = gathered
    for (const sentence of refused) context.output.say(sentence)
    if (processors.length > 1) {
      context.output.say(`The results are from ${processors.length} kinds of processors, whose last bits may differ.`)
    }
    context.output.result(gathered, () =>
      formatFacts([
        ['sweep', String(sweepId)],
        ['taken in', String(taken)],
        ['without result', String(waiting)],
        ['refused', refused.length > 0 ? String(refused.length) : null],
        ['processors', processors.join('; ') || null]
      ])
    )
    return refused.length === 0 ? exitCodes.done : exitCodes.failed
  })
}
