/**
 * A unit of work that leaves the lab: one network to be trained with one plan and seed on one prepared table. It is named
 * by the hash of all that decides its result, so that doing it twice is harmless, and a result can be told to be of it.
 * It knows nothing of the lab it comes from, and there is no test part in it.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { topology } from '#contract/network.ts'
import { trainingPlan } from '#contract/plan-schema.ts'

/** Rises with every change of what is on the wire; a worker of another version refuses the work. */
export const wireVersion = 1

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

const part = z.object({
  sha256: sha256.describe('Of the file with its rows, which is named by it'),
  rows: z.number().int().min(1),
  isWeighted: z.boolean().optional()
})

/** A prepared table, as the engine wants it, with its files by their hashes. */
export const sharedTable = z.object({
  inputs: z.number().int().min(1),
  task: z.enum(['classification', 'regression']),
  classes: z.number().int().min(1),
  targetScale: z.object({
    mean: z.number(),
    deviation: z.number(),
    limits: z.object({ minimum: z.number(), maximum: z.number() }).optional()
  }),
  train: part,
  validation: part.nullable()
})

export type SharedTable = z.infer<typeof sharedTable>

export const unit = z.object({
  version: z.literal(wireVersion),
  table: sharedTable,
  topology,
  plan: trainingPlan,
  seed: z.number().int().min(0),
  snapshotEpochs: z.array(z.number().int().min(0)).max(1000).describe('Epochs whose weights are kept')
})

export type Unit = z.infer<typeof unit>

/**
 * Names a unit by its content.
 * Units: 40 hexadecimal digits of the SHA-256 of its JSON with sorted keys.
 */
export function nameOfUnit(each: Unit): string {
  return createHash('sha256').update(sortedJson(each)).digest('hex').slice(0, 40)
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each
    return Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
