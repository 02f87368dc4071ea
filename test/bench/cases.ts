/** The cases of the benchmark, as topology, plan and generated data. Peers read the same cases.json. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Task } from '#engine/network/losses.ts'
import { multiplyAdds, type Topology } from '#engine/network/topology.ts'
import { optimizers, type TrainingPlan } from '#engine/training/plan.ts'

/** The output activation of each loss. */
const outputs = { cross_entropy: 'softmax', binary_cross_entropy: 'sigmoid', mean_squared_error: 'linear' } as const

export interface Case {
  readonly id: string
  readonly layers: readonly number[]
  readonly hidden: 'relu' | 'tanh'
  readonly loss: keyof typeof outputs
  readonly optimizer: 'sgd' | 'adam'
  readonly batch: number
  readonly samples: number
}

export const casesPath = resolve(import.meta.dirname, 'cases.json')
export const cases = JSON.parse(readFileSync(casesPath, 'utf8')) as Case[]

/** The case as the engine takes it; it never stops by itself. */
export function problemOf(benchCase: Case): { topology: Topology; plan: TrainingPlan; task: Task; classes: number } {
  const [inputs = 1, ...units] = benchCase.layers
  const last = units.length - 1
  const outputUnits = units[last] ?? 1
  const { loss } = benchCase
  const task = loss === 'mean_squared_error' ? 'regression' : 'classification'
  return {
    task,
    classes: task === 'regression' ? 1 : Math.max(2, outputUnits),
    topology: {
      inputs,
      layers: units.map((count, index) => ({
        units: count,
        activation: index === last ? outputs[loss] : benchCase.hidden
      }))
    },
    plan: {
      loss,
      optimizer: optimizers[benchCase.optimizer].defaults,
      initialisation: { name: 'auto' },
      batchSize: benchCase.batch,
      stopping: { epochs: 1_000_000, patience: null }
    }
  }
}

/**
 * Counts the floating-point operations of training one sample: two a multiply-add, three products a layer
 * (forward, gradient of weights, gradient of inputs), two in the first layer. Activations and optimizer are not counted.
 */
export function flopsPerSample(topology: Topology): number {
  const first = topology.inputs * (topology.layers[0]?.units ?? 0)
  return 2 * (3 * multiplyAdds(topology) - first)
}
