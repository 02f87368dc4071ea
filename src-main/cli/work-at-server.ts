/** `lab work nats://SERVER`: a worker until somebody ends it, or its machine has failed three units in a row. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { workerServices } from '#lab/cli/worker-services.ts'
import { connectTo, readServerAddress } from '#lab/workers/nats/connect.ts'
import { openBuckets } from '#lab/workers/nats/streams.ts'
import { openTableCache, usualCacheFolder } from '#lab/workers/nats/table-cache.ts'
import { workOnServer } from '#lab/workers/nats/work.ts'
import { createUnitTrainer } from '#lab/workers/train-units.ts'
import { formatNumbered } from '#words/numbers.ts'

/** Works and tells what was done. Errors: LabError with a sentence where the server can not be worked with. */
export async function workAtServer(
  { root, output, interrupted: signal }: CliContext,
  text: string,
  cores: number,
  cacheFolder: string | undefined
): Promise<ExitCode> {
  const server = readServerAddress(text)
  const say = (sentence: string) => output.say(sentence)
  const connection = await connectTo(server, 'topology-lab-worker')
  try {
    const buckets = await openBuckets(connection, false)
    const cache = await openTableCache(resolve(cacheFolder ?? usualCacheFolder()), buckets.tables)
    const trainer = createUnitTrainer(workerServices(root, cores, say), (sha256) => cache.fileOf(sha256))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    try {
      const onProgress = (trained: number) =>
        output.progress(null, `${formatNumbered(trained, 'unit', 'units')} trained here`)
      const worked = await workOnServer({
        connection,
        cache,
        buckets,
        trainer,
        cores,
        version,
        signal,
        onProgress,
        say
      })
      output.result({ server, ...worked }, () => `${formatNumbered(worked.trained, 'unit', 'units')} trained here.`)
      return exitCodes.done
    } finally {
      await trainer.close()
    }
  } finally {
    // A server that is away takes no leave.
    await Promise.race([connection.drain().catch(() => undefined), pause(2000)])
    await connection.close().catch(() => undefined)
  }
}
