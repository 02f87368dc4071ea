/**
 * What the engine process costs beside the training itself; run with `node test/bench/engine-process.ts [part ...]` after
 * `npm run build`, whose process it starts.
 * Parts: `start` (launch to the first epochs as a process and as in a command, and Node's own start), `tiny` (epochs a second of a tiny network in the
 * process and without it), `large` (memory and answers of eight runs side by side on random data of MNIST's size).
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { instantiateKernels } from '#engine/kernels/kernels.ts'
import type { EngineDataset, RunRequest } from '#engine/process/protocol.ts'
import { Random } from '#engine/random.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import { arenaBytes } from '#engine/training/open-training.ts'
import { createTrainer } from '#engine/training/trainer.ts'
import { createEngineHost, type RunEvent } from '#lab/engine/host.ts'
import { createEngineInProcess } from '#lab/engine/in-process.ts'
import { createEngineLauncher } from '#lab/engine/launcher.ts'
import { joinVectors, suitableTile } from '#lab/engine/wide-vectors.ts'

const root = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'topology-lab-bench-'))
const random = new Random(1)

/** Writes random rows in pieces, so that the bench itself stays small. */
function writeDataset(id: string, inputs: number, rows: number, classes: number): EngineDataset {
  const path = join(folder, `${id}.f32`)
  const file = openSync(path, 'w')
  const row = new Float32Array(inputs)
  for (let index = 0; index < rows; index++)
    writeSync(
      file,
      row.map(() => random.uniform())
    )
  writeSync(
    file,
    new Float32Array(rows).map((_, index) => index % classes)
  )
  const scale = { mean: 0, deviation: 1 }
  const train = { path, rows }
  return { id, inputs, task: 'classification', classes, targetScale: scale, train, validation: null }
}

function request(runId: number, dataset: EngineDataset, hidden: readonly number[], epochs: number): RunRequest {
  const hiddenLayers = hidden.map((units) => ({ units, activation: 'relu' as const }))
  return {
    runId,
    datasetId: dataset.id,
    topology: { inputs: dataset.inputs, layers: [...hiddenLayers, { units: dataset.classes, activation: 'softmax' }] },
    plan: { ...defaultPlan('cross_entropy'), stopping: { epochs, patience: null } },
    seed: runId,
    checkpoint: null
  }
}

/** An engine and the next of its events that matches. */
function launch(threads?: number, createLauncher = createEngineLauncher) {
  let listener = (_event: RunEvent): void => undefined
  let pid = 0
  const log = (level: string, line: string) => {
    pid = Number(/process (\d+)/.exec(line)?.[1] ?? pid)
    if (level === 'error') console.error(line)
  }
  const host = createEngineHost({
    launch: createLauncher({ root, fromSource: false, ...(threads === undefined ? {} : { threads }) }, log),
    listener: { onRunEvent: (event) => listener(event), onRunsLost: () => undefined, onStatus: () => undefined },
    log,
    now: () => performance.now()
  })
  const next = (matches: (event: RunEvent) => boolean) =>
    new Promise<RunEvent>((resolve) => (listener = (event) => matches(event) && resolve(event)))
  return { host, next, pid: () => pid }
}

async function start() {
  const dataset = writeDataset('start', 30, 341, 2)
  const times = { process: [] as number[], command: [] as number[] }
  for (let repeat = 0; repeat < 5; repeat++) {
    for (const kind of ['process', 'command'] as const) {
      const begin = performance.now()
      const { host, next } = launch(undefined, kind === 'process' ? createEngineLauncher : createEngineInProcess)
      await host.loadDataset(dataset)
      host.startRun(request(1, dataset, [64, 32], 1000))
      await next((event) => event.type === 'frame')
      times[kind].push(performance.now() - begin)
      await host.close()
    }
  }
  const bare = Array.from({ length: 5 }, () => {
    const begin = performance.now()
    spawnSync(process.execPath, ['-e', '0'])
    return performance.now() - begin
  })
  const list = (values: readonly number[]) => values.map((time) => time.toFixed(0)).join(', ')
  console.log(
    `start: from launch to the first frame ${list(times.process)} ms as a process, ${list(times.command)} ms in a ` +
      `command; Node alone, without any program: ${list(bare)} ms`
  )
}

async function tiny() {
  const dataset = writeDataset('tiny', 2, 64, 2)
  const epochs = 100_000
  const run = request(1, dataset, [4], epochs)
  const { host, next } = launch(1)
  await host.loadDataset(dataset)
  host.startRun(run)
  await next((event) => event.type === 'run.started')
  const begin = performance.now()
  let frames = 0
  await next((event) => {
    if (event.type === 'frame') frames++
    return event.type === 'run.ended'
  })
  const inProcessMs = performance.now() - begin
  await host.close()

  const memory = new WebAssembly.Memory({ initial: 64, maximum: 64, shared: true })
  const bytes = readFileSync(dataset.train.path)
  new Uint8Array(memory.buffer, 65_536, bytes.length).set(bytes)
  const tileRows = suitableTile()
  joinVectors(tileRows)
  const module = new WebAssembly.Module(readFileSync(join(root, 'out/wasm/kernels.wasm')))
  const trainer = createTrainer({
    ...run,
    kernels: instantiateKernels(module, memory, tileRows),
    arena: { offset: 131_072, bytes: arenaBytes(run.topology, run.plan, 64) },
    train: { inputs: 65_536, targets: 65_536 + 64 * 2 * 4, rows: 64 },
    validation: null,
    task: 'classification',
    classes: 2,
    targetScale: dataset.targetScale,
    now: () => performance.now()
  })
  const beginAlone = performance.now()
  while (!trainer.advance(10).finished);
  const aloneMs = performance.now() - beginAlone
  const rate = (ms: number) => `${((epochs / ms) * 1000).toFixed(0)} epochs/s`
  console.log(
    `tiny: 2-4-2 on 64 rows, ${epochs} epochs: ${rate(aloneMs)} alone, ${rate(inProcessMs)} in the process, ` +
      `${frames} frames in ${inProcessMs.toFixed(0)} ms`
  )
}

/** Memory of a process as Linux counts it: resident, and the most it ever was. */
function memoryOf(pid: number): string {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (field: string) => (Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1000).toFixed(0)
  return `${megabytes('VmRSS')} MB resident, ${megabytes('VmHWM')} MB at most`
}

async function large() {
  const dataset = writeDataset('large', 784, 60_000, 10)
  const { host, next, pid } = launch()
  const beginLoad = performance.now()
  await host.loadDataset(dataset)
  console.log(`large: 60,000 x 784 loaded in ${(performance.now() - beginLoad).toFixed(0)} ms`)
  const runIds = [1, 2, 3, 4, 5, 6, 7, 8]
  const seen = new Set<number>()
  for (const runId of runIds) host.startRun(request(runId, dataset, [128], 100))
  await next((event) => {
    if (event.type === 'frame') event.runs.forEach((run) => seen.add(run.runId))
    return seen.size === runIds.length
  })
  console.log(`large: eight runs of 784-128-10 have completed an epoch; ${memoryOf(pid())}`)
  const answers: number[] = []
  for (const type of ['run.paused', 'run.resumed', 'run.ended'] as const) {
    for (const runId of runIds) {
      const begin = performance.now()
      const answered = next((event) => event.type === type && event.runId === runId)
      if (type === 'run.paused') host.pauseRun(runId)
      else if (type === 'run.resumed') host.resumeRun(runId)
      else host.stopRun(runId)
      await answered
      answers.push(performance.now() - begin)
    }
    console.log(
      `large: ${type} after ${answers
        .splice(0)
        .map((ms) => ms.toFixed(0))
        .join(', ')} ms`
    )
  }
  console.log(`large: after the last run; ${memoryOf(pid())}`)
  await host.close()
}

const parts = { start, tiny, large }
const asked = process.argv.slice(2)
for (const [name, part] of Object.entries(parts)) if (asked.length === 0 || asked.includes(name)) await part()
rmSync(folder, { recursive: true })
