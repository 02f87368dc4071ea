/** Commands that train: train, sweep, range-test, learning-curve, continue; and plan and activations, which tell what to train with. */
import { type Command, Option } from 'commander'
import { hiddenActivationNames } from '#engine/network/activations.ts'
import { initialisations } from '#engine/network/initialisations.ts'
import { normalisationNames } from '#engine/network/topology.ts'
import { topologyTextHelp } from '#engine/network/topology-text.ts'
import { optimizerNames } from '#engine/training/plan.ts'
import { scheduleNames } from '#engine/training/schedules.ts'
import { defaultRange, rangeLimits } from '#engine/training/rate-range.ts'
import type { LearningCurveOptions } from '#lab/cli/commands/learning-curve.ts'
import type { RangeTestOptions } from '#lab/cli/commands/range-test.ts'
import { foldLimits } from '#contract/runs.ts'
import type { CommandGroup } from '#lab/cli/groups/group.ts'
import {
  readActivation,
  readList,
  readNumbers,
  readSchedule,
  readWidths,
  type SweepOptions
} from '#lab/cli/sweep-settings.ts'
import { readSetting } from '#lab/cli/plan-settings.ts'
import type { TrainOptions } from '#lab/cli/train-settings.ts'
import {
  collect,
  readBatch,
  readClassWeights,
  readHidden,
  readInitialisation,
  readNumber,
  readPlanNumber,
  readSplit,
  readWhole
} from '#lab/cli/usage.ts'

export const trainingCommands: CommandGroup = (program, { context, end }) => {
  trainingCommand(program, 'train', 'train a network on a data set or a file')
    .addOption(
      new Option('--hidden <layers>', topologyTextHelp).argParser(readHidden).default(readHidden('64x32'), '64x32')
    )
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
    .action(async (dataset: string, options: TrainOptions) => {
      const { runTrain } = await import('#lab/cli/commands/train.ts')
      end(await runTrain(context(), dataset, options))
    })

  trainingCommand(program, 'sweep', 'train many topologies with the same seeds, and suggest one')
    .option(
      '--hidden <list>',
      'topologies as train takes them, with semicolons between: "none;a;2a x a;64x32" (default: 8;16;32;64;64x32)',
      readList(';', String)
    )
    .option('--depths <list>', 'numbers of hidden layers for a grid, such as 1,2,3', readNumbers.depths)
    .option('--widths <list>', 'units a layer for the grid: 8,16,32, or 8..256 for powers of two', readWidths)
    .option('--activation <list>', 'of hidden layers that name none', readList(',', readActivation), ['relu'])
    .option('--learning-rate <list>', "lengths of a step (default: the optimizer's)", readNumbers.learningRate)
    .option('--batch <list>', 'samples a step, or full', readNumbers.batch, [32])
    .option('--l2 <list>', 'penalties on the squares of the weights', readNumbers.l2)
    .option('--dropout <list>', 'shares of hidden outputs set to 0', readNumbers.dropout)
    .option(
      '--schedule <list>',
      'how the learning rate moves: ' + scheduleNames.join(', '),
      readList(',', readSchedule)
    )
    .option('--seeds <n>', 'seeds for each point (default: 5, with --folds 1)', readWhole('--seeds', 1, 1000))
    .option(
      '--folds <k>',
      'cross-validate: deal training and validation part into k folds, each of which judges once (default: one part)',
      readWhole('--folds', foldLimits.minimum, foldLimits.maximum)
    )
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

  trainingCommand(
    program,
    'range-test',
    'find a learning rate: train while it rises, and see where the loss falls fastest'
  )
    .addOption(
      new Option('--hidden <layers>', topologyTextHelp).argParser(readHidden).default(readHidden('64x32'), '64x32')
    )
    .addOption(
      new Option('--activation <name>', 'of hidden layers that name none')
        .choices(hiddenActivationNames)
        .default('relu')
    )
    .option('--batch <n>', 'samples a step, or full', readBatch, 32)
    .option('--seed <n>', 'seed of weights and order', readWhole('--seed', 0), 1)
    .option('--low <rate>', 'the first rate', readNumber('--low'), defaultRange.low)
    .option('--high <rate>', 'the last rate', readNumber('--high'), defaultRange.high)
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
    .option(
      '--learning-rate <rate>',
      "length of a step (default: the optimizer's, 0.001 for adam)",
      readPlanNumber('--learning-rate', 'learningRate', false)
    )
    .option('--batch <n>', 'samples a step, or full', readBatch, 32)
  planOptions(curve).action(async (experiment: string, options: LearningCurveOptions) => {
    const { runLearningCurve } = await import('#lab/cli/commands/learning-curve.ts')
    end(await runLearningCurve(context(), experiment, options))
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
function trainingCommand(program: Command, name: string, description: string): Command {
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
    .option('--together', 'keep identical rows in one part, where rows are drawn one by one')
    .option('--join-spellings', 'take spellings of a class that differ in case, blanks or a dot for one')
    .option('--mend', 'mend everything that the lab finds amiss before it trains')
    .option('--split-seed <n>', 'seed of the split (default: 1)', readWhole('--split-seed', 0))
    .option('--experiment <name>', 'put the runs into this experiment (default: one with the same settings)')
    .addOption(new Option('--missing <way>', 'rows with missing values (default: impute)').choices(['drop', 'impute']))
    .addOption(
      new Option('--scale <way>', 'numeric inputs (default: standard)').choices(['standard', 'minmax', 'none'])
    )
  return planOptions(command)
}

/** The options of the plan that all commands that train share. */
function planOptions(command: Command): Command {
  return command
    .addOption(new Option('--optimizer <name>', 'how weights are moved').choices(optimizerNames).default('adam'))
    .option('--epochs <n>', 'the most epochs', readPlanNumber('--epochs', 'epochs', true), 100)
    .option(
      '--patience <n>',
      'stop after so many epochs without a better validation loss (default: never)',
      readPlanNumber('--patience', 'patience', true)
    )
    .option(
      '--set <path=value>',
      'any other number or choice of the plan, such as stopping.targetLoss=0.01; may be repeated (all of them: lab plan)',
      readSetting
    )
}
