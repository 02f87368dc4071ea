/** The learning-rate range test: trains a fresh network while the rate rises, and suggests one. Nothing of it is kept. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { defaultRange, type RangeTest } from '#engine/training/rate-range.ts'
import { hiddenLayers } from '#contract/network.ts'
import { trainingPlan } from '#contract/plan-schema.ts'
import { changing } from '#contract/procedure.ts'

const figures = z.array(z.number())

export const rangeTest = z.object({
  rates: figures.readonly().describe('One a batch, each higher than the one before by the same factor'),
  losses: figures.readonly().describe('Of each batch, before the step at its rate'),
  smoothed: figures.readonly(),
  exploded: z.boolean().describe('Whether the loss exploded before the highest rate, which ended the test'),
  suggested: z.number().nullable().describe('Where the loss falls fastest; null where it did not fall clearly'),
  reason: z.string()
}) satisfies z.ZodType<RangeTest>

export const rangeTestItem = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.number().int(), of: z.number().int().describe('Batches') }),
  z.object({ type: z.literal('done'), result: rangeTest }),
  z.object({ type: z.literal('failed'), message: z.string() })
])

export type RangeTestItem = z.infer<typeof rangeTestItem>

export const rangeTests = {
  /** Tests one network and plan on the training part, from seed to suggestion; ending the stream cancels the test. */
  run: changing
    .input(
      z.object({
        experimentId: z.number().int(),
        hidden: hiddenLayers,
        plan: trainingPlan,
        seed: z.number().int().min(0).default(1),
        low: z.number().default(defaultRange.low),
        high: z.number().default(defaultRange.high),
        steps: z.number().int().default(defaultRange.steps).describe('Batches')
      })
    )
    .output(eventIterator(rangeTestItem))
}
