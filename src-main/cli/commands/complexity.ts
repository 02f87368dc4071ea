/** `lab complexity EXPERIMENT`: the curve of error over complexity, the suggestion and its reason. */
import type { ContractClient } from '#contract/contract.ts'
import type { Complexity, References } from '#contract/selection.ts'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { describeComplexity, describeReferences } from '#lab/cli/describe-complexity.ts'
import { complexityDocument, referencesDocument } from '#lab/documents/documents.ts'
import { chooseExperiment } from '#lab/cli/find.ts'

type Question = Parameters<ContractClient['selection']['complexity']>[0]

export type ComplexityOptions = Pick<Question, 'axis' | 'measure' | 'folds'> & {
  readonly zone?: number
  /** False without a linear model and a forest beside the networks. */
  readonly references: boolean
}

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

/** Asks until a linear model and a forest are fitted: some seconds, once an experiment. */
async function settledReferences(
  client: Pick<ContractClient, 'selection'>,
  question: Parameters<ContractClient['selection']['references']>[0]
): Promise<References> {
  for (;;) {
    const references = await client.selection.references(question)
    if (!references.isPending) return references
  }
}

/** Prints the points, the simplest first. */
export function runComplexity(context: CliContext, text: string, options: ComplexityOptions): Promise<ExitCode> {
  return withLab(context, 'read', async ({ client }) => {
    const { id: experimentId } = chooseExperiment(await client.experiments.list(), text)
    const { zone, references: isWanted, ...question } = options
    const share = zone === undefined ? {} : { zone: zone / 100 }
    const asked = { experimentId, ...question, ...share }
    const complexity = await judgedComplexity(client, asked)
    const isShown = isWanted && complexity.points.length > 0 && complexity.measure.name !== 'loss'
    const { folds } = complexity
    const references = isShown ? await settledReferences(client, { experimentId, folds, ...share }) : null
    const document = {
      ...complexityDocument(complexity),
      ...(references && { references: referencesDocument(references, complexity) })
    }
    context.output.result(document, () => describeComplexity(complexity) + describeReferences(references))
    return exitCodes.done
  })
}
