/**
 * A trained model as plain data: everything an export writes, and all that is needed to predict without the lab.
 * Gathered from a run by gather-model.ts; the writers beside this file turn it into the formats.
 */
import { z } from 'zod'
import { NORMALISATION_EPSILON } from '#engine/network/constants.ts'
import { parameterSpans, expectParameters } from '#engine/network/parameters.ts'
import type { Topology } from '#engine/network/topology.ts'
import { experimentSettings } from '#contract/experiments.ts'
import { partMetrics, topology } from '#contract/network.ts'
import { type ColumnEncoding, fittedPreparation } from '#contract/preparation.ts'

/** Where a model comes from, and what it was measured to do. */
export const provenance = z.object({
  lab: z.string().describe('Version of Topology Lab that wrote this'),
  run: z.number().int(),
  experiment: z.string(),
  dataset: z.object({
    name: z.string(),
    hash: z.string().describe('SHA-256 over the bytes of the data set and the way they were read'),
    reading: z.array(z.string()).optional().describe('How its files were read, in few words each')
  }),
  split: experimentSettings.shape.split,
  rows: z.object({ train: z.number().int(), validation: z.number().int(), test: z.number().int() }),
  fold: z
    .object({ index: z.number().int(), of: z.number().int() })
    .optional()
    .describe('The fold that was kept for validation, from 1; missing where the validation part of the split was'),
  source: z
    .literal('onnx')
    .optional()
    .describe('Taken over from an ONNX file: trained elsewhere, so seed, loss and optimizer say nothing of it'),
  members: z
    .array(z.object({ run: z.number().int(), seed: z.number().int() }))
    .optional()
    .describe('Of an ensemble: the runs whose outputs are averaged; seed, loss and optimizer are those of the first'),
  seed: z.number().int().describe('Seed of the first weights and of the order of the rows'),
  loss: z.string(),
  optimizer: z.string(),
  trainedAt: z.string().nullable().optional().describe('When these weights were trained, in ISO 8601'),
  weights: z.enum(['best', 'last']).describe('`best`: of the epoch with the lowest validation loss'),
  epoch: z.number().int().describe('The epoch these weights are of'),
  figures: z
    .object({ train: partMetrics.nullable(), validation: partMetrics.nullable() })
    .describe('Of these weights, measured on the whole part; rmse and mae in the units of the target'),
  test: z
    .object({ metrics: partMetrics, openings: z.number().int().describe('Of the experiment, when it was measured') })
    .nullable()
    .describe('Of the sealed test part; null unless it was opened for these weights')
})

export type Provenance = z.infer<typeof provenance>

/** All of a model but its numbers. */
export const modelDescription = z.object({
  task: experimentSettings.shape.task,
  topology,
  preparation: fittedPreparation,
  provenance
})

export interface TrainedModel extends z.infer<typeof modelDescription> {
  /** In the order of network/parameters.ts of the engine. */
  readonly parameters: Float32Array
  /** Of an ensemble: the networks whose outputs are averaged with those of this one, in the order of the sum. */
  readonly further?: readonly { readonly topology: Topology; readonly parameters: Float32Array }[]
  /** Averaged probabilities become p^(1 / temperature), divided by their sum; missing: they stay. */
  readonly temperature?: number
}

/** The layers of all networks of a model: one, or those of an ensemble's members. */
export function networksOf(model: TrainedModel): ModelLayer[][] {
  return [model, ...(model.further ?? [])].map(layersOf)
}

/** One layer with its numbers; views into the parameters, no copies. */
export interface ModelLayer extends Pick<
  Topology['layers'][number],
  'units' | 'activation' | 'slope' | 'dropout' | 'normalisation'
> {
  readonly inputs: number
  /** (units, inputs) row-major. */
  readonly weights: Float32Array
  readonly biases: Float32Array
  /** Null without normalisation. */
  readonly scale: { readonly gain: Float32Array; readonly shift: Float32Array } | null
  /** What batch normalisation saw in training; null without it. */
  readonly running: { readonly mean: Float32Array; readonly variance: Float32Array } | null
}

/**
 * Whether the raw numbers of a column need more than float32. That keeps 24 bits of a number: where numbers lie far from
 * 0 for their spread, as years or degrees of longitude do, too few are left of what differs; beyond 16 spreads more than
 * a millionth would be lost. Nor does it reach beyond 1e38, or below 1e-38 with all of its bits. A date of today has a
 * fraction of minutes left in it.
 */
export function needsDouble(column: ColumnEncoding): boolean {
  if (column.kind === 'date') return true
  if (column.kind !== 'numeric') return false
  const spread = Math.abs(column.scale)
  return Math.abs(column.offset) > 16 * spread || spread > 1e30 || spread < 1e-30
}

/**
 * Takes a model apart into layers.
 * Errors: throws RangeError where the parameters do not belong to the topology.
 */
export function layersOf({ topology, parameters }: { topology: Topology; parameters: Float32Array }): ModelLayer[] {
  expectParameters(topology, parameters)
  const take = (start: number, count: number) => parameters.subarray(start, start + count)
  const pair = (start: number, count: number) => [take(start, count), take(start + count, count)] as const
  return parameterSpans(topology).map((span, index) => {
    const layer = topology.layers[index]
    if (!layer) throw new RangeError(`There is no layer ${index + 1}.`)
    const { inputs, units } = span
    const [gain, shift] = span.gain === null ? [] : pair(span.gain, units)
    const [mean, variance] = span.running === null ? [] : pair(span.running, units)
    return {
      ...layer,
      inputs,
      weights: take(span.weights, units * inputs),
      biases: take(span.biases, units),
      scale: gain && shift ? { gain, shift } : null,
      running: mean && variance ? { mean, variance } : null
    }
  })
}

/**
 * Gives what batch normalisation does once it is trained: each sum z becomes z * factor + term.
 * Units: in float64, from gain, shift, running mean and variance.
 */
export function batchAffine({ scale, running }: ModelLayer): { factor: Float64Array; term: Float64Array } | null {
  if (!scale || !running) return null
  const factor = Float64Array.from(scale.gain, (gain, unit) => {
    return gain / Math.sqrt((running.variance[unit] ?? 1) + NORMALISATION_EPSILON)
  })
  const term = Float64Array.from(scale.shift, (shift, unit) => {
    return shift - (running.mean[unit] ?? 0) * (factor[unit] ?? 0)
  })
  return { factor, term }
}
