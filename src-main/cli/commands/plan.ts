/** `lab plan`: every number and choice of a training plan, as `--set` and `--vary` take them. */
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { hiddenSettingLines, settingLines } from '#lab/documents/setting-lines.ts'
import { formatTable } from '#lab/cli/table.ts'

/** Lists what a plan is made of, and what of hidden layers a sweep can vary beside it. */
export function runPlan(context: CliContext): ExitCode {
  const settings = settingLines()
  const hidden = hiddenSettingLines()
  context.output.result({ settings, hidden }, () =>
    formatTable(
      [...settings, ...hidden],
      [
        { title: 'path', text: ({ path }) => path },
        { title: 'called', text: ({ label }) => label },
        { title: 'values', text: ({ values }) => values },
        { title: 'default', text: (line) => line.default },
        { title: 'what it does', text: ({ help }) => help }
      ]
    )
  )
  return exitCodes.done
}
