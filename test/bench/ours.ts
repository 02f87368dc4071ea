/**
 * Trains one case for some seconds and says how many samples a second. Started as worker threads by run.ts; as a program
 * of its own for a quick look, `node test/bench/ours.ts [CASE|all] [SECONDS] [THREADS]`.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { assist, instantiateKernels, measurePeak } from '#engine/kernels/kernels.ts'
import { Random } from '#engine/random.ts'
import { arenaBytes, helperAddresses } from '#engine/training/open-training.ts'
import { createTrainer } from '#engine/training/trainer.ts'
import { joinVectors, suitableTile } from '#lab/engine/wide-vectors.ts'
import { type Case, cases, flopsPerSample, problemOf } from '#test/bench/cases.ts'

// Before the kernels are compiled; the flag holds for the whole process, and so for the threads that run.ts starts.
const tileRows = suitableTile()
joinVectors(tileRows)
const module = new WebAssembly.Module(readFileSync(resolve(import.meta.dirname, '../../out/wasm/kernels.wasm')))

/** What a helping thread is given. */
interface Helping {
  readonly memory: WebAssembly.Memory
  readonly address: number
  /** One word, 1 once the run is over. */
  readonly over: Int32Array
}

/** What a measuring thread is given. */
export interface Measuring {
  readonly benchCase: Case
  readonly seconds: number
  readonly threads: number
}

/** Measures the peak of this thread; units: floating-point operations a second. */
export function peak(): number {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
  return measurePeak(instantiateKernels(module, memory), () => performance.now())
}

/** Trains a case; units: samples a second, warm-up left out. */
async function measureCase({ benchCase, seconds, threads }: Measuring): Promise<number> {
  const { topology, plan: base, task, classes } = problemOf(benchCase)
  const plan = { ...base, threads }
  const rows = benchCase.samples
  const round = (bytes: number) => Math.ceil(bytes / 64) * 64
  const inputs = 64
  const targets = inputs + round(rows * topology.inputs * 4)
  const arena = targets + round(rows * 4)
  const bytes = arenaBytes(topology, plan, rows)
  const pages = Math.ceil((arena + bytes) / 65536)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  const random = new Random(1)
  const x = new Float32Array(memory.buffer, inputs, rows * topology.inputs)
  const y = new Float32Array(memory.buffer, targets, rows)
  for (let i = 0; i < x.length; i++) x[i] = random.normal()
  for (let i = 0; i < y.length; i++) y[i] = task === 'regression' ? random.normal() : random.below(classes)
  const trainer = createTrainer({
    kernels: instantiateKernels(module, memory, tileRows),
    arena: { offset: arena, bytes },
    train: { inputs, targets, rows },
    validation: null,
    task,
    classes,
    targetScale: { mean: 0, deviation: 1 },
    topology,
    plan,
    seed: 1,
    checkpoint: null,
    now: () => performance.now()
  })
  const over = new Int32Array(new SharedArrayBuffer(4))
  const ready = helperAddresses(topology, plan, arena).map((address) => {
    const helper = new Worker(import.meta.filename, { workerData: { memory, address, over } satisfies Helping })
    return new Promise((resolve) => helper.once('message', resolve))
  })
  await Promise.all(ready)

  // Counted from the end of an epoch to the end of another, so that no part of an epoch is lost.
  const run = (ms: number) => {
    const end = performance.now() + ms
    let epochs = 0
    while (performance.now() < end) epochs += trainer.advance(10).epochs
    for (let more = 0; more === 0; epochs += more) more = trainer.advance(0).epochs
    return epochs
  }
  run(Math.min(500, seconds * 200))
  const start = performance.now()
  const epochs = run(seconds * 1000)
  const rate = (epochs * rows) / ((performance.now() - start) / 1000)
  Atomics.store(over, 0, 1)
  return rate
}

if (!isMainThread) {
  const given = workerData as Measuring | Helping
  if ('address' in given) {
    const kernels = instantiateKernels(module, given.memory)
    parentPort?.postMessage('ready')
    while (Atomics.load(given.over, 0) === 0) assist(kernels, given.address, 20)
  } else {
    parentPort?.postMessage(await measureCase(given))
  }
} else if (process.argv[1] === import.meta.filename) {
  const [wanted = 'all', seconds = '2', threads = '1'] = process.argv.slice(2)
  const top = peak()
  process.stdout.write(`peak ${(top / 1e9).toFixed(1)} GFLOP/s\n`)
  for (const benchCase of cases.filter(({ id }) => wanted === 'all' || id === wanted)) {
    const rate = await measureCase({ benchCase, seconds: Number(seconds), threads: Number(threads) })
    const share = (rate * flopsPerSample(problemOf(benchCase).topology)) / top
    process.stdout.write(`${benchCase.id} ${Math.round(rate)} samples/s, ${Math.round(share * 100)} % of the peak\n`)
  }
}
