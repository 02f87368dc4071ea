/** One run whose batches are shared by several real threads. */
import { resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, expect, it } from 'vitest'
import type { Checkpoint } from '#engine/training/checkpoint.ts'
import { optimizers } from '#engine/training/optimizers.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { arenaBytes, arenaGaps, helperAddresses } from '#engine/training/open-training.ts'
import { createTrainer } from '#engine/training/trainer.ts'
import { Bench, generate, type Given, module, setupOf, trainToEnd } from '#test/unit/engine/support.ts'

const over = new Int32Array(new SharedArrayBuffer(4))
const workers: Worker[] = []

afterEach(async () => {
  Atomics.store(over, 0, 1)
  await Promise.all(workers.splice(0).map((worker) => new Promise((done) => worker.once('exit', done))))
})

const given: Given = {
  train: generate(203, 6, 1, ([x = 0, y = 0]) => (x > y ? 1 : 0)),
  validation: generate(50, 6, 2, ([x = 0, y = 0]) => (x > y ? 1 : 0)),
  hidden: [
    { units: 17, activation: 'relu', dropout: 0.1 },
    { units: 9, activation: 'gelu', normalisation: 'layer' }
  ]
}

const usual: Partial<TrainingPlan> = { batchSize: 32, stopping: { epochs: 5, patience: null } }

/** What lies between the buffers of an arena here, and how much of it: nobody may write there. */
const canary = 0xa5
const guardBytes = 256

async function train(
  threads: number,
  more: Partial<TrainingPlan>,
  checkpoint: Checkpoint | null = null,
  table = given.train,
  hidden = given.hidden
) {
  Atomics.store(over, 0, 0)
  const bench = new Bench()
  const plan: Partial<TrainingPlan> = { ...usual, threads, ...more }
  const base = setupOf({ ...given, train: table, hidden, plan, checkpoint }, bench)
  const room = [base.topology, base.plan, table.rows.length, { guardBytes }] as const
  const setup = { ...base, arena: bench.take(arenaBytes(...room)), guardBytes }
  const trainer = createTrainer(setup)
  const gaps = arenaGaps(...room).map(({ offset, bytes }) => {
    return new Uint8Array(bench.kernels.memory.buffer, setup.arena.offset + offset, bytes).fill(canary)
  })
  const file = resolve(import.meta.dirname, 'assisting-thread.ts')
  const started = helperAddresses(setup.topology, setup.plan, setup.arena.offset).map((address) => {
    const worker = new Worker(file, { workerData: { module, memory: bench.kernels.memory, address, over } })
    workers.push(worker)
    return new Promise((ready) => worker.once('message', ready))
  })
  await Promise.all(started)
  const checkpoints = [trainer.checkpoint()]
  while (!trainer.advance(0).finished) checkpoints.push(trainer.checkpoint())
  const touched = gaps.reduce((sum, gap) => sum + gap.filter((byte) => byte !== canary).length, 0)
  return { trainer, checkpoints, touched }
}

const stateOf = (checkpoint: Checkpoint) => ({ ...checkpoint, elapsedSeconds: 0 })

/** With so few rows a batch, and no layer that wants whole rows, threads share the units. */
const fewRows = { batchSize: 4, stopping: { epochs: 5, patience: null } }
const withoutNorms = given.hidden?.map(({ normalisation: _, ...layer }) => layer)

it.each([2, 3])('%i threads with few rows come to the very weights of one, as no sum is cut', async (threads) => {
  const alone = trainToEnd({ ...given, hidden: withoutNorms, plan: fewRows }).checkpoint()
  const { trainer } = await train(threads, fewRows, null, given.train, withoutNorms)
  expect(trainer.checkpoint().parameters).toEqual(alone.parameters)
  expect(trainer.checkpoint().step).toBe(alone.step)
})

it.each<[string, number, Partial<TrainingPlan>]>([
  ['that add up the gradients of their own rows', 2, {}],
  ['of which the last has no rows in the last batch', 3, { batchSize: 200 }],
  ['that add up gradients in pieces, cut by their norm', 2, { batchSize: 'full', regularisation: { clipNorm: 0.5 } }],
  ['behind whose gains are sums of their own rows', 2, fewRows]
])('comes with threads %s to what one thread does, but for the last bits', async (_, threads, plan) => {
  const alone = trainToEnd({ ...given, plan: { ...usual, ...plan } }).checkpoint()
  const { trainer } = await train(threads, plan)
  trainer.checkpoint().parameters.forEach((value, index) => {
    expect(value).toBeCloseTo(alone.parameters[index] ?? NaN, 4)
  })
})

it.each<[string, number, Partial<TrainingPlan>, Given['hidden']]>([
  ['two threads', 2, {}, given.hidden],
  ['three threads and a gradient cut by its norm', 3, { regularisation: { clipNorm: 0.5 } }, given.hidden],
  ['two that share units', 2, fewRows, withoutNorms],
  ['three that share units, cut by the norm', 3, { ...fewRows, regularisation: { clipNorm: 0.5 } }, withoutNorms],
  ['a batch of one row for two threads', 2, { batchSize: 1, stopping: { epochs: 1, patience: null } }, given.hidden],
  [
    'the whole part at once, with momentum',
    2,
    { batchSize: 'full', optimizer: optimizers.momentum.defaults },
    given.hidden
  ]
])('gives the same bits twice, and from a checkpoint on: %s', async (_, threads, plan, hidden) => {
  const again = (checkpoint: Checkpoint | null) => train(threads, plan, checkpoint, given.train, hidden)
  const first = await again(null)
  const wanted = stateOf(first.trainer.checkpoint())
  expect(stateOf((await again(null)).trainer.checkpoint())).toEqual(wanted)
  const middle = first.checkpoints[Math.floor(first.checkpoints.length / 2)] ?? null
  expect(stateOf((await again(middle)).trainer.checkpoint())).toEqual(wanted)
})

it.each<[string, number, Partial<TrainingPlan>, Given['hidden']]>([
  ['two that share rows', 2, {}, given.hidden],
  ['three that share rows', 3, { regularisation: { clipNorm: 0.5 } }, given.hidden],
  ['two that share units', 2, { ...fewRows, regularisation: { inputNoise: 0.1 } }, withoutNorms],
  ['three that share units', 3, { batchSize: 7, regularisation: { clipNorm: 0.5 } }, withoutNorms],
  ['more that share units than there are panels', 4, fewRows, [{ units: 5, activation: 'tanh', dropout: 0.5 }]]
])('threads write into no other buffer than their own: %s', async (_, threads, plan, hidden) => {
  const { touched } = await train(threads, plan, null, given.train, hidden)
  expect(touched).toBe(0)
})

it.each<[string, Partial<TrainingPlan>, Given['hidden']]>([
  ['whichever of them sees it', {}, given.hidden],
  ['all of which see it', fewRows, withoutNorms]
])('ends all threads where the loss is not finite, %s', async (_, plan, hidden) => {
  const rows = given.train.rows.map((row, index) => (index === 77 ? row.map(() => NaN) : row))
  const { trainer } = await train(2, plan, null, { ...given.train, rows }, hidden)
  expect(trainer.finish()).toMatchObject({ status: 'diverged', divergence: { epoch: 1, layer: 1 } })
})
