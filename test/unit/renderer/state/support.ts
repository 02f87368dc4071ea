/** A finished run of a small network, to be changed as a test needs it. */
import type { Run } from '#contract/runs.ts'
import { defaultPlan } from '#engine/training/plan.ts'

/** Makes a run. */
export function run(id: number, change: Partial<Run> = {}): Run {
  return {
    id,
    experimentId: 1,
    parentId: null,
    status: 'done',
    topology: {
      inputs: 4,
      layers: [
        { units: 8, activation: 'relu' },
        { units: 3, activation: 'softmax' }
      ]
    },
    plan: defaultPlan('cross_entropy'),
    data: { kind: 'whole' },
    seed: 1,
    parameters: 67,
    epochs: 10,
    bestEpoch: 5,
    train: null,
    validation: null,
    latest: null,
    seconds: 1,
    samplesPerSecond: null,
    etaSeconds: null,
    message: null,
    note: '',
    testOpened: false,
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    ...change
  }
}
