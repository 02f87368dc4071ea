/** Imports files as one data set and follows the job to its end. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Dataset } from '#contract/datasets.ts'
import type { ReadOptions } from '#contract/reading.ts'
import { LabError } from '#contract/errors.ts'
import type { ContractClient } from '#contract/contract.ts'
import type { CliContext } from '#lab/cli/context.ts'
import { followJob } from '#lab/cli/follow-job.ts'

/** Tells whether the argument is a file that exists, seen from where the person stands. */
export function isFile(argument: string): boolean {
  return statSync(resolve(argument), { throwIfNoEntry: false })?.isFile() ?? false
}

/**
 * Imports; content that the lab already has is recognised and given back as it is;
 * `asBefore` reads bytes that the lab has read before by the options of then.
 * Errors: LabError as the lab says, 'cancelled' when the person interrupts.
 */
export async function importFiles(
  client: ContractClient,
  files: readonly string[],
  name: string | undefined,
  context: CliContext,
  options: ReadOptions = {},
  asBefore = false
): Promise<{ dataset: Dataset; existed: boolean }> {
  const source = { files: files.map((file) => ({ path: resolve(file) })) }
  return importFrom(client, { source, name, options, asBefore }, context)
}

/** Follows any import to its end. Errors: as importFiles(). */
export async function importFrom(
  client: ContractClient,
  request: Parameters<ContractClient['datasets']['import']>[0],
  context: CliContext
): Promise<{ dataset: Dataset; existed: boolean }> {
  context.interrupted.throwIfAborted()
  const { jobId } = await client.datasets.import(request)
  const cancel = () => client.datasets.cancelImport({ jobId })
  const last = await followJob(await client.datasets.importProgress({ jobId }), cancel, context)
  if (last.type !== 'done') throw new LabError('internal', 'The import ended without a result; try it again.')
  return last
}
