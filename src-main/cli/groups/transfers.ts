/** Commands that move work between labs and to other programs: transfer, unpack. */
import { Option } from 'commander'
import { destinationNames, destinations } from '#contract/transfers.ts'
import type { TransferOptions } from '#lab/cli/commands/transfer.ts'
import type { CommandGroup } from '#lab/cli/groups/group.ts'

export const transferCommands: CommandGroup = (program, { context, end }) => {
  const help = destinationNames.map((name) => `${name}: ${destinations[name].help}`).join('; ')
  program
    .command('transfer')
    .description('take an experiment to another lab, or its runs to another program')
    .argument('<experiment>', 'name or number of the experiment')
    .addOption(new Option('--to <form>', help).choices(destinationNames).makeOptionMandatory())
    .requiredOption('--out <path>', 'the file to write, or the folder for mlflow and tensorboard')
    .action(async (experiment: string, options: TransferOptions) => {
      const { runTransfer } = await import('#lab/cli/commands/transfer.ts')
      end(await runTransfer(context(), experiment, options))
    })

  program
    .command('unpack')
    .description('take the experiment of a bundle (.toplab) into the lab')
    .argument('<file>', 'the bundle')
    .action(async (file: string) => {
      const { runUnpack } = await import('#lab/cli/commands/unpack.ts')
      end(await runUnpack(context(), file))
    })
}
