/**
 * Trains networks that between them use every kernel, and says where each came to. As a program of its own it prints that
 * for the tile of 256-bit vectors, whatever flags the kernels are then compiled with.
 */
import { createHash } from 'node:crypto'
import type { TileRows } from '#engine/kernels/kernels.ts'
import { hiddenActivationNames } from '#engine/network/activations.ts'
import type { LossName } from '#engine/network/losses.ts'
import type { Layer } from '#engine/network/topology.ts'
import { optimizerNames, optimizers } from '#engine/training/optimizers.ts'
import type { Regularisation, TrainingPlan } from '#engine/training/plan.ts'
import { Bench, generate, type Given, trainToEnd } from '#test/unit/engine/support.ts'

const classes = 10
const digits = generate(75, 21, 1, ([x = 0]) => Math.abs(Math.floor(x * 10)) % classes)
const signs = generate(75, 21, 2, ([x = 0, y = 0]) => (x > y ? 1 : 0))
const numbers = generate(75, 21, 3, ([x = 0, y = 0]) => x * y)

/** Tables, losses and the output layers that they are trained with. */
const tasks: readonly (readonly [LossName, Given])[] = [
  ['cross_entropy', { train: digits, validation: digits, classes }],
  ['binary_cross_entropy', { train: signs, validation: signs, output: { units: 1, activation: 'sigmoid' } }],
  ['mean_squared_error', { train: numbers, validation: numbers, task: 'regression' }],
  ['mean_absolute_error', { train: numbers, validation: numbers, task: 'regression' }],
  ['huber', { train: numbers, validation: numbers, task: 'regression' }],
  ['mean_squared_error', { train: digits, classes, output: { units: classes, activation: 'sigmoid' } }]
]
const more: readonly Partial<Layer>[] = [{}, { normalisation: 'batch' }, { normalisation: 'layer' }, { dropout: 0.2 }]
const regularisations: readonly Regularisation[] = [
  {},
  { l1: 0.01, l2: 0.01 },
  { clipNorm: 0.1 },
  { clipValue: 0.01 },
  { maxNorm: 1, inputNoise: 0.1 }
]
/** Rows of a batch: below, at and above those of tiles, and one that leaves a short last batch. */
const batches = [32, 13, 5, 75]

/** Trains each for two epochs; returns its name and a hash of all its weights and figures. */
export function trainMany(tileRows: TileRows): string[] {
  const trainable = hiddenActivationNames.filter((name) => name !== 'threshold' && name !== 'sign')
  const count = trainable.length * 4
  return Array.from({ length: count }, (_, index) => {
    const of = <Item>(items: readonly Item[], each = 1) => items[Math.floor(index / each) % items.length] as Item
    const activation = of(trainable)
    const [loss, given] = of(tasks)
    const optimizer = of(optimizerNames.filter((name) => name !== 'lbfgs'))
    const plan: Partial<TrainingPlan> = {
      loss,
      optimizer: optimizers[optimizer].defaults,
      batchSize: of(batches, 3),
      regularisation: of(regularisations),
      stopping: { epochs: 2, patience: null }
    }
    const hidden = [30, 12, 17].map((units, layer) => ({ units, activation, ...(layer === 1 ? of(more, 2) : {}) }))
    const trainer = trainToEnd({ ...given, hidden, plan }, new Bench(1, tileRows))
    const { parameters } = trainer.checkpoint()
    const { train, validation } = trainer.finish()
    const hash = createHash('sha1')
      .update(parameters)
      .update(JSON.stringify([train, validation]))
      .digest('hex')
    return `${activation} ${loss} ${optimizer} ${plan.batchSize?.toString() ?? ''}: ${hash}`
  })
}

if (process.argv[1] === import.meta.filename) process.stdout.write(trainMany(8).join('\n'))
