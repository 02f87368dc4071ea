/** Imports files as one data set and follows the job to its end. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Dataset } from '#contract/datasets.ts'
import { errorCodes, LabError } from '#contract/errors.ts'
import type { ContractClient } from '#contract/contract.ts'
import type { CliContext } from '#lab/cli/context.ts'

/** Tells whether the argument is a file that exists, seen from where the person stands. */
export function isFile(argument: string): boolean {
  return statSync(resolve(argument), { throwIfNoEntry: false })?.isFile() ?? false
}

/**
 * Imports; content that the lab already has is recognised and given back as it is.
 * Errors: LabError as the lab says, 'cancelled' when the person interrupts.
 */
export async function importFiles(
  client: ContractClient,
  files: readonly string[],
  name: string | undefined,
  { output, interrupted }: CliContext
): Promise<{ dataset: Dataset; existed: boolean }> {
  interrupted.throwIfAborted()
  const source = { files: files.map((file) => ({ path: resolve(file) })) }
  const { jobId } = await client.datasets.import({ source, name })
  const cancel = () => void client.datasets.cancelImport({ jobId }).catch(() => undefined)
  interrupted.addEventListener('abort', cancel)
  try {
    for await (const item of await client.datasets.importProgress({ jobId })) {
      if (item.type === 'done') return item
      if (item.type === 'failed') {
        throw new LabError(errorCodes.find((code) => code === item.code) ?? 'internal', item.message)
      }
      output.progress(item.fraction, item.message)
    }
  } finally {
    interrupted.removeEventListener('abort', cancel)
  }
  throw new LabError('internal', 'The import ended without a result; try it again.')
}
