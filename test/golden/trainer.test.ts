/** The trainer in WASM against PyTorch: every golden network and optimizer that the tables of the engine offer. */
import { describe, expect, it } from 'vitest'
import type { LayerParameters } from '#engine/kernels/reference/network.ts'
import { newRunningStatistics } from '#engine/kernels/reference/normalisation.ts'
import { flatten } from '#engine/kernels/reference/parameters.ts'
import { activations } from '#engine/network/activations.ts'
import { lossNames, losses } from '#engine/network/losses.ts'
import { parameterSpans } from '#engine/network/parameters.ts'
import { outputLayer, type Topology } from '#engine/network/topology.ts'
import { Random } from '#engine/random.ts'
import { checkpointVersion } from '#engine/training/checkpoint.ts'
import { metricColumns } from '#engine/training/metrics.ts'
import { defaultPlan, type Optimizer, optimizerNames, optimizers } from '#engine/training/plan.ts'
import { arenaBytes } from '#engine/training/open-training.ts'
import { createTrainer } from '#engine/training/trainer.ts'
import { type GoldenNetwork, readGolden, titleOf } from '#test/golden/golden.ts'
import { expectClose } from '#test/unit/engine/reference/support.ts'
import { Bench } from '#test/unit/engine/support.ts'

/** float32 keeps 7 digits; sums over rows and layers lose one or two. */
const float32 = { absolute: 3e-6, relative: 1e-4 }

interface Given extends Pick<GoldenNetwork, 'loss' | 'x' | 't'> {
  readonly topology: Topology
  readonly start: readonly number[]
  readonly optimizer: Optimizer
  readonly rowWeights?: readonly number[]
}

/** The topology in the engine's own terms, where the engine offers all that it is made of. */
function offered(network: Pick<GoldenNetwork, 'topology' | 'loss'>): Topology | null {
  const { topology, loss } = network
  const isKnown = topology.layers.every((layer, index) => {
    const isOutput = index === topology.layers.length - 1
    return layer.activation in activations && !(isOutput && layer.normalisation)
  })
  const hasLoss = lossNames.some((name) => name === loss.name)
  // a data set has one target column: several outputs are the classes of a softmax
  const hasTargets = outputLayer(topology).units === 1 || loss.name === 'cross_entropy'
  return isKnown && hasLoss && hasTargets ? topology : null
}

type Running = GoldenNetwork['running']

/** All that a checkpoint stores of a network; running figures of null are those before training, mean 0 and variance 1. */
function stored(topology: Topology, parameters: readonly LayerParameters[], running: Running | null): number[] {
  return topology.layers.flatMap(({ units, normalisation }, index) => {
    const own = flatten(parameters.slice(index, index + 1))
    const { means, variances } = running?.[index] ?? newRunningStatistics(units)
    return normalisation === 'batch' ? [...own, ...means, ...variances] : own
  })
}

/** Parts what a checkpoint stores into what gradients act on and running figures. */
function unstore(topology: Topology, values: readonly number[]): { learned: number[]; running: number[] } {
  const isRunning = values.map(() => false)
  for (const { running, units } of parameterSpans(topology)) {
    if (running !== null) isRunning.fill(true, running, running + 2 * units)
  }
  return {
    learned: values.filter((_, index) => !isRunning[index]),
    running: values.filter((_, index) => isRunning[index])
  }
}

/** Trains full batches, one an epoch, from given parameters; yields loss before and parameters after every step. */
function* stepsOf({ topology, loss, x, t, start, optimizer, rowWeights }: Given, steps: number) {
  const name = lossNames.find((known) => known === loss.name)
  if (!name) throw new RangeError(`The engine has no ${loss.name}.`)
  const bench = new Bench()
  const task = losses[name].tasks[0]
  const classes = task === 'classification' ? Math.max(2, outputLayer(topology).units) : 1
  const targets = t.map((row) => (row.length > 1 ? row.indexOf(1) : (row[0] ?? NaN)))
  const stateCount = optimizers[optimizer.name].states
  const plan = {
    ...defaultPlan(name),
    optimizer,
    batchSize: 'full' as const,
    stopping: { epochs: steps, patience: null }
  }
  const trainer = createTrainer({
    kernels: bench.kernels,
    arena: bench.take(arenaBytes(topology, plan, x.length, { isWeighted: rowWeights !== undefined })),
    train: {
      ...bench.put({ inputs: topology.inputs, rows: x, targets }),
      ...(rowWeights && { weights: bench.putFloats(rowWeights) })
    },
    validation: null,
    task,
    classes,
    targetScale: { mean: 0, deviation: 1 },
    topology,
    plan,
    seed: 1,
    checkpoint: {
      version: checkpointVersion,
      epoch: 0,
      step: 0,
      elapsedSeconds: 0,
      parameters: Float32Array.from(start),
      optimizerState: new Float32Array(stateCount * start.length),
      random: new Random(1).state,
      unfinished: null,
      best: { epoch: 0, value: Infinity, parameters: Float32Array.from(start) }
    },
    now: () => performance.now()
  })
  const lossColumn = metricColumns(task, topology).indexOf('trainLoss')
  for (let step = 0; step < steps;) {
    const { epochs, values } = trainer.advance(0)
    expect(epochs).toBeLessThanOrEqual(1)
    if (epochs === 0) continue
    step++
    yield { loss: values[lossColumn] ?? NaN, parameters: [...trainer.checkpoint().parameters] }
  }
}

describe('one step of gradient descent with rate 1 takes off the gradient', () => {
  const networks = readGolden('networks').cases.flatMap((network) => {
    const topology = offered(network)
    return topology ? [{ title: titleOf(network), network, topology }] : []
  })

  it.each(networks)('$title', ({ network, topology }) => {
    const { loss, x, t } = network
    const start = stored(topology, network.parameters, null)
    const optimizer = { name: 'sgd', learningRate: 1 } as const
    const [step] = [...stepsOf({ topology, loss, x, t, start, optimizer }, 1)]
    if (!step) throw new RangeError('The trainer took no step.')
    expectClose('loss', step.loss, network.value, float32)
    const stepped = unstore(topology, step.parameters)
    const before = unstore(topology, start)
    const gradient = before.learned.map((value, index) => value - (stepped.learned[index] ?? NaN))
    expectClose('gradient', gradient, flatten(network.gradients), float32)
    const wanted = unstore(topology, stored(topology, network.parameters, network.running))
    expectClose('running figures', stepped.running, wanted.running, float32)
  })

  it('covers every activation of the table that a hidden layer can learn with', () => {
    const covered = new Set(networks.map(({ topology }) => topology.layers[0]?.activation))
    const hidden = Object.entries(activations).filter(([, entry]) => entry.hidden && !('learns' in entry))
    for (const [name] of hidden) expect(covered).toContain(name)
  })
})

describe('ten steps of an optimizer', () => {
  const { topology, loss, x, t, start, cases } = readGolden('optimizers')
  const known = cases.filter((golden) => optimizerNames.some((name) => name === golden.optimizer.name))

  it.each(known)('$optimizer.name', ({ optimizer, steps }) => {
    const given = { topology, loss, x, t, start, optimizer }
    let index = 0
    for (const step of stepsOf(given, steps.length)) {
      const wanted = steps[index++]
      expectClose(`loss before step ${index}`, step.loss, wanted?.loss ?? NaN, float32)
      expectClose(`parameters after step ${index}`, step.parameters, wanted?.parameters ?? [], float32)
    }
    expect(index).toBe(10)
  })

  const weighted = readGolden('weighted')
  it.each(weighted.cases)('$optimizer.name, with a weight a row', ({ optimizer, steps }) => {
    const known = optimizers[optimizer.name as keyof typeof optimizers].defaults
    let index = 0
    for (const step of stepsOf({ ...weighted, optimizer: { ...known, ...optimizer } }, steps.length)) {
      const wanted = steps[index++]
      expectClose(`loss before step ${index}`, step.loss, wanted?.loss ?? NaN, float32)
      expectClose(`parameters after step ${index}`, step.parameters, wanted?.parameters ?? [], float32)
    }
    expect(index).toBe(10)
  })

  it('covers every optimizer of the table but L-BFGS, which has a test of its own', () => {
    const names = optimizerNames.filter((name) => name !== 'lbfgs')
    expect(known.map((golden) => golden.optimizer.name)).toEqual(expect.arrayContaining(names))
  })
})
