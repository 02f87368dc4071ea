/** Schemas of topology, plan and metrics: the shape of the engine's plain data, so that it can cross the contract. */
import { z } from 'zod'
import { activationNames } from '#engine/network/activations.ts'
import { lossNames } from '#engine/network/losses.ts'
import { normalisationNames, type Topology } from '#engine/network/topology.ts'
import type { PartMetrics, RunDetails } from '#engine/training/metrics.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'

export const topology = z.object({
  inputs: z.number().int(),
  layers: z.array(
    z.object({
      units: z.number().int(),
      activation: z.enum(activationNames),
      slope: z.number().optional(),
      dropout: z.number().optional(),
      normalisation: z.enum(normalisationNames).optional()
    })
  )
}) satisfies z.ZodType<Topology>

/** Hidden layers only: the lab adds the output layer that the task asks for. */
export const hiddenLayers = topology.shape.layers

const learningRate = z.number()
const adam = { learningRate, beta1: z.number(), beta2: z.number(), epsilon: z.number() }

const optimizer = z.discriminatedUnion('name', [
  z.object({ name: z.literal('sgd'), learningRate }),
  z.object({ name: z.enum(['momentum', 'nesterov']), learningRate, momentum: z.number() }),
  z.object({ name: z.literal('adagrad'), learningRate, epsilon: z.number() }),
  z.object({ name: z.literal('rmsprop'), learningRate, decay: z.number(), epsilon: z.number() }),
  z.object({ name: z.literal('adam'), ...adam }),
  z.object({ name: z.literal('adamw'), ...adam, weightDecay: z.number() }),
  z.object({
    name: z.literal('lbfgs'),
    learningRate,
    history: z.number().int(),
    lineSearch: z.enum(['fixed', 'wolfe'])
  }),
  z.object({ name: z.literal('nadam'), ...adam, momentumDecay: z.number() })
])

const biases = z.number().optional()

const initialisation = z.discriminatedUnion('name', [
  z.object({
    name: z.enum([
      'auto',
      'he_uniform',
      'he_normal',
      'glorot_uniform',
      'glorot_normal',
      'lecun_uniform',
      'lecun_normal',
      'orthogonal',
      'zeros'
    ]),
    biases
  }),
  z.object({ name: z.literal('uniform'), limit: z.number(), biases }),
  z.object({ name: z.literal('normal'), deviation: z.number(), biases })
])

const warmUp = z.number().int().optional()

export const schedule = z.discriminatedUnion('name', [
  z.object({ name: z.literal('constant'), warmUp }),
  z.object({ name: z.literal('inverse'), c1: z.number(), c2: z.number(), warmUp }),
  z.object({ name: z.literal('step'), every: z.number().int(), factor: z.number(), warmUp }),
  z.object({ name: z.literal('exponential'), factor: z.number(), warmUp }),
  z.object({ name: z.literal('cosine'), minimum: z.number(), warmUp }),
  z.object({ name: z.literal('one_cycle'), rise: z.number(), warmUp }),
  z.object({ name: z.literal('plateau'), factor: z.number(), patience: z.number().int(), warmUp })
])

const amount = z.number().optional()

/** Numbers may be missing: plan.ts of the engine says what that means. */
export const trainingPlan = z.object({
  loss: z.enum(lossNames),
  optimizer,
  initialisation,
  batchSize: z.union([z.number().int(), z.literal('full')]),
  stopping: z.object({
    epochs: z.number().int(),
    patience: z.number().int().nullable(),
    minimumImprovement: amount,
    metric: z.enum(['loss', 'accuracy', 'rmse', 'mae', 'r2']).optional(),
    evaluateEvery: z.number().int().optional(),
    targetLoss: z.number().nullable().optional(),
    seconds: z.number().nullable().optional()
  }),
  schedule: schedule.optional(),
  regularisation: z
    .object({
      l1: amount,
      l2: amount,
      weightDecay: amount,
      maxNorm: amount,
      clipNorm: amount,
      clipValue: amount,
      inputNoise: amount
    })
    .optional(),
  labelSmoothing: amount,
  huberDelta: amount,
  classWeights: z.union([z.literal('balanced'), z.array(z.number()).readonly()]).optional(),
  order: z.enum(['shuffled', 'sequential']).optional(),
  threads: z.number().int().optional()
}) satisfies z.ZodType<TrainingPlan>

export const partMetrics = z.object({
  loss: z.number(),
  accuracy: z.number().optional(),
  rmse: z.number().optional(),
  mae: z.number().optional(),
  r2: z.number().optional()
}) satisfies z.ZodType<PartMetrics>

export const divergence = z.object({
  epoch: z.number(),
  layer: z.number().describe('1 for the first hidden layer; the output layer has the highest number'),
  quantity: z.enum(['loss', 'weights', 'gradients', 'activations']),
  calmerRate: z.number().describe('A learning rate to try instead'),
  message: z.string()
})

const averages = { precision: z.number(), recall: z.number(), f1: z.number() }
const rocAuc = z.number().nullable()

export const partDetails = z.discriminatedUnion('task', [
  z.object({
    task: z.literal('classification'),
    confusion: z.array(z.array(z.number()).readonly()).readonly().nullable(),
    classes: z.array(z.object({ ...averages, support: z.number(), rocAuc })).readonly(),
    macro: z.object(averages),
    weighted: z.object(averages),
    rocAuc,
    logLoss: z.number()
  }),
  z.object({
    task: z.literal('regression'),
    rmse: z.number(),
    mae: z.number(),
    r2: z.number().nullable(),
    residuals: z.array(z.object({ share: z.number(), value: z.number() })).readonly()
  })
])

export const runDetails = z.object({
  epoch: z.number(),
  train: partDetails,
  validation: partDetails.nullable()
}) satisfies z.ZodType<RunDetails>
