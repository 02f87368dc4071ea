/** Commands on what networks are made of: unit (McCulloch-Pitts, perceptron, Adaline, Madaline) and backprop. */
import { Option } from 'commander'
import type { BackpropOptions } from '#lab/cli/commands/backprop.ts'
import type { GateOptions, LearningOptions, MadalineOptions } from '#lab/cli/commands/unit.ts'
import type { CommandGroup } from '#lab/cli/groups/group.ts'
import { readWhole } from '#lab/cli/usage.ts'
import { readRate, readWeights } from '#lab/cli/unit-table.ts'

const gates = ['or', 'and', 'nand', 'nor', 'xor']

export const foundationCommands: CommandGroup = (program, { context, end }) => {
  const unit = program.command('unit').description('run one of the units that networks began with')

  unit
    .command('mcculloch-pitts')
    .description('write the truth table of a unit with weights and a threshold set by hand')
    .requiredOption('--weights <list>', 'one weight an input, with commas, such as 1,1 or -1,2', readWeights)
    .requiredOption('--threshold <number>', 'it fires where the weighted sum reaches it', Number)
    .action(async (options: GateOptions) => {
      const { runMcCullochPitts } = await import('#lab/cli/commands/unit.ts')
      end(runMcCullochPitts(context(), options))
    })

  const learning = (name: 'perceptron' | 'adaline' | 'madaline', description: string, rate: number) =>
    unit
      .command(name)
      .description(description)
      .argument('[table]', 'a file or a data set of the lab with two classes; left out: a gate')
      .option('--target <column>', 'the column with the two classes (default: the last)')
      .addOption(new Option('--data <gate>', 'a gate in the place of a table').choices(gates).default('or'))
      .option('--rate <number>', 'the learning rate', readRate, rate)
      .option('--epochs <number>', 'the most passes over the rows', readWhole('--epochs', 1, 100_000), 1000)

  learning('perceptron', 'train a perceptron: accuracy, updates, and whether a line can part the classes', 1)
    .option('--steps', 'write every update')
    .action(async (table: string | undefined, options: LearningOptions) => {
      const { runPerceptron } = await import('#lab/cli/commands/unit.ts')
      end(await runPerceptron(context(), table, options))
    })

  learning('adaline', 'train an Adaline, beside the least squares that it goes to', 0.01).action(
    async (table: string | undefined, options: LearningOptions) => {
      const { runAdaline } = await import('#lab/cli/commands/unit.ts')
      end(await runAdaline(context(), table, options))
    }
  )

  learning('madaline', 'train a Madaline', 1)
    .addOption(
      new Option('--rule <rule>', 'rule I with a fixed or, and, majority; or rule II')
        .choices(['or', 'and', 'majority', 'two'])
        .default('two')
    )
    .option('--units <number>', 'how many Adalines', readWhole('--units', 1, 100), 3)
    .option('--seed <number>', 'draws the first weights', readWhole('--seed', 0), 1)
    .action(async (table: string | undefined, options: MadalineOptions) => {
      const { runMadaline } = await import('#lab/cli/commands/unit.ts')
      end(await runMadaline(context(), table, options))
    })

  program
    .command('backprop')
    .description('tell the pass of one row through the network of a run, forward and back, with its numbers')
    .argument('<run>', 'the number of the run')
    .option('--row <number>', 'of the table, from 1 (default: the first of the training part)', readWhole('--row', 1))
    .option('--epoch <number>', 'the kept epoch nearest to it (default: the best)', readWhole('--epoch', 0))
    .action(async (run: string, options: BackpropOptions) => {
      const { runBackprop } = await import('#lab/cli/commands/backprop.ts')
      end(await runBackprop(context(), run, options))
    })
}
