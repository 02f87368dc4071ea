/**
 * Trains one case for some seconds in this thread and posts the samples a second. Started as a worker thread,
 * or as a program: `node test/bench/ours.ts CASE [SECONDS]`.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { instantiateKernels } from '#engine/kernels/kernels.ts'
import { Random } from '#engine/random.ts'
import { arenaBytes, createTrainer } from '#engine/training/trainer.ts'
import { type Case, cases, flopsPerSample, problemOf } from '#test/bench/cases.ts'

/** Trains a case; units: samples a second, warm-up left out. */
export function measureCase(benchCase: Case, seconds: number): number {
  const { topology, plan, task, classes } = problemOf(benchCase)
  const rows = benchCase.samples
  const round = (bytes: number) => Math.ceil(bytes / 64) * 64
  const inputs = 64
  const targets = inputs + round(rows * topology.inputs * 4)
  const arena = targets + round(rows * 4)
  const bytes = arenaBytes(topology, plan, rows)
  const pages = Math.ceil((arena + bytes) / 65536)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  const wasm = readFileSync(resolve(import.meta.dirname, '../../out/wasm/kernels.wasm'))
  const kernels = instantiateKernels(new WebAssembly.Module(wasm), memory)
  const random = new Random(1)
  const x = new Float32Array(memory.buffer, inputs, rows * topology.inputs)
  const y = new Float32Array(memory.buffer, targets, rows)
  for (let i = 0; i < x.length; i++) x[i] = random.normal()
  for (let i = 0; i < y.length; i++) y[i] = task === 'regression' ? random.normal() : random.below(classes)
  const trainer = createTrainer({
    kernels,
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
  let samples = 0
  const run = (ms: number) => {
    const end = performance.now() + ms
    while (performance.now() < end) samples += trainer.advance(10).epochs * rows
  }
  // Measured between epoch ends, so that no part of an epoch is lost in the count.
  run(Math.min(500, seconds * 200))
  while (trainer.advance(0).epochs === 0);
  samples = 0
  const start = performance.now()
  run(seconds * 1000)
  for (;;) {
    const { epochs } = trainer.advance(0)
    samples += epochs * rows
    if (epochs > 0) return samples / ((performance.now() - start) / 1000)
  }
}

if (!isMainThread) {
  const { benchCase, seconds } = workerData as { benchCase: Case; seconds: number }
  parentPort?.postMessage(measureCase(benchCase, seconds))
} else if (process.argv[1] === import.meta.filename) {
  const wanted = process.argv[2]
  for (const benchCase of cases.filter(({ id }) => wanted === undefined || wanted === 'all' || id === wanted)) {
    const rate = measureCase(benchCase, Number(process.argv[3] ?? 2))
    const gflops = (rate * flopsPerSample(problemOf(benchCase).topology)) / 1e9
    process.stdout.write(`${benchCase.id} ${Math.round(rate)} samples/s ${gflops.toFixed(1)} GFLOP/s\n`)
  }
}
