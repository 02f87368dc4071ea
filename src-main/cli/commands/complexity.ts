/** `lab complexity EXPERIMENT`: the curve of error over complexity, the suggestion and its reason. */
import type { ContractClient } from '#contract/contract.ts'
import type { Complexity } from '#contract/selection.ts'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { describeComplexity } from '#lab/cli/describe-complexity.ts'
import { complexityDocument } from '#lab/documents/documents.ts'
import { chooseExperiment } from '#lab/cli/find.ts'

type Question = Parameters<ContractClient['selection']['complexity']>[0]

export type ComplexityOptions = Pick<Question, 'axis' | 'measure' | 'folds'> & { readonly zone?: number }

/** Asks until the rows of all runs are known: those of older runs are worked out by and by. */
export async function settledComplexity(
  client: Pick<ContractClient, 'selection'>,
  question: Question
): Promise<Complexity> {
  for (;;) {
    const complexity = await client.selection.complexity(question)
    if (complexity.pending === 0) return complexity
  }
}

/** Where nobody said which, and the one part has judged nothing, folds have: those of which there are the most. */
export async function judgedComplexity(
  client: Pick<ContractClient, 'selection'>,
  asked: Question
): Promise<Complexity> {
  const complexity = await settledComplexity(client, asked)
  const folds = complexity.foldCounts.at(-1)
  if (asked.folds !== undefined || complexity.points.length > 0 || folds === undefined) return complexity
  return settledComplexity(client, { ...asked, folds })
}

/** Prints the points, the simplest first. */
export function runComplexity(context: CliContext, text: string, options: ComplexityOptions): Promise<ExitCode> {
  return withLab(context, 'read', async ({ client }) => {
    const { id: experimentId } = chooseExperiment(await client.experiments.list(), text)
    const { zone, ...question } = options
    const share = zone === undefined ? {} : { zone: zone / 100 }
    const asked = { experimentId, ...question, ...share }
    const complexity = await judgedComplexity(client, asked)
    context.output.result(complexityDocument(complexity), () => describeComplexity(complexity))
    return exitCodes.done
  })
}
