/** Schemas of topology, plan and metrics: the shape of the engine's plain data, so that it can cross the contract. */
import { z } from 'zod'
import { activationNames } from '#engine/network/activations.ts'
import { lossNames } from '#engine/network/losses.ts'
import type { Topology } from '#engine/network/topology.ts'
import type { PartMetrics } from '#engine/training/metrics.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'

export const topology = z.object({
  inputs: z.number().int(),
  layers: z.array(z.object({ units: z.number().int(), activation: z.enum(activationNames) }))
}) satisfies z.ZodType<Topology>

/** Hidden layers only: the lab adds the output layer that the task asks for. */
export const hiddenLayers = topology.shape.layers

const optimizer = z.discriminatedUnion('name', [
  z.object({ name: z.literal('sgd'), learningRate: z.number() }),
  z.object({ name: z.literal('momentum'), learningRate: z.number(), momentum: z.number() }),
  z.object({
    name: z.literal('adam'),
    learningRate: z.number(),
    beta1: z.number(),
    beta2: z.number(),
    epsilon: z.number()
  })
])

const initialisation = z.discriminatedUnion('name', [
  z.object({ name: z.enum(['auto', 'he_uniform', 'he_normal', 'glorot_uniform', 'glorot_normal', 'zeros']) }),
  z.object({ name: z.literal('uniform'), limit: z.number() }),
  z.object({ name: z.literal('normal'), deviation: z.number() })
])

export const trainingPlan = z.object({
  loss: z.enum(lossNames),
  optimizer,
  initialisation,
  batchSize: z.union([z.number().int(), z.literal('full')]),
  stopping: z.object({ epochs: z.number().int(), patience: z.number().int().nullable() })
}) satisfies z.ZodType<TrainingPlan>

export const partMetrics = z.object({
  loss: z.number(),
  accuracy: z.number().optional(),
  rmse: z.number().optional(),
  mae: z.number().optional(),
  r2: z.number().optional()
}) satisfies z.ZodType<PartMetrics>
