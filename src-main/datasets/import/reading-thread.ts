/** Has a thread of its own do what would hold up the process: rewriting texts, and reading foreign kinds of files. */
import { basename, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { LabError } from '#contract/errors.ts'
import { badFile } from '#lab/datasets/import/file-errors.ts'
import type { ReadingAnswer, ReadingTask } from '#lab/datasets/import/worker.ts'

/** Beyond this a file that unfolds itself in memory is refused, instead of the process ending. */
const memoryMb = 1500

/**
 * Runs one task and resolves to its result.
 * Errors: `bad_file` as the task tells it, or where it needs too much memory; `cancelled` by the signal.
 */
export async function inThread<Task extends ReadingTask>(
  task: Task,
  file: string,
  { signal, onFraction }: { signal: AbortSignal | undefined; onFraction: (fraction: number) => void }
): Promise<Extract<ReadingAnswer, { task: Task['task'] }>> {
  const worker = new Worker(workerPath(), {
    workerData: task,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memoryMb }
  })
  const onAbort = () => void worker.terminate()
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) onAbort()
  try {
    const answer = await new Promise<ReadingAnswer>((resolve, reject) => {
      worker.on('message', (message: ReadingAnswer) => {
        if (message.task === 'progress') onFraction(message.fraction)
        else resolve(message)
      })
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('The thread that reads the file ended without an answer.')))
    })
    if (answer.task === 'refused') throw badFile(file, answer.message, answer.details)
    return answer as Extract<ReadingAnswer, { task: Task['task'] }>
  } catch (error) {
    if (signal?.aborted) throw new LabError('cancelled', `The import of ${file} was cancelled.`)
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      throw badFile(file, `${file} needs too much memory to be read. Save its table as CSV or Parquet.`, {}, error)
    }
    throw error
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await worker.terminate()
  }
}

/** From source (tests) it is the TypeScript file, from a bundle the built one, which lies beside the chunks' folder. */
function workerPath(): string {
  const here = import.meta.dirname
  if (import.meta.url.endsWith('.ts')) return join(here, 'worker.ts')
  return join(basename(here) === 'chunks' ? join(here, '..') : here, 'reading-worker.js')
}
