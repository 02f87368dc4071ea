/**
 * The coordinator: main thread of the engine process, or of a command's. It owns the shared memory, hands it to data sets
 * and runs, sends runs to threads, and merges what they report into one ordered stream of messages. It never computes.
 */
import { createAllocator } from '#engine/process/allocator.ts'
import {
  allocateOrThrow,
  createDatasets,
  createPartLoader,
  type Datasets,
  type ReadInto
} from '#engine/process/datasets.ts'
import { expectInputs, expectThreads } from '#engine/process/checks.ts'
import { createFrameSender } from '#engine/process/frame-sender.ts'
import { failedOutcome } from '#engine/process/outcomes.ts'
import { createMeasuring } from '#engine/process/measuring.ts'
import { createPool } from '#engine/process/pool.ts'
import type { FromEngine, RunRequest, ToEngine } from '#engine/process/protocol.ts'
import { testRates } from '#engine/process/range-testing.ts'
import { describeError } from '#engine/process/sentences.ts'
import { createSoloWork } from '#engine/process/solo-work.ts'
import type { TileRows } from '#engine/kernels/kernels.ts'
import { createThreads, type Threads } from '#engine/process/threads.ts'
import type { ThreadMessage } from '#engine/process/thread-protocol.ts'
import { createWeightRequests } from '#engine/process/weight-requests.ts'
import type { Region } from '#engine/training/network-arena.ts'
import { arenaBytes, helperAddresses } from '#engine/training/open-training.ts'

/** What only the host's platform can give. */
export interface Platform {
  /** Messages to and from the lab, in order. */
  readonly channel: {
    post(message: FromEngine): void
    onMessage(listener: (message: ToEngine) => void): void
  }
  readonly readInto: ReadInto
  /** The compiled kernels, as the file has them. */
  readonly kernels: Uint8Array<ArrayBuffer>
  /** What suits the vectors that the kernels are compiled to. */
  readonly tileRows: TileRows
  /** First file of a thread; it calls serveThread(). */
  readonly workerUrl: URL
  readonly threads: number
  /** Most memory that data sets and runs may take together, in pages of 64 KiB. */
  readonly memoryPages: number
  /** Milliseconds, monotonic. */
  readonly now: () => number
  /** The lab wants no more of this engine. */
  readonly onShutdown: () => void
  /** The engine can't go on. */
  readonly onFault: (error: Error) => void
}

/**
 * What all checkpoints together may cost. Measured: one of 64 MB is with the lab after 310 ms, about 200 MB/s through two
 * clones and a pipe; 4 MB per second of training are 2 % of it.
 */
const checkpointBytesPerMs = 4000

interface RunEntry {
  readonly arena: Region
  readonly datasetId: string
  /** The last epoch whose records have come in. */
  epochs: number
}

/**
 * Serves the lab until end() is called or the process ends.
 * Errors: none to the caller; requests that can't be met are `refused`, runs that can't be trained end as `failed`.
 */
export function serveEngine(platform: Platform): { end(): Promise<void> } {
  const { channel, now } = platform
  const memory = new WebAssembly.Memory({ initial: 1, maximum: platform.memoryPages, shared: true })
  const allocator = createAllocator(memory, platform.memoryPages)
  const loadPart = createPartLoader(memory, allocator, platform.readInto)
  const datasets = createDatasets(loadPart)
  const runs = new Map<number, RunEntry>()
  const frames = createFrameSender(channel, now)

  const threads = startThreads(platform, memory)
  const work = createSoloWork(threads, (message) => channel.post(message))
  const measuring = createMeasuring({ memory, allocator, loadPart, threads, work })
  const weights = createWeightRequests(channel)
  const pool = createPool({
    threads,
    size: platform.threads,
    onMessage: receive,
    onLost(runIds, message) {
      for (const runId of runIds) finish(runId, failedOutcome(runs.get(runId)?.epochs ?? 0, message))
    }
  })

  function receive(message: ThreadMessage): void {
    if ('requestId' in message) return weights.answer(message)
    if (message.type === 'epochs') {
      const { runId, firstEpoch, epochs } = message.records
      const run = runs.get(runId)
      if (run) run.epochs = firstEpoch + epochs - 1
      return frames.add(message.records)
    }
    if (message.type === 'run.ended') return finish(message.runId, message.outcome)
    if (message.type === 'run.paused' || message.type === 'run.ending') pool.setActive(message.runId, false)
    if (message.type === 'run.resumed') pool.setActive(message.runId, true)
    // What a run says of itself comes after all of its records that it speaks of.
    frames.send()
    channel.post(message)
  }

  function finish(runId: number, outcome: Extract<FromEngine, { type: 'run.ended' }>['outcome']): void {
    pool.remove(runId, () => {
      const run = runs.get(runId)
      if (run) {
        allocator.free(run.arena)
        datasets.release(run.datasetId)
      }
      runs.delete(runId)
      weights.refuse(runId)
      frames.send()
      channel.post({ type: 'run.ended', runId, outcome })
    })
  }

  function start({ runId, datasetId, ...request }: RunRequest): void {
    if (runs.has(runId)) return // it is being trained already
    const data = datasets.hold(datasetId)
    if (!data) return finish(runId, failedOutcome(0, `The data set "${datasetId}" is not loaded in the engine.`))
    const { task, classes, targetScale } = data.dataset
    const shape = { ...request, train: data.train, validation: data.validation, task, classes, targetScale }
    let arena: Region
    try {
      expectInputs(request.topology, data.dataset.inputs)
      expectThreads(request.plan, platform.threads)
      const isWeighted = data.train.weights !== undefined
      const bytes = arenaBytes(request.topology, request.plan, data.train.rows, { isWeighted })
      arena = allocateOrThrow(allocator, bytes, 'This run')
    } catch (error) {
      datasets.release(datasetId)
      return finish(runId, failedOutcome(0, describeError(error)))
    }
    runs.set(runId, { arena, datasetId, epochs: request.checkpoint?.epoch ?? 0 })
    const helpers = helperAddresses(request.topology, request.plan, arena.offset)
    // A helper looks for work as soon as it is up, which may be before the trainer has written its arena.
    if (helpers.length > 0) new Uint8Array(memory.buffer, arena.offset, arena.bytes).fill(0)
    pool.assign(runId, helpers)
    pool.post({ type: 'run.start', runId, setup: { ...shape, arena } })
  }

  channel.onMessage((message) => {
    switch (message.type) {
      case 'dataset.load':
        return answer(platform, message.requestId, load(datasets, message))
      case 'dataset.release':
        return datasets.release(message.datasetId)
      case 'run.start':
        return start(message.run)
      case 'run.pause':
      case 'run.resume':
      case 'run.stop':
        return pool.post(message)
      case 'run.weights':
        return weights.request(message, runs.has(message.runId) ? pool : null)
      case 'evaluate':
        return answer(platform, message.requestId, measuring.evaluate(message))
      case 'permute':
        return answer(platform, message.requestId, measuring.permute(message))
      case 'predict':
        return answer(platform, message.requestId, measuring.predict(message))
      case 'rangeTest':
        return answer(platform, message.requestId, testRates({ allocator, datasets, work }, message))
      case 'lossSlice':
        return answer(platform, message.requestId, measuring.slice(message))
      case 'work.cancel':
        return work.cancel(message.workId)
      case 'shutdown':
        return platform.onShutdown()
    }
  })
  channel.post({ type: 'ready', threads: platform.threads })

  return {
    async end() {
      frames.close()
      await threads.end()
    }
  }
}

function startThreads(platform: Platform, memory: WebAssembly.Memory): Threads {
  const { workerUrl, onFault, kernels, tileRows } = platform
  return createThreads({
    workerUrl,
    onFault,
    start: {
      module: new WebAssembly.Module(kernels),
      memory,
      tileRows,
      checkpointBytesPerMs: checkpointBytesPerMs / platform.threads
    }
  })
}

/** Answers a request with what its work comes to, or refuses it with the sentence of its failure. */
function answer({ channel }: Platform, requestId: number, work: Promise<FromEngine>): void {
  work.then(
    (message) => channel.post(message),
    (error: unknown) => channel.post({ type: 'refused', requestId, message: describeError(error) })
  )
}

async function load(
  datasets: Datasets,
  { requestId, dataset }: Extract<ToEngine, { type: 'dataset.load' }>
): Promise<FromEngine> {
  await datasets.load(dataset)
  return { type: 'dataset.loaded', requestId }
}
