/** `lab activations`: the table of activation functions, with the trade-offs of each. */
import { activationNames, activations, differentiableWhere } from '#engine/network/activations.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { formatTable } from '#lab/cli/table.ts'

/** Lists the activation functions. */
export function runActivations(context: CliContext): ExitCode {
  const rows = activationNames.map((name) => ({
    name,
    ...activations[name],
    differentiable: differentiableWhere(name)
  }))
  context.output.result({ activations: rows }, () =>
    formatTable(rows, [
      { title: 'name', text: ({ name }) => name },
      { title: 'formula', text: ({ formula }) => formula },
      { title: 'derivative', text: ({ derivative }) => derivative },
      { title: 'range', text: ({ range }) => range },
      { title: 'zero-centred', text: ({ zeroCentred }) => (zeroCentred ? 'yes' : 'no') },
      { title: 'saturates', text: ({ saturates }) => (saturates ? 'yes' : 'no') },
      { title: 'differentiable', text: ({ differentiable }) => differentiable },
      { title: 'usual weights', text: ({ initialisation }) => initialisation }
    ])
  )
  return exitCodes.done
}
