/** Schemas of topology and metrics: the shape of the engine's plain data, so that it can cross the contract. */
import { z } from 'zod'
import { activationNames } from '#engine/network/activations.ts'
import { normalisationNames, type Topology } from '#engine/network/topology.ts'
import type { PartMetrics, RunDetails } from '#engine/training/metrics.ts'

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
