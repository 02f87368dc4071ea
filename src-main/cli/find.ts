/** Finds what a person names on the command line: data sets by id, unique prefix or name; runs and experiments. */
import type { DatasetSummary } from '#contract/datasets.ts'
import { LabError } from '#contract/errors.ts'
import type { Experiment } from '#contract/experiments.ts'
import type { Run } from '#contract/runs.ts'
import type { ContractClient } from '#contract/contract.ts'

/**
 * Finds the data set that `text` names, or null.
 * Errors: LabError 'not_found' with the candidates where it names several.
 */
export async function findDataset(client: ContractClient, text: string): Promise<DatasetSummary | null> {
  const all = await client.datasets.list()
  const byId = all.filter(({ id }) => id === text)
  const byName = all.filter(({ name }) => name === text)
  const byPrefix = /^[0-9a-f]{3,}$/.test(text) ? all.filter(({ id }) => id.startsWith(text)) : []
  const found = [byId, byName, byPrefix].find((list) => list.length > 0) ?? []
  if (found.length > 1) {
    const ids = found.map(({ id, name }) => `${id} (${name})`).join(', ')
    throw new LabError('not_found', `"${text}" names ${found.length} data sets: ${ids}; name one by its id.`)
  }
  return found[0] ?? null
}

/** Finds the data set that `text` names. Errors: LabError 'not_found'. */
export async function requireDataset(client: ContractClient, text: string): Promise<DatasetSummary> {
  const dataset = await findDataset(client, text)
  if (!dataset) throw new LabError('not_found', `There is no data set "${text}" in this lab; see: lab datasets`)
  return dataset
}

/** Finds the run of a number. Errors: LabError 'not_found'. */
export async function requireRun(client: ContractClient, text: string): Promise<Run> {
  const runId = /^\d+$/.test(text) ? Number(text) : NaN
  if (!Number.isSafeInteger(runId)) {
    throw new LabError('not_found', `A run is named by its number; "${text}" is none; see: lab runs`)
  }
  return client.runs.get({ runId })
}

/** Finds an experiment by name, else by number. Errors: LabError 'not_found' with what there is, or what it may mean. */
export function chooseExperiment(experiments: readonly Experiment[], text: string): Experiment {
  const named = experiments.filter(({ name }) => name === text)
  if (named.length > 1) {
    const numbers = named.map(({ id, rows, runs }) => `${id} (${rows.train} training rows, ${runs} runs)`).join(', ')
    throw new LabError('not_found', `"${text}" names ${named.length} experiments: ${numbers}; name one by its number.`)
  }
  const found = named[0] ?? experiments.find(({ id }) => String(id) === text)
  if (found) return found
  throw new LabError('not_found', `There is no experiment "${text}" in this lab; see: lab experiments`)
}
