/** Commands that take a trained network away: export. */
import { Option } from 'commander'
import { exportFormatNames } from '#contract/exports.ts'
import type { ExportOptions } from '#lab/cli/commands/export.ts'
import type { CommandGroup } from '#lab/cli/groups/group.ts'

export const modelCommands: CommandGroup = (program, { context, end }) => {
  program
    .command('export')
    .description('take the network of a run away, with its preparation and a model card beside it')
    .argument('<run>', 'the number of the run')
    .addOption(
      new Option('--format <format>', `${exportFormatNames.join(', ')}`)
        .choices(exportFormatNames)
        .makeOptionMandatory()
    )
    .requiredOption('--out <file>', 'the file to write; the model card gets its name with .md')
    .addOption(
      new Option('--weights <which>', 'of the best or the last epoch').choices(['best', 'last']).default('best')
    )
    .action(async (run: string, options: ExportOptions) => {
      const { runExport } = await import('#lab/cli/commands/export.ts')
      end(await runExport(context(), run, options))
    })
}
