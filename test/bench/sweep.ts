/**
 * The sweep of the benchmark: 24 topologies with 3 seeds each on the 8x8 digits, a run a core side by side, against
 * scikit-learn with a fit a process. The same networks, rows, epochs and batches on both sides; scores on rows that
 * were not trained, which we measure after every epoch and scikit-learn after the last.
 */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { instantiateKernels } from '#engine/kernels/kernels.ts'
import { defaultPlan, type TrainingPlan } from '#engine/training/plan.ts'
import { arenaBytes } from '#engine/training/open-training.ts'
import { createTrainer } from '#engine/training/trainer.ts'
import { joinVectors, suitableTile } from '#lab/engine/wide-vectors.ts'
import { mean } from '#test/bench/figures.ts'

const root = resolve(import.meta.dirname, '../..')
const tileRows = suitableTile()
joinVectors(tileRows)
const module = new WebAssembly.Module(readFileSync(resolve(root, 'out/wasm/kernels.wasm')))
const epochs = 20
const batch = 32
const trainRows = 1437
const seeds = [1, 2, 3]
/** One to four equal hidden layers, the longest work first on both sides, so that no core waits long for the other. */
const hidden = [256, 128, 64, 32, 16, 8].flatMap((units) =>
  [4, 3, 2, 1].map((depth) => Array.from({ length: depth }, () => units))
)
const trials = hidden.flatMap((units) => seeds.map((seed) => ({ units, seed })))

export interface SweepEntry {
  readonly trials: number
  readonly epochs: number
  readonly secondsOurs: number
  readonly accuracyOurs: number
  /** null where scikit-learn is not installed. */
  readonly peer: { readonly peer: string; readonly seconds: number; readonly accuracy: number } | null
}

/** Pixels from 0 to 1, row by row, and the digits. */
function readDigits(): { inputs: number[][]; targets: number[] } {
  const lines = readFileSync(resolve(root, 'resources/datasets/digits_8x8.csv'), 'utf8').trim().split('\n').slice(1)
  const rows = lines.map((line) => line.split(',').map(Number))
  return { inputs: rows.map((row) => row.slice(0, 64).map((v) => v / 16)), targets: rows.map((row) => row[64] ?? 0) }
}

/** What the threads share: the next trial, and 1 once the clock runs. */
const words = { next: 0, started: 1 } as const

/** Says that it is ready, waits for the clock, and trains one trial after another until none is left. */
function trainTrials(shared: Int32Array, ready: () => void): number[] {
  const { inputs, targets } = readDigits()
  const plan: TrainingPlan = {
    ...defaultPlan('cross_entropy'),
    batchSize: batch,
    stopping: { epochs, patience: null }
  }
  const round = (bytes: number) => Math.ceil(bytes / 64) * 64
  const targetsAt = 64 + inputs.length * 64 * 4
  const arenaAt = round(targetsAt + targets.length * 4)
  const topologyOf = (units: readonly number[]) => ({
    inputs: 64,
    layers: [
      ...units.map((count) => ({ units: count, activation: 'relu' as const })),
      { units: 10, activation: 'softmax' as const }
    ]
  })
  const largest = Math.max(...hidden.map((units) => arenaBytes(topologyOf(units), plan, trainRows)))
  const pages = Math.ceil((arenaAt + largest) / 65536)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  const kernels = instantiateKernels(module, memory, tileRows)
  new Float32Array(kernels.memory.buffer, 64, inputs.length * 64).set(inputs.flat())
  new Float32Array(kernels.memory.buffer, targetsAt, targets.length).set(targets)
  const accuracies: number[] = []
  ready()
  Atomics.wait(shared, words.started, 0)
  const next = () => Atomics.add(shared, words.next, 1)
  for (let at = next(); at < trials.length; at = next()) {
    const { units = [], seed = 1 } = trials[at] ?? {}
    const trainer = createTrainer({
      kernels,
      arena: { offset: arenaAt, bytes: largest },
      train: { inputs: 64, targets: targetsAt, rows: trainRows },
      validation: {
        inputs: 64 + trainRows * 64 * 4,
        targets: targetsAt + trainRows * 4,
        rows: targets.length - trainRows
      },
      task: 'classification',
      classes: 10,
      targetScale: { mean: 0, deviation: 1 },
      topology: topologyOf(units),
      plan,
      seed,
      checkpoint: null,
      now: () => performance.now()
    })
    while (!trainer.advance(10).finished);
    accuracies.push(trainer.finish().validation?.accuracy ?? NaN)
  }
  return accuracies
}

/**
 * Runs the sweep with us and, given its interpreter, with scikit-learn. Units: seconds from when threads or processes have
 * the data and wait for work, to the last score.
 */
export async function measureSweep(cores: number, python: string | undefined): Promise<SweepEntry> {
  const shared = new Int32Array(new SharedArrayBuffer(8))
  const workers = Array.from({ length: cores }, () => new Worker(import.meta.filename, { workerData: shared }))
  await Promise.all(workers.map((worker) => once(worker, 'message')))
  const ends = workers.map((worker) => once(worker, 'message') as Promise<[number[]]>)
  const begin = performance.now()
  Atomics.store(shared, words.started, 1)
  Atomics.notify(shared, words.started)
  const scores = (await Promise.all(ends)).flat(2)
  const secondsOurs = (performance.now() - begin) / 1000
  let peer: SweepEntry['peer'] = null
  if (python) {
    const folder = mkdtempSync(join(tmpdir(), 'topology-lab-sweep-'))
    const path = join(folder, 'sweep.json')
    writeFileSync(path, JSON.stringify({ ...readDigits(), trainRows, epochs, batch, hidden, seeds }))
    const script = resolve(import.meta.dirname, 'peers/sklearn_sweep.py')
    peer = JSON.parse(execFileSync(python, [script, path, `${cores}`], { encoding: 'utf8' })) as SweepEntry['peer']
    rmSync(folder, { recursive: true })
  }
  return { trials: trials.length, epochs, secondsOurs, accuracyOurs: mean(scores), peer }
}

if (!isMainThread && workerData instanceof Int32Array) {
  parentPort?.postMessage(trainTrials(workerData, () => parentPort?.postMessage('ready')))
}
