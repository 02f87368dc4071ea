/**
 * The thread that writes and looks through an experiment's own file, which may take seconds; entry of a worker. Its
 * answer is its last message; it ends by itself.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { ErrorCode } from '#contract/errors.ts'
import { LabError } from '#contract/errors.ts'
import { checkContents, type CheckedExperiment } from '#lab/transfers/bundle/check-contents.ts'
import { updateExperimentFile, writeExperimentFile, type WriteExperimentFile } from '#lab/store/experiment-file.ts'
import { withExperimentFile } from '#lab/store/experiment-summary.ts'

export type BundleTask =
  | ({ readonly task: 'write' } & WriteExperimentFile)
  | { readonly task: 'check'; readonly file: string; readonly migrationsFolder: string }

export type BundleAnswer =
  | { readonly type: 'written' }
  | { readonly type: 'checked'; readonly checked: CheckedExperiment }
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly message: string }

async function work(task: BundleTask): Promise<BundleAnswer> {
  if (task.task === 'write') {
    await writeExperimentFile(task)
    return { type: 'written' }
  }
  await updateExperimentFile(task.file, task.migrationsFolder)
  return { type: 'checked', checked: await withExperimentFile(task.file, checkContents) }
}

try {
  parentPort?.postMessage(await work(workerData as BundleTask))
} catch (error) {
  if (!(error instanceof LabError)) throw error
  const answer: BundleAnswer = { type: 'refused', code: error.code, message: error.message }
  parentPort?.postMessage(answer)
}
