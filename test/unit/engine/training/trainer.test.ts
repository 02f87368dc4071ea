import { describe, expect, it } from 'vitest'
import { metricColumns } from '#engine/training/metrics.ts'
import { type Optimizer, optimizers } from '#engine/training/plan.ts'
import { arenaBytes } from '#engine/training/open-training.ts'
import { createTrainer, type Trainer } from '#engine/training/trainer.ts'
import { Bench, generate, type Given, setupOf, trainToEnd, xor } from '#test/unit/engine/support.ts'

const clouds = (rows: number, seed: number) =>
  generate(rows, 3, seed, (row) => {
    const target = (row.length % 2) ^ ((row[0] ?? 0) + (row[1] ?? 0) > 0 ? 1 : 0)
    row[2] = (row[2] ?? 0) + target
    return target
  })

const given: Given = {
  train: clouds(101, 1),
  validation: clouds(37, 2),
  hidden: [
    { units: 7, activation: 'relu' },
    { units: 5, activation: 'tanh' }
  ],
  plan: { batchSize: 8, stopping: { epochs: 12, patience: null } },
  seed: 42
}

/** What an optimizer needs beside itself: L-BFGS takes all rows at once. */
const planWith = (optimizer: Optimizer) => ({
  ...given.plan,
  optimizer,
  ...(optimizer.name === 'lbfgs' ? { batchSize: 'full' as const } : {})
})

/** All numbers of a state that decide how it goes on; the time it took is left out. */
const stateOf = (trainer: Trainer) => ({ ...trainer.checkpoint(), elapsedSeconds: 0 })

describe('the same seed', () => {
  it.each(Object.values(optimizers).map(({ defaults }) => defaults))('gives the same bits with $name', (optimizer) => {
    const plan = planWith(optimizer)
    expect(stateOf(trainToEnd({ ...given, plan }))).toEqual(stateOf(trainToEnd({ ...given, plan })))
  })

  it('gives the same bits beside seven others that take turns', () => {
    const bench = new Bench()
    const trainers = Array.from({ length: 8 }, (_, run) => createTrainer(setupOf({ ...given, seed: 42 + run }, bench)))
    for (let isGoing = true; isGoing;) {
      isGoing = trainers.map((trainer) => trainer.advance(0).finished).includes(false)
    }
    trainers.forEach((trainer, run) => {
      expect(stateOf(trainer)).toEqual(stateOf(trainToEnd({ ...given, seed: 42 + run })))
    })
  })

  it('gives the same bits however short the calls are', () => {
    const trainer = createTrainer(setupOf(given))
    let calls = 1
    while (!trainer.advance(0).finished) calls++
    expect(calls).toBeGreaterThan(24)
    expect(stateOf(trainer)).toEqual(stateOf(trainToEnd(given)))
  })

  it('gives the same bits where it halts at an epoch and goes on from there', () => {
    const first = createTrainer({ ...setupOf(given), haltEpoch: 5 })
    const atHalt = first.advance(1e6)
    expect(atHalt).toMatchObject({ epochs: 5, finished: false, halted: true })
    expect(first.advance(1e6)).toMatchObject({ epochs: 0, halted: true })
    expect(first.finish()).toMatchObject({ status: 'stopped', reason: 'asked', epochs: 5 })
    expect(stateOf(trainToEnd({ ...given, checkpoint: first.checkpoint() }))).toEqual(stateOf(trainToEnd(given)))
    const beyond = createTrainer({ ...setupOf(given), haltEpoch: 50 })
    expect(beyond.advance(1e6)).toMatchObject({ epochs: 12, finished: true, halted: false })
  })

  it('and another seed gives others', () => {
    expect(stateOf(trainToEnd(given)).parameters).not.toEqual(stateOf(trainToEnd({ ...given, seed: 43 })).parameters)
  })
})

describe('a checkpoint', () => {
  it.each(Object.values(optimizers).map(({ defaults }) => defaults))(
    'continues to the same bits from any step with $name',
    (optimizer) => {
      const whole = { ...given, plan: planWith(optimizer) }
      const wanted = stateOf(trainToEnd(whole))
      const first = createTrainer(setupOf(whole))
      const taken = [first.checkpoint()]
      while (!first.advance(0).finished) taken.push(structuredClone(first.checkpoint()))
      expect(taken.some(({ unfinished }) => unfinished !== null)).toBe(true)
      for (const checkpoint of taken) expect(stateOf(trainToEnd({ ...whole, checkpoint }))).toEqual(wanted)
    }
  )

  it('gives the rest of the records from any step on as if the run had not stopped, norms of gradients among them', () => {
    const epochs = 4
    const short = { ...given, plan: { ...given.plan, stopping: { epochs, patience: null } } }
    const untimed = ({ values, epochs: count }: { values: Float32Array; epochs: number }) => values.slice(2 * count)
    const reference = untimed(createTrainer(setupOf(short)).advance(1e6))
    const columns = reference.length / epochs
    const first = createTrainer(setupOf(short))
    let done = 0
    let resumed = 0
    for (;;) {
      const { epochs: more, finished } = first.advance(0)
      done += more
      if (finished) break
      const checkpoint = structuredClone(first.checkpoint())
      const rest = createTrainer(setupOf({ ...short, checkpoint })).advance(1e6)
      expect([rest.firstEpoch, rest.epochs]).toEqual([done + 1, epochs - done])
      const tail = Array.from({ length: columns }, (_, c) => [...reference.slice(c * epochs + done, (c + 1) * epochs)])
      expect([...untimed(rest)]).toEqual(tail.flat())
      resumed++
    }
    expect(resumed).toBeGreaterThan(2 * epochs)
  })

  it('of a finished run is finished, and goes on where the plan is longer', () => {
    const checkpoint = trainToEnd(given).checkpoint()
    expect(trainToEnd({ ...given, checkpoint }).checkpoint().epoch).toBe(12)
    const plan = { ...given.plan, stopping: { epochs: 20, patience: null } }
    expect(stateOf(trainToEnd({ ...given, plan, checkpoint }))).toEqual(stateOf(trainToEnd({ ...given, plan })))
  })

  it('of another optimizer or network is refused with a sentence', () => {
    const checkpoint = trainToEnd(given).checkpoint()
    const plan = { ...given.plan, optimizer: optimizers.sgd.defaults }
    expect(() => createTrainer(setupOf({ ...given, plan, checkpoint }))).toThrow('not made with Gradient descent')
    expect(() => createTrainer(setupOf({ ...given, hidden: [], checkpoint }))).toThrow('parameters')
  })
})

describe('records', () => {
  it('have the columns of metricColumns, with the epoch means and the validation part', () => {
    const trainer = createTrainer(setupOf(given))
    const { firstEpoch, epochs, values, finished } = trainer.advance(1e6)
    expect({ firstEpoch, epochs, finished }).toEqual({ firstEpoch: 1, epochs: 12, finished: true })
    const names = metricColumns('classification', setupOf(given).topology)
    expect(values.length).toBe(names.length * 12)
    const column = (name: string) => [...values.slice(names.indexOf(name) * 12, names.indexOf(name) * 12 + 12)]
    expect(column('learningRate').every((rate) => rate === Math.fround(0.001))).toBe(true)
    expect(column('seconds')).toEqual([...column('seconds')].sort((a, b) => a - b))
    expect(column('trainLoss').every((loss) => loss > 0)).toBe(true)
    const outcome = trainer.finish()
    expect(outcome.validation?.loss).toBeCloseTo(Math.min(...column('validationLoss')), 5)
    expect(column('validationLoss')[outcome.bestEpoch - 1]).toBe(Math.min(...column('validationLoss')))
  })

  it('have NaN for the validation part where there is none, and the training loss chooses', () => {
    const { train, hidden, plan } = given
    const trainer = createTrainer(setupOf({ train, hidden, plan }))
    const { values } = trainer.advance(1e6)
    const names = metricColumns('classification', { inputs: 3, layers: [] })
    expect(values[names.indexOf('validationLoss') * 12]).toBeNaN()
    expect(trainer.finish()).toMatchObject({ status: 'done', reason: 'epochs', validation: null })
  })

  it("give a regression's errors in the target's own units", () => {
    const table = generate(60, 2, 9, ([x = 0, y = 0]) => x - y)
    const scaled = (deviation: number) =>
      trainToEnd({
        train: table,
        task: 'regression',
        targetScale: { mean: 5, deviation },
        plan: { stopping: { epochs: 3, patience: null } }
      }).finish().train
    const [plain, tens] = [scaled(1), scaled(10)]
    expect(tens?.loss).toBe(plain?.loss)
    expect(tens?.r2).toBe(plain?.r2)
    expect(tens?.rmse).toBeCloseTo((plain?.rmse ?? NaN) * 10, 5)
    expect(tens?.mae).toBeCloseTo((plain?.mae ?? NaN) * 10, 5)
    expect(plain?.loss).toBeCloseTo((plain?.rmse ?? NaN) ** 2 / 2, 5)
  })
})

describe('stopping', () => {
  it('ends when patience runs out and keeps the weights of the best epoch', () => {
    // The validation part says the opposite of the training part, so it only ever gets worse.
    const train = clouds(80, 3)
    const validation = { ...train, targets: train.targets.map((target) => 1 - target) }
    const trainer = trainToEnd({
      ...given,
      train,
      validation,
      plan: {
        optimizer: { ...optimizers.adam.defaults, learningRate: 0.01 },
        stopping: { epochs: 500, patience: 4 }
      }
    })
    const outcome = trainer.finish()
    expect(outcome).toMatchObject({ status: 'done', reason: 'patience' })
    expect(outcome.epochs).toBe(outcome.bestEpoch + 4)
    expect(outcome.epochs).toBeLessThan(100)
    expect(outcome.checkpoint?.best.parameters).not.toEqual(outcome.checkpoint?.parameters)
    expect(outcome.checkpoint?.best.value).toBeCloseTo(outcome.validation?.loss ?? NaN, 5)
  })

  it('by a person gives the figures so far', () => {
    const trainer = createTrainer(setupOf({ ...given, plan: { stopping: { epochs: 1e6, patience: null } } }))
    let epochs = 0
    while (epochs < 3) epochs += trainer.advance(0).epochs
    const outcome = trainer.finish('asked')
    expect(outcome).toMatchObject({ status: 'stopped', reason: 'asked', epochs: 3 })
    expect(outcome.train?.accuracy).toBeGreaterThan(0)
  })
})

describe('divergence', () => {
  it('is a result with the epoch, the layer and what to try', () => {
    const trainer = trainToEnd({
      train: generate(50, 4, 1, ([x = 0]) => x),
      task: 'regression',
      hidden: [{ units: 8, activation: 'relu' }],
      plan: { optimizer: { name: 'sgd', learningRate: 10 }, stopping: { epochs: 50, patience: null } }
    })
    const outcome = trainer.finish()
    expect(outcome.status).toBe('diverged')
    expect(outcome.reason).toBe('diverged')
    expect(outcome.divergence?.layer).toBeGreaterThanOrEqual(1)
    expect(outcome.divergence?.message).toMatch(/layer \d.*learning rate.*10/)
    expect(outcome.divergence?.epoch).toBe(outcome.epochs + 1)
    if (outcome.bestEpoch > 0) expect(outcome.train?.loss).toBeGreaterThan(0)
    else expect(outcome.train).toBeNull()
  })

  it('is seen where a row of the data is not finite', () => {
    const train = { ...xor, rows: [...xor.rows.slice(0, 3), [NaN, 1]] }
    expect(trainToEnd({ train, hidden: [{ units: 4, activation: 'relu' }] }).finish().status).toBe('diverged')
  })
})

describe('batches', () => {
  it.each([1, 3, 8, 100, 101, 1000, 'full'] as const)('of %s rows visit every row once an epoch', (batchSize) => {
    const trainer = trainToEnd({ ...given, plan: { batchSize, stopping: { epochs: 2, patience: null } } })
    const size = batchSize === 'full' ? 101 : Math.min(batchSize, 101)
    expect(trainer.checkpoint().step).toBe(2 * Math.ceil(101 / size))
  })

  it('larger than what goes through at once give the step of the whole batch', () => {
    const train = generate(1000, 4, 8, ([x = 0]) => x)
    const stepOf = (rows: typeof train) =>
      trainToEnd({
        train: rows,
        task: 'regression',
        hidden: [{ units: 6, activation: 'tanh' }],
        plan: {
          batchSize: 'full',
          optimizer: { name: 'sgd', learningRate: 0.1 },
          stopping: { epochs: 1, patience: null }
        }
      }).checkpoint().parameters
    // Ten copies of the same rows have the same mean gradient as one, which fits into a single piece.
    const hundred = { ...train, rows: train.rows.slice(0, 100), targets: train.targets.slice(0, 100) }
    const ten = {
      ...hundred,
      rows: Array(10).fill(hundred.rows).flat(),
      targets: Array(10).fill(hundred.targets).flat()
    }
    const [once, tenfold] = [stepOf(hundred), stepOf(ten)]
    once.forEach((value, index) => expect(tenfold[index]).toBeCloseTo(value, 5))
  })
})

describe('memory', () => {
  it.each([1, 5, 300, 'full'] as const)('outside its arena is never touched, with batches of %s', (batchSize) => {
    const bench = new Bench()
    const guard = () => {
      const { offset } = bench.take(4096)
      return bench.floats(offset, 1024).fill(12345)
    }
    const before = guard()
    const setup = setupOf(
      {
        ...given,
        train: clouds(600, 4),
        hidden: [1, 3, 17, 128].map((units) => ({ units, activation: 'relu' as const })),
        plan: { batchSize, stopping: { epochs: 2, patience: null } }
      },
      bench
    )
    const after = guard()
    const data = bench.floats(setup.train.inputs, 600 * 4).slice()
    const trainer = createTrainer(setup)
    while (!trainer.advance(5).finished);
    trainer.finish()
    expect([...before, ...after].every((value) => value === 12345)).toBe(true)
    expect(bench.floats(setup.train.inputs, 600 * 4)).toEqual(data)
  })

  it('that is too small for the run is refused', () => {
    const setup = setupOf(given)
    const bytes = arenaBytes(setup.topology, setup.plan, setup.train.rows)
    expect(() => createTrainer({ ...setup, arena: { offset: 64, bytes: bytes - 64 } })).toThrow('needs an arena')
  })
})

describe('a run that can not be', () => {
  it.each<[Given, string]>([
    [{ ...given, output: { units: 3, activation: 'softmax' } }, 'one unit for each of 2 classes'],
    [{ ...given, plan: { batchSize: 0 } }, 'Batch size must be a whole number'],
    [{ ...given, plan: { loss: 'mean_squared_error' } }, 'needs an output layer'],
    [{ ...given, train: { inputs: 3, rows: [], targets: [] } }, 'no rows']
  ])('is refused with a sentence', (wrong, sentence) => {
    expect(() => createTrainer(setupOf(wrong))).toThrow(sentence)
  })
})
