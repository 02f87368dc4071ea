/** `lab work FOLDER` trains what a sweep left in a folder, until nothing is left; `lab work nats://SERVER` until it is interrupted. */
import { resolve } from 'node:path'
import { availableParallelism } from 'node:os'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { UsageError } from '#lab/cli/usage.ts'
import { workerServices } from '#lab/cli/worker-services.ts'
import { isServerAddress } from '#lab/workers/nats/connect.ts'
import { pathOf } from '#lab/workers/folder/layout.ts'
import { workOnFolder } from '#lab/workers/folder/work.ts'
import { createUnitTrainer } from '#lab/workers/train-units.ts'
import { formatNumbered } from '#words/numbers.ts'

export interface WorkOptions {
  readonly cores?: number
  readonly arrayIndex?: number
  readonly arrayCount?: number
  readonly cache?: string
}

/** Works and tells what is done. */
export async function runWork(context: CliContext, text: string, options: WorkOptions): Promise<ExitCode> {
  const { root, output, interrupted: signal } = context
  const { cores = availableParallelism(), arrayIndex: index, arrayCount: count } = options
  if ((index === undefined) !== (count === undefined)) {
    throw new UsageError('--array-index and --array-count belong together: this one of so many.')
  }
  if (isServerAddress(text)) {
    if (index !== undefined) throw new UsageError('A server deals units out by itself; --array-index is for a folder.')
    const { workAtServer } = await import('#lab/cli/work-at-server.ts')
    return workAtServer(context, text, cores, options.cache)
  }
  if (options.cache !== undefined)
    throw new UsageError('--cache is for a server; in a folder the tables lie beside the units.')
  const folder = resolve(text)
  const services = workerServices(root, cores, (sentence) => output.say(sentence))
  const trainer = createUnitTrainer(services, (sha256) => pathOf.table(folder, sha256))
  try {
    const array = index === undefined || count === undefined ? null : { index, count }
    const onProgress = (done: number, of: number) => output.progress(null, `${done} of ${of} units trained here`)
    const worked = await workOnFolder({ folder, trainer, cores, array, signal, onProgress })
    const { trained, done, of } = worked
    output.result({ folder, ...worked }, () => {
      const rest = done === of ? 'All have results' : `${done} of ${of} have results`
      return `${formatNumbered(trained, 'unit', 'units')} trained here. ${rest}; take them in with: lab gather ${text}`
    })
    return signal.aborted ? exitCodes.interrupted : exitCodes.done
  } finally {
    await trainer.close()
  }
}
