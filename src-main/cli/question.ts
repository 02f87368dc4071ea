/** From a data set or file and the options of a question to the experiment that asks it. */
import type { ContractClient } from '#contract/contract.ts'
import type { ColumnSetting, Experiment, ExperimentSettings, Finding, Proposal } from '#contract/experiments.ts'
import type { ReadOptions } from '#contract/reading.ts'
import { mended } from '#contract/mended.ts'
import type { CliContext } from '#lab/cli/context.ts'
import { findDataset, requireDataset } from '#lab/cli/find.ts'
import { importFiles, isFile } from '#lab/cli/import-file.ts'
import { tellDoubt, tellOptions } from '#lab/cli/reading-options.ts'
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
  const { dataset, told } = await datasetFor(client, argument, context, undo)
  const { target, task, partColumn } = options
  const given = { datasetId: dataset.id, target, task, partColumn }
  const { settings, warnings, reasons } = await client.experiments.propose(given)
  const wanted = await withMends(client, settingsFor(settings, options, dataset.name), options)
  const { experiment, isNew } = await experimentFor(client, wanted, options.experiment)
  if (isNew) undo(() => client.experiments.remove({ experimentId: experiment.id }))
  const findings = isNew ? await client.experiments.inspect({ settings: experiment.settings }) : []
  const proposed = isNew ? proposedWords(experiment, settings, reasons) : []
  return { experiment, warnings: [...told, ...proposed, ...warnings, ...findings.map(tell)] }
}

/**
 * What the lab decided by itself that a person would not expect of every table: parts that were not drawn row by row, what
 * dates and times become, and texts of many values that are left out.
 */
function proposedWords(
  { settings: { split, columns } }: Experiment,
  proposed: ExperimentSettings,
  reasons: Proposal['reasons']
): string[] {
  const parted = split.kind === proposed.split.kind && split.kind !== 'fractions' ? [reasons.split] : []
  const decided = columns.flatMap((column) => {
    const { name, role, treatAs } = column
    const own = proposed.columns.find((other) => other.name === name)
    const isOwn = own?.role === role && own.treatAs === treatAs && own.parts === column.parts
    const reason = isOwn ? reasons.columns[name] : undefined
    const isTold = (role === 'input' && (treatAs === 'date' || treatAs === 'time')) || isManyTexts(role, reason)
    return reason !== undefined && isTold ? [`"${name}": ${reason}`] : []
  })
  return [...parted, ...decided]
}

/** Texts that are left out and could be used in another way, which only a person can decide. */
function isManyTexts(role: ColumnSetting['role'], reason: string | undefined): boolean {
  return role === 'ignored' && reason?.includes('how frequent each is') === true
}

/** What was found, with the option that mends it. */
function tell({ message, mend }: Finding): string {
  return mend ? `${message} (${mend.option})` : message
}

/** Rounds of looking and mending: one mend may bring another finding to light, and that ends soon. */
const mostRounds = 5

/** Mends what was found, as far as the options ask for it. */
async function withMends(
  client: ContractClient,
  settings: ExperimentSettings,
  { mend: all, joinSpellings }: QuestionOptions
): Promise<ExperimentSettings> {
  let result = settings
  for (let round = 0; (all || joinSpellings) && round < mostRounds; round++) {
    const findings = await client.experiments.inspect({ settings: result })
    const mends = findings.filter(({ kind }) => all || kind === 'spellings').flatMap(({ mend }) => mend ?? [])
    if (mends.length === 0) break
    // Of the split one mend at a time: the next look is at the new parts.
    const parting = mends.find(({ split }) => split !== null)
    const next = [...mends.filter(({ split }) => split === null), ...(parting ? [parting] : [])]
    result = next.reduce(mended, result)
  }
  return result
}

/**
 * A file that exists is read, so that a change of it is noticed; else the argument names a data set of the lab.
 * What looks like a path goes to the import, which says best what is wrong with it.
 */
async function datasetFor(client: ContractClient, argument: string, context: CliContext, undo: Undo) {
  if (!isFile(argument)) {
    const known = await findDataset(client, argument)
    if (known) return { dataset: known, told: [] }
    if (!/[\\/.]/.test(argument)) return { dataset: await requireDataset(client, argument), told: [] }
  }
  const { dataset, existed } = await importFiles(client, [argument], undefined, context, {}, true)
  if (!existed) undo(() => client.datasets.remove({ datasetId: dataset.id }))
  // Training straight from a file tells what importing it tells, once there is something to train.
  const before = dataset.reading && readAsBefore(dataset.reading.options)
  return {
    dataset,
    told: [...(existed && before ? [before] : []), ...dataset.warnings, ...dataset.doubts.map(tellDoubt)]
  }
}

/** Tells that a file is read by what was chosen when it was imported; null where nothing was. */
function readAsBefore(options: ReadOptions): string | null {
  const told = tellOptions(options)
  return told === null ? null : `The file is read as it was imported: ${told}.`
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
