/** Commands that lay runs beside each other: complexity, compare. */
import { Option } from 'commander'
import { complexityAxes } from '#contract/selection.ts'
import type { CommandGroup } from '#lab/cli/groups/group.ts'
import type { ComplexityOptions } from '#lab/cli/commands/complexity.ts'

export const choosingCommands: CommandGroup = (program, { context, end }) => {
  program
    .command('complexity')
    .description('show error over complexity, and the topology it suggests')
    .argument('<experiment>', 'name or number of the experiment')
    .addOption(new Option('--axis <name>', 'what counts as complexity').choices(complexityAxes).default('parameters'))
    .addOption(
      new Option('--measure <name>', 'share of wrong classes or RMSE, or the loss')
        .choices(['error', 'loss'])
        .default('error')
    )
    .action(async (experiment: string, options: ComplexityOptions) => {
      const { runComplexity } = await import('#lab/cli/commands/complexity.ts')
      end(await runComplexity(context(), experiment, options))
    })

  program
    .command('compare')
    .description('show runs side by side, with a verdict on each')
    .argument('<run...>', 'the numbers of the runs')
    .action(async (runs: string[]) => {
      const { runCompare } = await import('#lab/cli/commands/compare.ts')
      end(await runCompare(context(), runs))
    })
}
