/**
 * How long the lab's own process keeps the window waiting while it trains: opens a lab in this process, with its engine
 * process as built, sweeps, and prints the event loop's delay. Run with `node test/bench/event-loop.ts [MNIST_FOLDER]`:
 * 24 topologies with 3 seeds each on the 8x8 digits; given a folder with MNIST's IDX files, then eight runs on those.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { defaultPlan } from '#engine/training/plan.ts'
import { createEngineLauncher } from '#lab/engine/launcher.ts'
import { createLab } from '#lab/lab.ts'
import { createServices, root } from '#test/services.ts'
import { importDataset, proposedExperiment, type SweepRequest } from '#test/integration/lab/support.ts'

const services = createServices('direct')
const folder = mkdtempSync(join(tmpdir(), 'topology-lab-loop-'))
const lab = await createLab(folder, {
  ...services,
  launchEngine: createEngineLauncher({ root, fromSource: false }, services.log)
})
const { client } = lab

/** Runs a sweep to its end, with the events followed as the window follows them. */
async function measure(
  name: string,
  files: string[],
  target: string | undefined,
  sweep: Omit<SweepRequest, 'experimentId'>
) {
  const dataset = await importDataset(client, { files: files.map((path) => ({ path })) })
  const experiment = await proposedExperiment(client, dataset, target)
  const events = await client.host.events()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const begin = performance.now()
  const started = await client.sweeps.start({ ...sweep, experimentId: experiment.id })
  let count = 0
  for await (const event of events) {
    count++
    if (event.type === 'sweep' && event.sweep.id === started.id && event.sweep.status === 'done') break
  }
  delay.disable()
  const ms = (nanoseconds: number) => (nanoseconds / 1e6).toFixed(1)
  console.log(
    `${name}: ${started.planned} runs in ${((performance.now() - begin) / 1000).toFixed(1)} s, ${count} events; event loop's ` +
      `delay p50 ${ms(delay.percentile(50))}, p99 ${ms(delay.percentile(99))}, p99.9 ${ms(delay.percentile(99.9))}, ` +
      `at most ${ms(delay.max)} ms`
  )
}

const planOf = (epochs: number) => ({ ...defaultPlan('cross_entropy'), stopping: { epochs, patience: null } })
const seeds = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
try {
  await measure('digits', [resolve(root, 'resources/datasets/digits_8x8.csv')], undefined, {
    space: { grid: { depths: [1, 2, 3, 4], widths: [8, 16, 32, 64, 128, 256] } },
    plan: planOf(20),
    seeds: seeds(3),
    baseline: false
  })
  const mnist = process.argv[2]
  if (mnist !== undefined) {
    const parts = [
      'train-images-idx3-ubyte.gz',
      'train-labels-idx1-ubyte.gz',
      't10k-images-idx3-ubyte.gz',
      't10k-labels-idx1-ubyte.gz'
    ]
    await measure(
      'mnist',
      parts.map((part) => resolve(mnist, part)),
      undefined,
      { space: { hidden: ['128'] }, plan: planOf(2), seeds: seeds(8), baseline: false }
    )
  }
} finally {
  await lab.close()
  rmSync(folder, { recursive: true })
}
