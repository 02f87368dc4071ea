/**
 * Many workers in one process, each with its own connection, that do all that workers do but train: the first unit of each
 * topology is trained, and its result is sent for all others of it, so many seconds after they were taken. For workers.ts.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { createEngineInProcess } from '#lab/engine/in-process.ts'
import { connectTo } from '#lab/workers/nats/connect.ts'
import { openBuckets } from '#lab/workers/nats/streams.ts'
import { openTableCache } from '#lab/workers/nats/table-cache.ts'
import { workOnServer } from '#lab/workers/nats/work.ts'
import type { UnitResult } from '#lab/workers/result.ts'
import { createUnitTrainer, type UnitTrainer } from '#lab/workers/train-units.ts'
import { root } from '#test/services.ts'

const [address = '', count = '1', cacheFolder = '', seconds = '1'] = process.argv.slice(2)
const unitMs = Number(seconds) * 1000
const log = () => undefined
const services = { launchEngine: createEngineInProcess({ root, threads: 1 }, log), log }
const signal = new AbortController().signal
const results = new Map<string, Promise<UnitResult>>()

const connections = await Promise.all(Array.from({ length: Number(count) }, () => connectTo(address, 'simulated')))
const [firstConnection] = connections
if (!firstConnection) throw new Error('No workers are asked for.')
const cache = await openTableCache(cacheFolder, (await openBuckets(firstConnection, false)).tables)
const real = createUnitTrainer(services, (sha256) => cache.fileOf(sha256))

function simulated(): UnitTrainer {
  const inHand = new Map<string, number>()
  return {
    async train(work, keep) {
      const key = JSON.stringify(work.unit.topology)
      const known = results.get(key) ?? real.train(work, keep, signal)
      results.set(key, known)
      inHand.set(work.name, 10)
      await pause(unitMs)
      inHand.delete(work.name)
      return { ...(await known), unit: work.name }
    },
    underWay: () => [...inHand].map(([name, epochs]) => ({ name, epochs })),
    close: () => Promise.resolve()
  }
}

process.send?.('connected')
process.on('SIGTERM', () => process.exit(0))
await Promise.all(
  connections.map(async (connection) => {
    const buckets = await openBuckets(connection, false)
    const version = 'simulated'
    await workOnServer({
      connection,
      cache,
      buckets,
      trainer: simulated(),
      cores: 1,
      version,
      signal,
      onProgress: log,
      say: log
    })
  })
)
