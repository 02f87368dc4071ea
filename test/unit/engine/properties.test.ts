/**
 * What holds for every network and plan: a valid one trains without touching memory that is not its own, an invalid one
 * is refused with a sentence. The networks are drawn at random; a failure names the seed that repeats it.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hiddenActivationNames } from '#engine/network/activations.ts'
import { initialisationNames, initialisations } from '#engine/network/initialisations.ts'
import { type LossName, losses, type Task } from '#engine/network/losses.ts'
import { checkTopology, type Layer, type Topology } from '#engine/network/topology.ts'
import { Random } from '#engine/random.ts'
import { checkPlan } from '#engine/training/check-plan.ts'
import { optimizerNames, optimizers, type TrainingPlan } from '#engine/training/plan.ts'
import { schedules } from '#engine/training/schedules.ts'
import { arenaBytes, arenaGaps } from '#engine/training/open-training.ts'
import { createTrainer, type TrainerSetup } from '#engine/training/trainer.ts'
import { module } from '#test/unit/engine/support.ts'
import { instantiateKernels, type TileRows } from '#engine/kernels/kernels.ts'

const megabytes = 8
const memory = new WebAssembly.Memory({ initial: megabytes * 16, maximum: megabytes * 16, shared: true })
const kernels = { 6: instantiateKernels(module, memory, 6), 8: instantiateKernels(module, memory, 8) }
const words = new Uint32Array(memory.buffer)

/** Never what training writes: a NaN with a payload of its own. */
const canary = 0x7fc0dead

interface Problem {
  readonly topology: Topology
  readonly plan: TrainingPlan
  readonly task: Task
  readonly classes: number
  readonly rows: number
  readonly validationRows: number
  /** Whether each row has a weight of its own. */
  readonly weighsRows: boolean
  /** For vectors of 128 or of 256 bits, which take two panels at once. */
  readonly tileRows: TileRows
}

/** Room left behind every buffer of an arena: more than a kernel could leap over by a vector or a row of them. */
const guardBytes = 256

/** Lays parts and arena into a memory full of canaries, with canaries between them and between the arena's buffers. */
function setUp({ topology, plan, task, classes, rows, validationRows, weighsRows, tileRows }: Problem) {
  words.fill(canary)
  const random = new Random(rows)
  const regions: { offset: number; bytes: number }[] = []
  let next = 4096
  const take = (bytes: number) => {
    const region = { offset: next, bytes }
    regions.push(region)
    next += Math.ceil(bytes / 64) * 64 + 512
    return region
  }
  const part = (count: number) => {
    const inputs = new Float32Array(memory.buffer, take(count * topology.inputs * 4).offset, count * topology.inputs)
    const targets = new Float32Array(memory.buffer, take(count * 4).offset, count)
    inputs.forEach((_, index) => (inputs[index] = random.normal()))
    targets.forEach((_, row) => (targets[row] = task === 'regression' ? random.normal() : random.below(classes)))
    return { inputs: inputs.byteOffset, targets: targets.byteOffset, rows: count }
  }
  const weights = () => {
    const values = new Float32Array(memory.buffer, take(rows * 4).offset, rows)
    values.forEach((_, row) => (values[row] = row % 3))
    return { weights: values.byteOffset }
  }
  const train = { ...part(rows), ...(weighsRows && weights()) }
  const wishes = { isWeighted: weighsRows, guardBytes }
  const setup: TrainerSetup = {
    kernels: kernels[tileRows],
    train,
    validation: validationRows > 0 ? part(validationRows) : null,
    arena: take(arenaBytes(topology, plan, rows, wishes)),
    guardBytes,
    task,
    classes,
    targetScale: { mean: 0, deviation: 1 },
    topology,
    plan,
    seed: 1,
    checkpoint: null,
    now: () => performance.now()
  }
  if (next > memory.buffer.byteLength) throw new Error('The memory of this test is too small for its largest network.')
  const data = regions.slice(0, -1)
  const before = data.map(({ offset, bytes }) => words.slice(offset / 4, (offset + bytes) / 4))
  const gaps = arenaGaps(topology, plan, rows, wishes).map(({ offset, bytes }) => {
    const start = Math.ceil((setup.arena.offset + offset) / 4)
    return words.subarray(start, (setup.arena.offset + offset + bytes) / 4)
  })
  return {
    setup,
    /** Puts canaries between the buffers of an arena that has been opened, which clears it. */
    guard: () => gaps.forEach((gap) => gap.fill(canary)),
    /** Counts the words between buffers that are no longer what guard() made them. */
    leaked: () => gaps.reduce((sum, gap) => sum + gap.filter((word) => word !== canary).length, 0),
    /** Counts the words outside the arena that are no longer what they were. */
    touched: (): number => {
      let count = 0
      data.forEach(({ offset }, index) =>
        before[index]?.forEach((word, at) => (count += +(words[offset / 4 + at] !== word)))
      )
      const edges = [{ offset: 0, bytes: 0 }, ...regions, { offset: memory.buffer.byteLength, bytes: 0 }]
      edges.slice(1).forEach(({ offset }, index) => {
        const last = edges[index]
        const from = last ? Math.ceil((last.offset + last.bytes) / 4) : 0
        count += words.subarray(from, offset / 4).reduce((sum, word) => sum + +(word !== canary), 0)
      })
      return count
    }
  }
}

const share = fc.constantFrom(undefined, 0.3)
const hiddenLayer = fc.record<Layer>({
  units: fc.integer({ min: 1, max: 40 }),
  activation: fc.constantFrom(...hiddenActivationNames),
  dropout: share,
  normalisation: fc.constantFrom(undefined, undefined, 'batch', 'layer')
})

/** A loss with an output layer that may stand before it. */
const ending = fc.constantFrom(...(Object.keys(losses) as LossName[])).chain((loss) =>
  fc.record({
    loss: fc.constant(loss),
    task: fc.constantFrom<Task>(...losses[loss].tasks),
    activation: fc.constantFrom(...losses[loss].outputs),
    classes: fc.integer({ min: 2, max: 19 })
  })
)

const problem: fc.Arbitrary<Problem> = fc
  .record({
    inputs: fc.integer({ min: 1, max: 45 }),
    hidden: fc.array(hiddenLayer, { maxLength: 4 }),
    ending,
    optimizer: fc.constantFrom(...optimizerNames),
    initialisation: fc.constantFrom(...initialisationNames),
    schedule: fc.constantFrom(undefined, ...Object.values(schedules).map(({ defaults }) => defaults)),
    batchSize: fc.oneof(fc.constant<'full'>('full'), fc.integer({ min: 1, max: 300 })),
    order: fc.constantFrom(undefined, 'sequential' as const),
    regularisation: fc.record({
      l1: fc.constantFrom(undefined, 1e-3),
      l2: fc.constantFrom(undefined, 1e-3),
      maxNorm: fc.constantFrom(undefined, 1),
      clipNorm: fc.constantFrom(undefined, 0.5),
      clipValue: fc.constantFrom(undefined, 0.1),
      inputNoise: fc.constantFrom(undefined, 0.1)
    }),
    isWeighted: fc.boolean(),
    rows: fc.integer({ min: 2, max: 600 }),
    weighsRows: fc.boolean(),
    tileRows: fc.constantFrom<TileRows>(6, 8),
    validationRows: fc.integer({ min: 0, max: 150 })
  })
  .map(({ inputs, hidden, ending: { loss, task, activation, classes }, ...given }) => {
    const isSingle = task === 'regression' || loss === 'binary_cross_entropy'
    const plan: TrainingPlan = {
      loss,
      optimizer: optimizers[given.optimizer].defaults,
      initialisation: initialisations[given.initialisation].defaults,
      batchSize: given.batchSize,
      stopping: { epochs: 2, patience: null },
      schedule: given.schedule,
      regularisation: given.regularisation,
      order: given.order,
      classWeights: given.isWeighted && task === 'classification' ? 'balanced' : undefined
    }
    const output = { units: isSingle ? 1 : classes, activation }
    return {
      topology: { inputs, layers: [...hidden, output] },
      plan,
      task,
      classes: task === 'regression' ? 1 : isSingle ? 2 : classes,
      rows: given.rows,
      validationRows: given.validationRows,
      weighsRows: given.weighsRows,
      tileRows: given.tileRows
    }
  })

const isValid = ({ topology, plan }: Problem) =>
  checkTopology(topology).length === 0 && checkPlan(plan, topology).length === 0

it('any valid network and plan trains within its own buffers and leaves its data as they were', () => {
  fc.assert(
    fc.property(problem.filter(isValid), (given) => {
      const { setup, touched, guard, leaked } = setUp(given)
      const trainer = createTrainer(setup)
      guard()
      while (!trainer.advance(5).finished);
      expect(['done', 'diverged']).toContain(trainer.finish().status)
      expect(touched()).toBe(0)
      expect(leaked()).toBe(0)
    }),
    { numRuns: 80 }
  )
})

/** Ways of spoiling one thing of a valid problem. */
const spoilings: readonly ((given: Problem, wrong: number) => Problem)[] = [
  (given, wrong) => ({ ...given, topology: { ...given.topology, inputs: wrong } }),
  (given, wrong) => withLayer(given, 0, { units: wrong }),
  (given, wrong) => ({ ...given, plan: { ...given.plan, batchSize: wrong } }),
  (given, wrong) => ({ ...given, plan: { ...given.plan, threads: wrong } }),
  (given, wrong) => ({ ...given, plan: { ...given.plan, stopping: { epochs: wrong, patience: null } } }),
  (given, wrong) => ({ ...given, plan: { ...given.plan, regularisation: { l2: -1 - Math.abs(wrong) } } }),
  (given) => withLayer(given, 0, { activation: 'threshold' }),
  (given) => withLayer(given, given.topology.layers.length - 1, { dropout: 0.5 }),
  (given) => ({ ...given, topology: { ...given.topology, layers: [] } })
]

function withLayer(given: Problem, at: number, change: Partial<Layer>): Problem {
  const layers = given.topology.layers.map((layer, index) => (index === at ? { ...layer, ...change } : layer))
  return { ...given, topology: { ...given.topology, layers } }
}

it('any invalid network or plan is refused with a sentence, and nothing is written', () => {
  const wrong = fc.constantFrom(0, -1, 0.5, NaN, Infinity, 1e9)
  fc.assert(
    fc.property(problem.filter(isValid), fc.constantFrom(...spoilings), wrong, (given, spoil, value) => {
      const { setup, touched } = setUp(given)
      const { topology, plan } = spoil(given, value)
      expect(() => createTrainer({ ...setup, topology, plan })).toThrow(/^[A-Za-z].* .*\.$/)
      expect(touched()).toBe(0)
      expect(words[setup.arena.offset / 4]).toBe(canary)
    }),
    { numRuns: 100 }
  )
})
