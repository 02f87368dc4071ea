/**
 * Run in a copy of the tree with one of each kind added: trains a small network with all of them, and writes how far its
 * weights, losses and rates are from those of the references.
 */
import type { ReferenceLoss } from '#engine/kernels/reference/losses.ts'
import { referenceGradients } from '#engine/kernels/reference/network.ts'
import { newOptimizerState, optimizerStep, type ReferenceOptimizer } from '#engine/kernels/reference/optimizers.ts'
import { flatten, unflatten } from '#engine/kernels/reference/parameters.ts'
import { type ReferenceSchedule, scheduledRate } from '#engine/kernels/reference/schedules.ts'
import type { ActivationName } from '#engine/network/activations.ts'
import type { LossName } from '#engine/network/losses.ts'
import type { Optimizer } from '#engine/training/optimizers.ts'
import { planSettings } from '#engine/training/plan-settings.ts'
import type { Schedule } from '#engine/training/schedules.ts'
import { createTrainer } from '#engine/training/trainer.ts'
import { generate, setupOf } from '#test/unit/engine/support.ts'

// What only the copy knows.
const activation = 'cube' as ActivationName
const loss = 'quartic' as LossName
const optimizer = { name: 'softened', learningRate: 0.1 } as unknown as Optimizer & ReferenceOptimizer
const schedule = { name: 'halving' } as unknown as Schedule & ReferenceSchedule
/** The target is reached at once: without the new number the first epoch is the last. */
const stopping = (epochs: number) => ({ epochs, patience: null, targetLoss: 1e6, leastEpochs: epochs })

const epochs = 3
/** Relative beyond 1. */
const distance = (got = NaN, wanted: number) => Math.abs(got - wanted) / Math.max(1, Math.abs(wanted))
const train = generate(24, 3, 1, ([x = 0, y = 0]) => x - y)
const setup = setupOf({
  train,
  task: 'regression',
  hidden: [{ units: 5, activation }],
  plan: { loss, optimizer, schedule, batchSize: 'full', stopping: stopping(epochs) }
})
const trainer = createTrainer(setup)
let parameters = [...trainer.checkpoint().parameters]
const { values } = trainer.advance(1e6)
let state = newOptimizerState
// Whatever goes by the table of settings tells the new one.
const isTold = [...planSettings(setup.plan).values()].some(
  ({ label, value }) => label === 'Least epochs' && value === epochs
)
const distances = [isTold ? 0 : Infinity]
for (let epoch = 0; epoch < epochs; epoch++) {
  const reference = referenceGradients(
    setup.topology,
    { name: loss } as ReferenceLoss,
    unflatten(setup.topology, parameters),
    train.rows,
    train.targets.map((target) => [target])
  )
  const learningRate = scheduledRate(schedule, optimizer.learningRate, epoch)
  const step = optimizerStep({ ...optimizer, learningRate }, state, parameters, flatten(reference.layers))
  ;({ parameters, state } = step)
  // Columns of records: seconds, samples a second, rate, loss.
  distances.push(distance(values[2 * epochs + epoch], learningRate))
  distances.push(distance(values[3 * epochs + epoch], reference.loss))
}
const trained = trainer.checkpoint().parameters
distances.push(...parameters.map((wanted, index) => distance(trained[index], wanted)))
process.stdout.write(`${Math.max(...distances)}`)
