/** Commands that use a trained network elsewhere or on other rows, and bring one in: export, predict, serve-model, import-model. */
import { Option } from 'commander'
import { exportFormatNames } from '#contract/exports.ts'
import type { EnsembleCommandOptions } from '#lab/cli/commands/ensemble.ts'
import type { ExportOptions } from '#lab/cli/commands/export.ts'
import type { ImportModelOptions } from '#lab/cli/commands/import-model.ts'
import type { PredictOptions } from '#lab/cli/commands/predict.ts'
import type { ServeModelOptions } from '#lab/cli/commands/serve-model.ts'
import { readRange, readWhole } from '#lab/cli/usage.ts'
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
    .option('--replace', 'replace files that have the names of what goes beside it')
    .action(async (run: string, options: ExportOptions) => {
      const { runExport } = await import('#lab/cli/commands/export.ts')
      end(await runExport(context(), run, options))
    })

  program
    .command('import-model')
    .description('take an ONNX file of dense layers over as a run of an experiment')
    .argument('<experiment>', 'the name of the experiment, or its number')
    .argument('<file>', 'from PyTorch, scikit-learn (skl2onnx), Keras (tf2onnx) or this lab')
    .addOption(
      new Option('--inputs <what>', 'what its numbers are; auto takes what fits the training part better')
        .choices(['auto', 'prepared', 'raw'])
        .default('auto')
    )
    .option('--output <name>', 'the output to take, where the file has several networks')
    .action(async (experiment: string, file: string, options: ImportModelOptions) => {
      const { runImportModel } = await import('#lab/cli/commands/import-model.ts')
      end(await runImportModel(context(), experiment, file, options))
    })

  program
    .command('ensemble')
    .description('average the networks of runs, such as the seeds of a sweep, as a run of its own')
    .argument('<runs...>', 'the numbers of the runs, in any order')
    .option('--calibrate', 'fit a temperature of its probabilities on the validation part; one run is enough then')
    .action(async (runs: string[], options: EnsembleCommandOptions) => {
      const { runEnsemble } = await import('#lab/cli/commands/ensemble.ts')
      end(await runEnsemble(context(), runs, options))
    })

  program
    .command('predict')
    .description('predict every row of a file, and write the rows with the predictions')
    .argument('<run>', 'the number of the run')
    .argument('<file>', 'a table with the columns of the experiment: CSV, TSV, JSON, Parquet or IDX')
    .requiredOption('--out <file>', 'the file to write: Parquet by that ending, else CSV')
    .option('--probabilities', 'add a column a class with its probability')
    .option(
      '--interval <share>',
      'add bounds of a number, or a set of classes, that hold the truth in this share of new rows, such as 0.9',
      readRange('--interval', { minimum: 0, maximum: 0.9999, open: true })
    )
    .option('--for-spreadsheet', "put a ' before cells of a CSV that a spreadsheet would take for a formula")
    .addOption(
      new Option('--weights <which>', 'of the best or the last epoch').choices(['best', 'last']).default('best')
    )
    .action(async (run: string, file: string, options: PredictOptions) => {
      const { runPredict } = await import('#lab/cli/commands/predict.ts')
      end(await runPredict(context(), run, file, options))
    })

  program
    .command('serve-model')
    .description('put the network of a run behind an address of this computer: rows in, predictions out, as JSON')
    .argument('<run>', 'the number of the run')
    .option('--port <n>', 'port on 127.0.0.1 (default: any free one)', readWhole('--port', 0, 65_535), 0)
    .addOption(
      new Option('--weights <which>', 'of the best or the last epoch').choices(['best', 'last']).default('best')
    )
    .action(async (run: string, options: ServeModelOptions) => {
      const { runServeModel } = await import('#lab/cli/commands/serve-model.ts')
      end(await runServeModel(context(), run, options))
    })
}
