/**
 * The command line: commands, options and their help. Each command is loaded when it is asked for, so that help and
 * listings do not wait for what they don't need.
 */
import { Command, CommanderError, Option } from 'commander'
import { resolve } from 'node:path'
import { hiddenActivationNames } from '#engine/network/activations.ts'
import { initialisations } from '#engine/network/initialisations.ts'
import { type Layer, normalisationNames } from '#engine/network/topology.ts'
import { exportFormatNames } from '#contract/exports.ts'
import { optimizerNames } from '#engine/training/plan.ts'
import { scheduleNames } from '#engine/training/schedules.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { isUnexpected, sentenceOf } from '#lab/cli/sentence.ts'
import { createOutput, type Terminal } from '#lab/cli/output.ts'
import type { ExportOptions } from '#lab/cli/commands/export.ts'
import type { ComplexityOptions } from '#lab/cli/commands/complexity.ts'
import { readActivation, readList, readNumbers, readWidths, type SweepOptions } from '#lab/cli/sweep-settings.ts'
import type { TrainOptions } from '#lab/cli/train-settings.ts'
import {
  readBatch,
  readClassWeights,
  readHidden,
  readInitialisation,
  readPlanNumber,
  readSplit,
  readWhole,
  UsageError
} from '#lab/cli/usage.ts'
import { defaultLabFolder } from '#lab/lab-folder.ts'
import { createLogFile } from '#lab/log-file.ts'

export interface CliStart {
  readonly args: readonly string[]
  readonly root: string
  readonly version: string
  readonly terminal: Terminal
  readonly interrupted: AbortSignal
}

interface GlobalOptions {
  readonly lab?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

/** The options of `train` as they come from the command line. */
type TrainFlags = Omit<TrainOptions, 'hidden'> & { readonly hidden: string; readonly activation: string } & Pick<
    Layer,
    'dropout' | 'normalisation'
  >

/**
 * Runs one command line to its end.
 * Errors: none; what goes wrong is a sentence on stderr and the exit code.
 */
export async function runCli(start: CliStart): Promise<ExitCode> {
  const { terminal, interrupted } = start
  let exitCode: ExitCode = exitCodes.done
  const program = buildProgram(start, (code) => (exitCode = code))
  try {
    await program.parseAsync(start.args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done
    const { quiet = false } = program.opts<GlobalOptions>()
    const output = createOutput(terminal, { json: false, quiet })
    if (error instanceof UsageError || error instanceof CommanderError) {
      output.fail(`${usageSentence(error)} See: ${helpCommand(program, start.args)}`)
      return exitCodes.usage
    }
    if (!interrupted.aborted && isUnexpected(error)) {
      createLogFile(labFolderOf(program))(
        'error',
        error instanceof Error ? (error.stack ?? error.message) : String(error)
      )
    }
    output.fail(interrupted.aborted ? 'Interrupted.' : sentenceOf(error))
    return interrupted.aborted ? exitCodes.interrupted : exitCodes.failed
  }
}

function buildProgram({ root, version, terminal, interrupted }: CliStart, end: (code: ExitCode) => void): Command {
  const program = new Command('lab')
    .description('Topology Lab from a terminal: train on the training part, choose on the validation part.')
    .version(version)
    .option('--lab <dir>', 'lab folder (default: the data folder of the system)')
    .option('--json', 'print exactly one JSON document on stdout')
    .option('--quiet', 'print the result only, no progress and no remarks')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    // Sentences of our own take the place of commander's; its help keeps its way.
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: () => undefined
    })

  const context = (): CliContext => {
    const { json = false, quiet = false } = program.opts<GlobalOptions>()
    return {
      root,
      labFolder: labFolderOf(program),
      terminal,
      interrupted,
      output: createOutput(terminal, { json, quiet })
    }
  }

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

  trainingCommand(program, 'train', 'train a network on a data set or a file')
    .option('--hidden <layers>', 'hidden layers, such as 64x32, 64:tanh x 32:relu, or none', '64x32')
    .addOption(
      new Option('--activation <name>', 'of hidden layers that name none')
        .choices(hiddenActivationNames)
        .default('relu')
    )
    .option(
      '--learning-rate <rate>',
      "length of a step (default: the optimizer's, 0.001 for adam)",
      readPlanNumber('--learning-rate', 'learningRate', false)
    )
    .option(
      '--threads <n>',
      'threads that share each batch: for large networks; small ones are faster with 1',
      readPlanNumber('--threads', 'threads', true),
      1
    )
    .option('--batch <n>', 'samples a step, or full', readBatch, 32)
    .option('--seed <n>', 'seed of weights and order', readWhole('--seed', 0), 1)
    .optionsGroup('Less often (default: none of it):')
    .addOption(
      new Option('--schedule <name>', 'how the learning rate moves, with the values of the table').choices(
        scheduleNames
      )
    )
    .addOption(
      new Option('--init <name>', 'how the first weights are drawn (default: by activation)')
        .choices(Object.keys(initialisations))
        .argParser(readInitialisation)
    )
    .addOption(new Option('--normalisation <kind>', 'of the sums of every hidden layer').choices(normalisationNames))
    .option('--dropout <share>', 'of the outputs of every hidden layer', readPlanNumber('--dropout', 'share', false))
    .option('--l1 <n>', 'adds n * sum |w| to the loss', readPlanNumber('--l1', 'amount', false))
    .option('--l2 <n>', 'adds n / 2 * sum w^2 to the loss', readPlanNumber('--l2', 'amount', false))
    .option(
      '--weight-decay <n>',
      'shrinks weights by rate * n a step',
      readPlanNumber('--weight-decay', 'amount', false)
    )
    .option('--clip-norm <n>', 'largest norm of the gradient', readPlanNumber('--clip-norm', 'amount', false))
    .option('--class-weights <list>', 'balanced, or a number for each class, with commas', readClassWeights)
    .option(
      '--label-smoothing <share>',
      'of the wanted probability, spread over all classes',
      readPlanNumber('--label-smoothing', 'share', false)
    )
    .action(async (dataset: string, { activation, dropout, normalisation, ...flags }: TrainFlags) => {
      const layers = readHidden(flags.hidden, activation)
      const hidden = layers.map((layer) => ({ dropout, normalisation, ...layer }))
      const { runTrain } = await import('#lab/cli/commands/train.ts')
      end(await runTrain(context(), dataset, { ...flags, hidden }))
    })

  trainingCommand(program, 'sweep', 'train many topologies with the same seeds, and suggest one')
    .option(
      '--hidden <list>',
      'topologies with semicolons between them, such as "none;8;64x32" (default: 8;16;32;64;64x32)',
      readList(';', String)
    )
    .option('--depths <list>', 'numbers of hidden layers for a grid, such as 1,2,3', readNumbers.depths)
    .option('--widths <list>', 'units a layer for the grid: 8,16,32, or 8..256 for powers of two', readWidths)
    .option('--activation <list>', 'of hidden layers that name none', readList(',', readActivation), ['relu'])
    .option('--learning-rate <list>', "lengths of a step (default: the optimizer's)", readNumbers.learningRate)
    .option('--batch <list>', 'samples a step, or full', readNumbers.batch, [32])
    .option('--l2 <list>', 'penalties on the squares of the weights', readNumbers.l2)
    .option('--dropout <list>', 'shares of hidden outputs set to 0', readNumbers.dropout)
    .option('--seeds <n>', 'seeds for each point', readWhole('--seeds', 1, 1000), 5)
    .addOption(
      new Option('--strategy <name>', 'which points are trained, and how far')
        .choices(['grid', 'random', 'halving'])
        .default('grid')
    )
    .option('--points <n>', 'points that --strategy random draws', readWhole('--points', 1))
    .option('--budget-runs <n>', 'the most runs', readWhole('--budget-runs', 1))
    .option('--budget-minutes <n>', 'the most time', readNumbers.minutes)
    .action(async (dataset: string, options: SweepOptions) => {
      const { runSweep } = await import('#lab/cli/commands/sweep.ts')
      end(await runSweep(context(), dataset, options))
    })

  program
    .command('continue')
    .description('go on with a paused or interrupted sweep')
    .argument('<sweep>', 'the number of the sweep', readWhole('The number of a sweep', 1))
    .action(async (sweep: number) => {
      const { runContinue } = await import('#lab/cli/commands/sweep.ts')
      end(await runContinue(context(), sweep))
    })

  program
    .command('complexity')
    .description('show error over complexity, and the topology it suggests')
    .argument('<experiment>', 'name or number of the experiment')
    .addOption(
      new Option('--axis <name>', 'what counts as complexity')
        .choices(['parameters', 'multiplyAdds', 'hiddenUnits', 'depth'])
        .default('parameters')
    )
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

  program
    .command('runs')
    .description('list the runs, newest first')
    .option('--experiment <name>', 'of this experiment only')
    .action(async (options: { experiment?: string }) => {
      const { runRuns } = await import('#lab/cli/commands/runs.ts')
      end(await runRuns(context(), options))
    })

  const runCommand = (
    name: string,
    description: string,
    load: () => Promise<(context: CliContext, run: string) => Promise<ExitCode>>
  ) =>
    program
      .command(name)
      .description(description)
      .argument('<run>', 'the number of the run')
      .action(async (run: string) => {
        const command = await load()
        end(await command(context(), run))
      })
  runCommand(
    'show',
    'show a run; with --json also its curve',
    async () => (await import('#lab/cli/commands/show.ts')).runShow
  )
  runCommand(
    'resume',
    'go on with an interrupted, paused or stopped run',
    async () => (await import('#lab/cli/commands/resume.ts')).runResume
  )
  runCommand('stop', 'end a run where it stands', async () => (await import('#lab/cli/commands/stop.ts')).runStop)
  runCommand(
    'test',
    'open the sealed test part for a run, and record it',
    async () => (await import('#lab/cli/commands/test.ts')).runTest
  )

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

  program
    .command('serve')
    .description('serve the lab to a browser on this computer')
    .option('--port <n>', 'port on 127.0.0.1 (default: any free one)', readWhole('--port', 0, 65_535), 0)
    .option('--no-open', 'only print the address')
    .action(async (options: { port: number; open: boolean }) => {
      const { runServe } = await import('#lab/cli/commands/serve.ts')
      end(await runServe(context(), options))
    })

  // Subcommands made by .command() inherit exitOverride and output of the program.
  return program
}

/** A command that trains on a data set or file: the options of the question and of the plan that `train` and `sweep` share. */
function trainingCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('<dataset|file>', 'id, unique start of the id or name of a data set, or a file')
    .requiredOption('--target <column>', 'the column to predict')
    .addOption(
      new Option('--task <task>', 'default: follows from the target').choices(['classification', 'regression'])
    )
    .option('--ignore <columns>', 'columns to leave out, with commas between them', collect)
    .option('--split <parts>', 'percent of training, validation and test part (default: 60/20/20)', readSplit)
    .option('--split-seed <n>', 'seed of the split (default: 1)', readWhole('--split-seed', 0))
    .option('--experiment <name>', 'put the runs into this experiment (default: one with the same settings)')
    .addOption(new Option('--missing <way>', 'rows with missing values (default: impute)').choices(['drop', 'impute']))
    .addOption(
      new Option('--scale <way>', 'numeric inputs (default: standard)').choices(['standard', 'minmax', 'none'])
    )
    .addOption(new Option('--optimizer <name>', 'how weights are moved').choices(optimizerNames).default('adam'))
    .option('--epochs <n>', 'the most epochs', readPlanNumber('--epochs', 'epochs', true), 100)
    .option(
      '--patience <n>',
      'stop after so many epochs without a better validation loss (default: never)',
      readPlanNumber('--patience', 'patience', true)
    )
}

function labFolderOf(program: Command): string {
  const { lab } = program.opts<GlobalOptions>()
  return lab === undefined ? defaultLabFolder() : resolve(lab)
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value]
}

/** Makes commander's "error: unknown option '--x'" a sentence. */
function usageSentence(error: UsageError | CommanderError): string {
  if (error.message === '(outputHelp)') return 'A command is missing.'
  const text = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}`
  return /[.)?]$/.test(sentence) ? sentence : `${sentence}.`
}

function helpCommand(program: Command, args: readonly string[]): string {
  const command = program.commands.find((candidate) => args.includes(candidate.name()))
  return ['lab', ...(command ? [command.name()] : []), '--help'].join(' ')
}
