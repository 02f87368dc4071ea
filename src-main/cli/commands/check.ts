/** `lab check [--mend]`: looks through all that the lab keeps, and mends what can be mended. */
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { formatCount, formatNumbered } from '#words/numbers.ts'
import { formatSeconds } from '#words/times.ts'

/** Ends as failed where something is left that is not as it should be. */
export function runCheck(context: CliContext, mends: boolean): Promise<ExitCode> {
  return withLab(context, mends ? 'write' : 'read', async ({ client }) => {
    const check = await (mends ? client.host.mend() : client.host.check())
    const { findings, looked, seconds } = check
    context.output.result(check, () => {
      const told = findings.map(({ what, help, mended }) => {
        const end = mended ? 'Mended.' : (help ?? 'To mend it: lab check --mend')
        return `${what} ${end}`
      })
      const what = `${formatNumbered(looked.tables, 'table', 'tables')}, ${formatNumbered(looked.prepared, 'prepared one', 'prepared ones')} and ${formatCount(looked.pages)} pages of the database`
      const sum = findings.length === 0 ? 'All is well' : formatNumbered(findings.length, 'finding', 'findings')
      return [...told, `${sum}: ${what} in ${formatSeconds(seconds)}.`].join('\n')
    })
    return findings.every(({ mended }) => mended) ? exitCodes.done : exitCodes.failed
  })
}
