/** What of the plan stands under "More", in groups; paths outside of them are in sight at first. */
import type { PlanPath } from '#engine/training/plan-fields.ts'

export const firstPaths: readonly string[] = [
  'optimizer.name',
  'optimizer.learningRate',
  'batchSize',
  'stopping.epochs',
  'stopping.patience'
]

export const groups = [
  { id: 'optimizer', title: 'Optimizer', fields: /^optimizer\./ },
  { id: 'schedule', title: 'Schedule', fields: /^schedule\./ },
  { id: 'regularisation', title: 'Regularisation', fields: /^regularisation\./ },
  { id: 'stopping', title: 'Stopping', fields: /^stopping\./ },
  { id: 'weights', title: 'First weights', fields: /^initialisation\./ },
  { id: 'batches', title: 'Batches', fields: /^(order|threads)$/ },
  { id: 'loss', title: 'Loss', fields: /^(loss|huberDelta|labelSmoothing|classWeights)$/ }
] as const

export type GroupId = (typeof groups)[number]['id']

export const regularisationPaths = [
  'regularisation.l1',
  'regularisation.l2',
  'regularisation.weightDecay',
  'regularisation.maxNorm',
  'regularisation.clipNorm',
  'regularisation.clipValue',
  'regularisation.inputNoise'
] as const satisfies readonly PlanPath[]

export const stoppingPaths = [
  'stopping.minimumImprovement',
  'stopping.evaluateEvery',
  'stopping.targetLoss',
  'stopping.seconds'
] as const satisfies readonly PlanPath[]
