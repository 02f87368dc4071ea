/** Commands on data sets: import, datasets, describe. */
import type { CommandGroup } from '#lab/cli/groups/group.ts'

export const dataCommands: CommandGroup = (program, { context, end }) => {
  program
    .command('import')
    .description('take a table into the lab: CSV, TSV, JSON, NDJSON, Parquet or IDX')
    .argument('<file...>', 'the file, or the files of one data set')
    .option('--name <name>', 'its name in the lab (default: the name of the file)')
    .action(async (files: string[], options: { name?: string }) => {
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
