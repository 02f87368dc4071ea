/**
 * Single figures that the engine promises, on this machine now; run with `node test/bench/promises.ts`.
 * `xor`: 1,000 epochs of 2-4-1. `predict`: 1,000,000 rows through 28-64-64-1, on one thread. `control`: from asking an
 * engine process to pause, resume and stop one of four runs on one thread to its answer; 100 ms is the most.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { instantiateKernels } from '#engine/kernels/kernels.ts'
import { initialParameters } from '#engine/network/initial-parameters.ts'
import type { Topology } from '#engine/network/topology.ts'
import { Random } from '#engine/random.ts'
import { evaluationArenaBytes, predict } from '#engine/training/evaluation.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import { arenaBytes } from '#engine/training/open-training.ts'
import { createTrainer } from '#engine/training/trainer.ts'
import { joinVectors, suitableTile } from '#lab/engine/wide-vectors.ts'
import { createTables, smallRun, startEngine } from '#test/integration/engine/engine.ts'

const tileRows = suitableTile()
joinVectors(tileRows)
const module = new WebAssembly.Module(readFileSync(resolve(import.meta.dirname, '../../out/wasm/kernels.wasm')))
const dataAt = 65_536

/** Kernels over a memory of their own; what is at `dataAt` is the caller's. */
function kernelsWith(bytes: number) {
  const pages = Math.ceil((dataAt + bytes) / 65_536) + 1
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  return instantiateKernels(module, memory, tileRows)
}

/** Five times of some work, in milliseconds; the first includes the compiling of what it calls. */
function times(work: () => void): string {
  const measured = Array.from({ length: 5 }, () => {
    const begin = performance.now()
    work()
    return performance.now() - begin
  })
  return measured.map((ms) => ms.toFixed(1)).join(', ')
}

function xor(): void {
  const topology: Topology = {
    inputs: 2,
    layers: [
      { units: 4, activation: 'tanh' },
      { units: 1, activation: 'sigmoid' }
    ]
  }
  const plan = { ...defaultPlan('binary_cross_entropy'), batchSize: 4, stopping: { epochs: 1000, patience: null } }
  const bytes = arenaBytes(topology, plan, 4)
  const kernels = kernelsWith(bytes + 128)
  new Float32Array(kernels.memory.buffer, dataAt, 12).set([0, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0])
  const work = () => {
    const trainer = createTrainer({
      kernels,
      arena: { offset: dataAt + 64, bytes },
      train: { inputs: dataAt, targets: dataAt + 32, rows: 4 },
      validation: null,
      task: 'classification',
      classes: 2,
      targetScale: { mean: 0, deviation: 1 },
      topology,
      plan,
      seed: 1,
      checkpoint: null,
      now: () => performance.now()
    })
    while (!trainer.advance(10).finished);
  }
  console.log(`xor: 1,000 epochs of 2-4-1 in ${times(work)} ms`)
}

function predictMillion(): void {
  const rows = 1_000_000
  const topology: Topology = {
    inputs: 28,
    layers: [
      { units: 64, activation: 'relu' },
      { units: 64, activation: 'relu' },
      { units: 1, activation: 'sigmoid' }
    ]
  }
  const outputs = dataAt + rows * 28 * 4
  const arena = { offset: outputs + rows * 4, bytes: evaluationArenaBytes(topology) }
  const kernels = kernelsWith(arena.offset + arena.bytes)
  const random = new Random(1)
  const parameters = initialParameters(topology, { name: 'auto' }, random)
  const inputs = new Float32Array(kernels.memory.buffer, dataAt, rows * 28)
  inputs.forEach((_, index) => (inputs[index] = random.uniform()))
  const work = () => predict({ kernels, arena, topology, parameters, inputs: dataAt, rows, outputs })
  console.log(`predict: 1,000,000 rows through 28-64-64-1 in ${times(work)} ms`)
}

/** Tells the median and the longest of the answers. */
async function control(): Promise<void> {
  const tables = createTables()
  const engine = startEngine({ threads: 1 })
  const { host, nextOf, nextFrameOf } = engine
  const dataset = tables.quadrants('quadrants')
  await host.loadDataset(dataset)
  const runIds = [1, 2, 3, 4]
  for (const runId of runIds) host.startRun(smallRun(runId, dataset.id, 100_000_000))
  await Promise.all(runIds.map(nextFrameOf))
  const answers: number[] = []
  async function time(ask: () => void, answer: Promise<unknown>): Promise<void> {
    const begin = performance.now()
    ask()
    await answer
    answers.push(performance.now() - begin)
  }
  for (const runId of runIds) await time(() => host.pauseRun(runId), nextOf('run.paused', runId))
  for (const runId of runIds) await time(() => host.resumeRun(runId), nextOf('run.resumed', runId))
  for (const runId of runIds) await time(() => host.stopRun(runId), nextOf('run.ended', runId))
  await host.close()
  tables.remove()
  const sorted = answers.sort((a, b) => a - b)
  const [median = NaN, longest = NaN] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)]
  console.log(`control: ${answers.length} answers, median ${median.toFixed(1)} ms, longest ${longest.toFixed(1)} ms`)
}

xor()
predictMillion()
await control()
