/** `lab plan`: every number and choice of a training plan, as `--set` takes them. */
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { settingLines } from '#lab/cli/plan-settings.ts'
import { formatTable } from '#lab/cli/table.ts'

/** Lists what a plan is made of. */
export function runPlan(context: CliContext): ExitCode {
  const settings = settingLines()
  context.output.result({ settings }, () =>
    formatTable(settings, [
      { title: 'path', text: ({ path }) => path },
      { title: 'called', text: ({ label }) => label },
      { title: 'values', text: ({ values }) => values },
      { title: 'default', text: (line) => line.default },
      { title: 'what it does', text: ({ help }) => help }
    ])
  )
  return exitCodes.done
}
