/** From a data set or file and the options of a question to the experiment that asks it. */
import type { ContractClient } from '#contract/contract.ts'
import type { Experiment } from '#contract/experiments.ts'
import type { CliContext } from '#lab/cli/context.ts'
import { findDataset, requireDataset } from '#lab/cli/find.ts'
import { importFiles, isFile } from '#lab/cli/import-file.ts'
import { experimentFor, type QuestionOptions, settingsFor } from '#lab/cli/train-settings.ts'

/** What was added on the way to a run; taken back where the run does not come about. */
export type Undo = (step: () => Promise<unknown>) => void

/** Imports where it is a file, proposes, and creates or reuses the experiment; with what the lab warns of. */
export async function questionFor(
  client: ContractClient,
  argument: string,
  options: QuestionOptions,
  context: CliContext,
  undo: Undo
): Promise<{ experiment: Experiment; warnings: string[] }> {
  const dataset = await datasetFor(client, argument, context, undo)
  const { target, task } = options
  const { settings, warnings, reasons } = await client.experiments.propose({ datasetId: dataset.id, target, task })
  const wanted = settingsFor(settings, options, dataset.name)
  const { experiment, isNew } = await experimentFor(client, wanted, options.experiment)
  if (isNew) undo(() => client.experiments.remove({ experimentId: experiment.id }))
  const findings = isNew ? await client.experiments.inspect({ settings: experiment.settings }) : []
  // Parts that were not drawn row by row are worth a word, where they come from the lab alone.
  const { split } = experiment.settings
  const proposed = isNew && split.kind === settings.split.kind && split.kind !== 'fractions' ? [reasons.split] : []
  return { experiment, warnings: [...proposed, ...warnings, ...findings.map(({ message }) => message)] }
}

/**
 * A file that exists is read, so that a change of it is noticed; else the argument names a data set of the lab.
 * What looks like a path goes to the import, which says best what is wrong with it.
 */
async function datasetFor(client: ContractClient, argument: string, context: CliContext, undo: Undo) {
  if (!isFile(argument)) {
    const known = await findDataset(client, argument)
    if (known) return known
    if (!/[\\/.]/.test(argument)) return requireDataset(client, argument)
  }
  const { dataset, existed } = await importFiles(client, [argument], undefined, context)
  if (!existed) undo(() => client.datasets.remove({ datasetId: dataset.id }))
  return dataset
}

/** Works, and where that fails takes back what was added, newest first, so that the lab is left as it was. */
export async function orUndo<Result>(work: (undo: Undo) => Promise<Result>): Promise<Result> {
  const steps: (() => Promise<unknown>)[] = []
  try {
    return await work((step) => steps.unshift(step))
  } catch (error) {
    for (const step of steps) await step()
    throw error
  }
}
