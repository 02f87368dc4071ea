/** Commands on data sets: import, datasets, describe. */
import { Option } from 'commander'
import type { ImportOptions } from '#lab/cli/commands/import.ts'
import type { CommandGroup } from '#lab/cli/groups/group.ts'
import { collect, readDelimiter, readName } from '#lab/cli/usage.ts'

export const dataCommands: CommandGroup = (program, { context, end }) => {
  program
    .command('import')
    .description('take a table into the lab: CSV, TSV, JSON, NDJSON, Parquet or IDX')
    .argument('<file...>', 'the file, or the files of one data set')
    .option('--name <name>', 'its name in the lab (default: the name of the file)', readName)
    .optionsGroup('How a text is read (default: found out):')
    .option('--delimiter <sign>', 'what stands between two cells: one sign, or tab', readDelimiter)
    .addOption(new Option('--decimal <sign>', 'what stands before the decimals').choices(['point', 'comma']))
    .addOption(new Option('--encoding <name>', 'how signs are bytes').choices(['utf-8', 'utf-16', 'latin-1']))
    .addOption(new Option('--header <yes|no>', 'whether the first line names the columns').choices(['yes', 'no']))
    .option(
      '--missing <text>',
      'a text that stands for a missing value, besides NA, null, ? and their like; may be repeated',
      collect
    )
    .option('--quote <sign>', 'what surrounds cells that hold the delimiter: one sign')
    .option('--as <column=kind>', 'read a column as number, text or date; may be repeated', collect)
    .option('--decimal-in <column=sign>', 'the decimal sign of a column: point or comma; may be repeated', collect)
    .option('--dates-in <column=order>', 'day-first, month-first or year-first; may be repeated', collect)
    .option('--missing-in <column=text>', 'a text that is missing in one column; may be repeated', collect)
    .action(async (files: string[], options: ImportOptions) => {
      const { runImport } = await import('#lab/cli/commands/import.ts')
      end(await runImport(context(), files, options))
    })

  program
    .command('datasets')
    .description('list the data sets')
    .action(async () => {
      const { runDatasets } = await import('#lab/cli/commands/datasets.ts')
      end(await runDatasets(context()))
    })

  program
    .command('describe')
    .description('show the columns of a data set')
    .argument('<dataset>', 'id, unique start of the id, or name')
    .action(async (dataset: string) => {
      const { runDescribe } = await import('#lab/cli/commands/describe.ts')
      end(await runDescribe(context(), dataset))
    })
}
