/** `lab complexity EXPERIMENT`: the curve of error over complexity, the suggestion and its reason. */
import type { ContractClient } from '#contract/contract.ts'
import type { Complexity } from '#contract/selection.ts'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { describeComplexity } from '#lab/cli/describe-complexity.ts'
import { complexityDocument } from '#lab/documents/documents.ts'
import { chooseExperiment } from '#lab/cli/find.ts'

export type ComplexityOptions = Pick<
  Parameters<ContractClient['selection']['complexity']>[0],
  'axis' | 'measure' | 'folds'
> & { readonly zone?: number }

/** Asks until the rows of all runs are known: those of older runs are worked out by and by. */
export async function settledComplexity(
  client: Pick<ContractClient, 'selection'>,
  question: Parameters<ContractClient['selection']['complexity']>[0]
): Promise<Complexity> {
  for (;;) {
    const complexity = await client.selection.complexity(question)
    if (complexity.pending === 0) return complexity
  }
}

/** Prints the points, the simplest first. */
export function runComplexity(context: CliContext, text: string, options: ComplexityOptions): Promise<ExitCode> {
  return withLab(context, 'read', async ({ client }) => {
    const { id: experimentId } = chooseExperiment(await client.experiments.list(), text)
    const { zone, ...question } = options
    const share = zone === undefined ? {} : { zone: zone / 100 }
    const complexity = await settledComplexity(client, { experimentId, ...question, ...share })
    context.output.result(complexityDocument(complexity), () => describeComplexity(complexity))
    return exitCodes.done
  })
}
