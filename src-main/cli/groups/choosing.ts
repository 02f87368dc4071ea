/** Commands that lead from runs to a choice: complexity, compare, choose, report. */
import { Option } from 'commander'
import { complexityAxes } from '#contract/selection.ts'
import { foldLimits } from '#contract/runs.ts'
import type { CommandGroup } from '#lab/cli/groups/group.ts'
import type { ChooseOptions } from '#lab/cli/commands/choose.ts'
import type { ComplexityOptions } from '#lab/cli/commands/complexity.ts'
import { readPercent, readWhole } from '#lab/cli/usage.ts'

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
    .option(
      '--folds <k>',
      'over the runs of a sweep with so many folds (default: those that the one validation part judged, or folds where only they have)',
      readWhole('--folds', foldLimits.minimum, foldLimits.maximum)
    )
    .option(
      '--zone <percent>',
      'percent of the error of the best that make no difference (default: what is set for the experiment, 2 at first)',
      readPercent('--zone')
    )
    .option('--no-references', 'without a linear model and a forest beside the networks, which take some seconds once')
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

  program
    .command('choose')
    .description('record which run is chosen and why; what the test part should show for it is told')
    .argument('<experiment>', 'name or number of the experiment')
    .argument('<run>', 'the number of the run')
    .option('--reason <text>', 'why; needed where the topology is not the suggested one', '')
    .option('--retrain', 'then train it anew on training and validation part together, for the median best epoch')
    .action(async (experiment: string, run: string, options: ChooseOptions) => {
      const { runChoose } = await import('#lab/cli/commands/choose.ts')
      end(await runChoose(context(), experiment, run, options))
    })

  program
    .command('report')
    .description('write the report of an experiment: data, split, everything tried, the choice, the figures')
    .argument('<experiment>', 'name or number of the experiment')
    .requiredOption('--out <file>', 'the file to write; its ending, .html or .json, is the format')
    .action(async (experiment: string, options: { out: string }) => {
      const { runReport } = await import('#lab/cli/commands/report.ts')
      end(await runReport(context(), experiment, options))
    })
}
