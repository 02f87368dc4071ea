/** Commands on data sets: import, datasets, describe. */
import { type Command, Option } from 'commander'
import type { ImportOptions } from '#lab/cli/commands/import.ts'
import type { CommandGroup } from '#lab/cli/groups/group.ts'
import { collect, readDelimiter, readName, readWhole } from '#lab/cli/usage.ts'

export const dataCommands: CommandGroup = (program, { context, end }) => {
  const importing = program
    .command('import')
    .description(
      'take a table into the lab: text such as CSV, Excel, OpenDocument, JSON, Parquet, ARFF, NumPy, IDX and others'
    )
    .argument('<file...>', 'the file, or the files of one data set')
    .option('--name <name>', 'its name in the lab (default: the name of the file)', readName)
    .action(async (files: string[], options: ImportOptions) => {
      const { runImport } = await import('#lab/cli/commands/import.ts')
      end(await runImport(context(), files, options))
    })
  addReadingOptions(importing)

  const rereading = program
    .command('reread')
    .description('read the files of a data set once more in another way, as a new data set')
    .argument('<dataset>', 'id, unique start of the id, or name')
    .option('--name <name>', 'its name in the lab (default: the name of the file)', readName)
    .action(async (dataset: string, options: ImportOptions) => {
      const { runReread } = await import('#lab/cli/commands/import.ts')
      end(await runReread(context(), dataset, options))
    })
  addReadingOptions(rereading)

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

/** The options that say how files are read; what is left out is found out. */
function addReadingOptions(command: Command): void {
  command
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
    .option('--quote <sign>', 'what surrounds cells that hold the delimiter: one sign, or none')
    .option('--skip <lines>', 'lines above the table that are left out', readWhole('--skip', 0))
    .option('--below <lines>', 'lines below the names that are no rows, such as units', readWhole('--below', 0, 20))
    .option('--comment <sign>', 'what begins a line that is a comment, or none')
    .option('--keep-total', 'keep a last row that is a total of the others')
    .option('--sheet <name>', 'the sheet of a workbook, the file of an archive, or the key of JSON')
    .option('--as <column=kind>', 'read a column as number, text or date; may be repeated', collect)
    .option('--decimal-in <column=sign>', 'the decimal sign of a column: point or comma; may be repeated', collect)
    .option('--dates-in <column=order>', 'day-first, month-first or year-first; may be repeated', collect)
    .option('--missing-in <column=text>', 'a text that is missing in one column; may be repeated', collect)
}
