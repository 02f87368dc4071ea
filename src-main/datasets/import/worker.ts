/** The thread that reads files for an import; entry of a worker. Its answer is its last message; it ends by itself. */
import { parentPort, workerData } from 'node:worker_threads'
import type { ErrorDetails } from '#contract/errors.ts'
import { LabError } from '#contract/errors.ts'
import { convert, type Converted, type ConvertTask } from '#lab/datasets/import/foreign/convert.ts'
import { type CleaningReport } from '#lab/datasets/import/text/clean.ts'
import { type CleanTask, runCleaning } from '#lab/datasets/import/text/run-cleaning.ts'

export type ReadingTask = CleanTask | ConvertTask

export type ReadingAnswer =
  | { readonly task: 'progress'; readonly fraction: number }
  | { readonly task: 'clean'; readonly report: CleaningReport }
  | { readonly task: 'convert'; readonly converted: Converted }
  | { readonly task: 'refused'; readonly message: string; readonly details: Pick<ErrorDetails, 'row' | 'column'> }

const onFraction = (fraction: number) => post({ task: 'progress', fraction })

function post(answer: ReadingAnswer): void {
  parentPort?.postMessage(answer)
}

async function work(task: ReadingTask): Promise<ReadingAnswer> {
  if (task.task === 'convert') return { task: 'convert', converted: await convert(task) }
  return { task: 'clean', report: await runCleaning(task, onFraction) }
}

try {
  post(await work(workerData as ReadingTask))
} catch (error) {
  if (!(error instanceof LabError)) throw error
  const { row, column } = error.details
  post({
    task: 'refused',
    message: error.message,
    details: { ...(row !== undefined && { row }), ...(column !== undefined && { column }) }
  })
}
