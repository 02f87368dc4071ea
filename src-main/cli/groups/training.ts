/** Commands that train: train, sweep, range-test, learning-curve, continue; and plan and activations, which tell what to train with. */
import { type Command, Option } from 'commander'
import { hiddenActivationNames } from '#engine/network/activations.ts'
import { layerSettings } from '#engine/network/layer-settings.ts'
import { defaultHidden, normalisationNames } from '#engine/network/topology.ts'
import { topologyTextHelp, writeHidden } from '#engine/network/topology-text.ts'
import { recipeNames, recipes } from '#engine/training/recipes.ts'
import { defaultRange, rangeLimits } from '#engine/training/rate-range.ts'
import type { LearningCurveOptions } from '#lab/cli/commands/learning-curve.ts'
import type { TrainOnOptions } from '#lab/cli/commands/train-on.ts'
import type { WorkOptions } from '#lab/cli/commands/work.ts'
import type { ContinueOptions } from '#lab/cli/commands/sweep.ts'
import type { RangeTestOptions } from '#lab/cli/commands/range-test.ts'
import { foldLimits } from '#contract/runs.ts'
import type { CommandGroup } from '#lab/cli/groups/group.ts'
import { addPlanOptions, readOption } from '#lab/cli/plan-settings.ts'
import {
  readActivation,
  readFolds,
  readList,
  readNumbers,
  readVary,
  readWidths,
  type SweepOptions
} from '#lab/cli/sweep-settings.ts'
import { scalingNames } from '#words/scalings.ts'
import type { TrainOptions } from '#lab/cli/train-settings.ts'
import { collect, readHidden, readRange, readSplit, readWhole } from '#lab/cli/usage.ts'
import { fewRows } from '#trials/usual-folds.ts'

const usualHidden = `${writeHidden(defaultHidden, 'relu')}, of the recipe strong ${recipes.strong.hidden.classification}`
const rates = { minimum: rangeLimits.low, maximum: rangeLimits.high } as const

export const trainingCommands: CommandGroup = (program, host) => {
  const { context, end } = host
  trainingCommand(program, 'train', 'train a network on a data set or a file')
    .addOption(new Option('--hidden <layers>', `${topologyTextHelp} (default: ${usualHidden})`).argParser(readHidden))
    .addOption(
      new Option('--activation <name>', 'of hidden layers that name none')
        .choices(hiddenActivationNames)
        .default('relu')
    )
    .option('--seed <n>', 'seed of weights and order', readWhole('--seed', 0), 1)
    .addOption(new Option('--normalisation <kind>', 'of the sums of every hidden layer').choices(normalisationNames))
    .option('--dropout <share>', 'of the outputs of every hidden layer', readOption('--dropout', layerSettings.dropout))
    .action(async (dataset: string, options: TrainOptions) => {
      const { runTrain } = await import('#lab/cli/commands/train.ts')
      end(await runTrain(context(), dataset, options))
    })

  trainingCommand(program, 'sweep', 'train many topologies with the same seeds, and suggest one', 'list')
    .option(
      '--hidden <list>',
      'topologies as train takes them, with semicolons between: "none;a;2a x a;64x32" (default: 8;16;32;64;64x32, of the recipe strong none;32;64x32;128x64)',
      readList(';', String)
    )
    .option('--depths <list>', 'numbers of hidden layers for a grid, such as 1,2,3', readNumbers.depths)
    .option('--widths <list>', 'units a layer for the grid: 8,16,32, or 8..256 for powers of two', readWidths)
    .option('--activation <list>', 'of hidden layers that name none', readList(',', readActivation), ['relu'])
    .option('--dropout <list>', 'shares of hidden outputs set to 0', readNumbers.dropout)
    .option(
      '--vary <path=list>',
      'any setting of the plan or of hidden layers, such as optimizer.beta1=0.8,0.9; may be repeated (all of them: lab plan)',
      readVary
    )
    .option('--seeds <n>', 'seeds for each point (default: 5, with folds 1)', readWhole('--seeds', 1, 1000))
    .option(
      '--folds <k>',
      'cross-validate: deal training and validation part into k folds, each of which judges once, or none for the one ' +
        `part (default: 5 below ${fewRows} rows where --seeds is not given, else none)`,
      readFolds
    )
    .addOption(
      new Option(
        '--strategy <name>',
        'which points are trained, and how far; halving prefers what learns fast, and may give up what is best in the end'
      )
        .choices(['grid', 'random', 'halving'])
        .default('grid')
    )
    .option(
      '--first-epochs <n>',
      'of --strategy halving: so many epochs for all, then the best third train to the end (default: in several rungs)',
      readWhole('--first-epochs', 1)
    )
    .option('--points <n>', 'points that --strategy random draws', readWhole('--points', 1))
    .option('--budget-runs <n>', 'the most runs', readWhole('--budget-runs', 1))
    .option('--budget-minutes <n>', 'the most time', readNumbers.minutes)
    .addOption(
      new Option(
        '--workers <nats://server>',
        'train nothing here: workers at this NATS server do (lab work)'
      ).conflicts('to')
    )
    .option('--to <folder>', 'train nothing here: write the runs for workers that see this new folder (lab work)')
    .option('--slurm', 'with --to: write the batch script of a job array beside them')
    .action(async (dataset: string, options: SweepOptions) => {
      const { runSweep } = await import('#lab/cli/commands/sweep.ts')
      end(await runSweep(context(), dataset, options))
    })

  trainingCommand(
    program,
    'range-test',
    'find a learning rate: train while it rises, and see where the loss falls fastest'
  )
    .addOption(new Option('--hidden <layers>', `${topologyTextHelp} (default: ${usualHidden})`).argParser(readHidden))
    .addOption(
      new Option('--activation <name>', 'of hidden layers that name none')
        .choices(hiddenActivationNames)
        .default('relu')
    )
    .option('--seed <n>', 'seed of weights and order', readWhole('--seed', 0), 1)
    .option('--low <rate>', 'the first rate', readRange('--low', rates), defaultRange.low)
    .option('--high <rate>', 'the last rate', readRange('--high', rates), defaultRange.high)
    .option(
      '--steps <n>',
      'batches from the first rate to the last',
      readWhole('--steps', rangeLimits.minimumSteps, rangeLimits.maximumSteps),
      defaultRange.steps
    )
    .action(async (dataset: string, options: RangeTestOptions) => {
      const { runRangeTest } = await import('#lab/cli/commands/range-test.ts')
      end(await runRangeTest(context(), dataset, options))
    })

  const curve = program
    .command('learning-curve')
    .description('show error over training rows: whether more rows or more units would help')
    .argument('<experiment>', 'name or number of the experiment')
    .addOption(
      new Option(
        '--hidden <layers>',
        `train first what is missing of these: ${topologyTextHelp} (default: show what is there)`
      ).argParser(readHidden)
    )
    .addOption(
      new Option('--activation <name>', 'of hidden layers that name none')
        .choices(hiddenActivationNames)
        .default('relu')
    )
    .option('--shares <list>', 'shares of the training part', readNumbers.shares, [0.1, 0.2, 0.4, 0.7, 1])
    .option('--seeds <n>', 'seeds for each share', readWhole('--seeds', 1, 1000), 3)
  addPlanOptions(curve).action(async (experiment: string, options: LearningCurveOptions) => {
    const { runLearningCurve } = await import('#lab/cli/commands/learning-curve.ts')
    end(await runLearningCurve(context(), experiment, options))
  })

  addSweepCommands(program, host)
  addListings(program, host)
}

/** Commands that go on with a sweep: continue here; work and gather on a folder that it was written to. */
const addSweepCommands: CommandGroup = (program, { context, end }) => {
  program
    .command('continue')
    .description('go on with a paused or interrupted sweep, where it was trained')
    .argument('<sweep>', 'the number of the sweep', readWhole('The number of a sweep', 1))
    .option('--failed', 'run again what failed of it, also once it has ended')
    .action(async (sweep: number, options: ContinueOptions) => {
      const { runContinue } = await import('#lab/cli/commands/sweep.ts')
      end(await runContinue(context(), sweep, options))
    })

  program
    .command('work')
    .description(
      'train what a sweep has left in a folder (sweep --to) until nothing is left, or what sweeps give to a NATS server ' +
        '(sweep --workers) until it is interrupted; needs no lab'
    )
    .argument('<folder|nats://server>', 'a folder on a disk that the machines share, or the server')
    .option('--cores <n>', 'units trained at once (default: a unit a core)', readWhole('--cores', 1, 1024))
    .option('--array-index <i>', 'which of the workers of a job array this is, from 0', readWhole('--array-index', 0))
    .option('--array-count <n>', 'how many workers the job array has', readWhole('--array-count', 1))
    .option('--cache <folder>', 'of a server: where tables are kept (default: a temporary folder of your own)')
    .action(async (folder: string, options: WorkOptions) => {
      const { runWork } = await import('#lab/cli/commands/work.ts')
      end(await runWork(context(), folder, options))
    })

  program
    .command('gather')
    .description('take in what workers have made of a folder so far; as often as you like')
    .argument('<folder>', 'as sweep --to has written it')
    .action(async (folder: string) => {
      const { runGather } = await import('#lab/cli/commands/gather.ts')
      end(await runGather(context(), folder))
    })
}

/** Commands that list what there is to train with. */
const addListings: CommandGroup = (program, { context, end }) => {
  program
    .command('train-on')
    .description('train on what was still learning when its last epoch ended, and show the curve anew')
    .argument('<experiment>', 'name or number of the experiment')
    .option('--times <n>', 'times as many epochs, at most', readWhole('--times', 2, 100), 3)
    .option(
      '--folds <k>',
      'the runs of a sweep with so many folds (default: as complexity)',
      readWhole('--folds', foldLimits.minimum, foldLimits.maximum)
    )
    .action(async (experiment: string, options: TrainOnOptions) => {
      const { runTrainOn } = await import('#lab/cli/commands/train-on.ts')
      end(await runTrainOn(context(), experiment, options))
    })

  program
    .command('plan')
    .description('list every number and choice of a training plan, as --set takes them')
    .action(async () => {
      const { runPlan } = await import('#lab/cli/commands/plan.ts')
      end(runPlan(context()))
    })

  program
    .command('activations')
    .description('list the activation functions: formula, derivative, range, and what speaks for and against each')
    .action(async () => {
      const { runActivations } = await import('#lab/cli/commands/activations.ts')
      end(runActivations(context()))
    })
}

/** A command that trains on a data set or file: the options of the question and of the plan that `train` and `sweep` share. */
function trainingCommand(
  program: Command,
  name: string,
  description: string,
  takes: 'value' | 'list' = 'value'
): Command {
  const command = program
    .command(name)
    .description(description)
    .argument('<dataset|file>', 'id, unique start of the id or name of a data set, or a file')
    .requiredOption('--target <column>', 'the column to predict')
    .addOption(
      new Option('--task <task>', 'default: follows from the target').choices(['classification', 'regression'])
    )
    .option('--ignore <columns>', 'columns to leave out, with commas between them', collect)
    .option('--weight <column>', 'what each row counts in training, 0 or more (default: all alike)')
    .option('--split <parts>', 'percent of training, validation and test part (default: 60/20/20)', readSplit)
    .addOption(
      new Option(
        '--part-column <name>',
        'the column whose values train, validation and test name the parts (default: one called so)'
      ).conflicts(['split', 'groupBy', 'orderBy', 'inOrder', 'atRandom', 'together'])
    )
    .option('--group-by <column>', 'keep rows with the same value of it in one part')
    .addOption(
      new Option('--order-by <column>', 'train on the first rows by it, test on the last').conflicts('groupBy')
    )
    .addOption(new Option('--in-order', 'the same, as the rows stand in the table').conflicts(['groupBy', 'orderBy']))
    .addOption(
      new Option('--at-random', 'draw rows one by one, whatever the lab proposes').conflicts([
        'groupBy',
        'orderBy',
        'inOrder'
      ])
    )
    .option(
      '--treat <name=how>',
      'encode a column as number, categories, frequency, time, date, date:days,month,... or order:small<medium<large',
      collect
    )
    .option('--together', 'keep identical rows in one part, where rows are drawn one by one')
    .option('--join-spellings', 'take spellings of a class that differ in case, blanks or a dot for one')
    .option('--mend', 'mend everything that the lab finds amiss before it trains')
    .option('--split-seed <n>', 'seed of the split (default: 1)', readWhole('--split-seed', 0))
    .option('--experiment <name>', 'put the runs into this experiment (default: one with the same settings)')
    .addOption(new Option('--missing <way>', 'rows with missing values (default: impute)').choices(['drop', 'impute']))
    .addOption(new Option('--scale <way>', 'numeric inputs (default: standard)').choices(scalingNames))
    .addOption(
      new Option(
        '--recipe <name>',
        'what plan, preparation and hidden layers start from: classic, the plain network, or strong, what did best on many ' +
          'tables; other options go before it'
      )
        .choices(recipeNames)
        .default('classic')
    )
    .option('--smooth-clip', 'make z / sqrt(1 + (z / 3)^2) of each scaled number z, so that far values do no harm')
    .option('--limits', 'keep predictions of a number within the range of the training targets')
  return addPlanOptions(command.optionsGroup('Plan:'), takes).optionsGroup('Topology and trials:')
}
