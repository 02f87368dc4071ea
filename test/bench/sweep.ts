/**
 * The sweep of the benchmark: 24 topologies with 3 seeds each on the 8x8 digits, a run a core side by side, against
 * scikit-learn with a fit a process. The same networks, rows, epochs and batches on both sides; scores on rows that
 * were not trained, which we measure after every epoch and scikit-learn after the last.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { instantiateKernels } from '#engine/kernels/kernels.ts'
import { defaultPlan, type TrainingPlan } from '#engine/training/plan.ts'
import { arenaBytes, createTrainer } from '#engine/training/trainer.ts'
import { joinVectors } from '#lab/wide-vectors.ts'
import { mean } from '#test/bench/figures.ts'

const root = resolve(import.meta.dirname, '../..')
const tileRows = joinVectors()
const module = new WebAssembly.Module(readFileSync(resolve(root, 'out/wasm/kernels.wasm')))
const epochs = 20
const batch = 32
const trainRows = 1437
const seeds = [1, 2, 3]
/** One to four equal hidden layers. */
const hidden = [8, 16, 32, 64, 128, 256].flatMap((units) =>
  [1, 2, 3, 4].map((depth) => Array.from({ length: depth }, () => units))
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

/** Trains one trial after another until none is left; returns their accuracies. */
function trainTrials(next: Int32Array): number[] {
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
  for (let at = Atomics.add(next, 0, 1); at < trials.length; at = Atomics.add(next, 0, 1)) {
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

/** Runs the sweep with us and, given its interpreter, with scikit-learn. Units: seconds from start to the last score. */
export async function measureSweep(cores: number, python: string | undefined): Promise<SweepEntry> {
  const begin = performance.now()
  const next = new Int32Array(new SharedArrayBuffer(4))
  const one = () =>
    new Promise<number[]>((resolveScores, reject) => {
      const worker = new Worker(import.meta.filename, { workerData: next })
      worker.once('message', resolveScores)
      worker.once('error', reject)
    })
  const scores = (await Promise.all(Array.from({ length: cores }, one))).flat()
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

if (!isMainThread && workerData instanceof Int32Array) parentPort?.postMessage(trainTrials(workerData))
