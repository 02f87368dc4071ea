/** `lab complexity EXPERIMENT`: the curve of error over complexity, the suggestion and its reason. */
import type { ContractClient } from '#contract/contract.ts'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { describeComplexity } from '#lab/cli/describe-complexity.ts'
import { complexityDocument } from '#lab/cli/documents.ts'
import { chooseExperiment } from '#lab/cli/find.ts'

export type ComplexityOptions = Pick<
  Parameters<ContractClient['selection']['complexity']>[0],
  'axis' | 'measure' | 'folds'
>

/** Prints the points, the simplest first. */
export function runComplexity(context: CliContext, text: string, options: ComplexityOptions): Promise<ExitCode> {
  return withLab(context, 'read', async ({ client }) => {
    const { id: experimentId } = chooseExperiment(await client.experiments.list(), text)
    const complexity = await client.selection.complexity({ experimentId, ...options })
    context.output.result(complexityDocument(complexity), () => describeComplexity(complexity))
    return exitCodes.done
  })
}
