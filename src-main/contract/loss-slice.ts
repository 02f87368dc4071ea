/** The loss of a run's open part over a plane through its weights; ending the stream cancels the measurement. */
import { z } from 'zod'
import { openPart } from '#contract/diagnostics.ts'

export const lossSliceRequest = z.object({
  runId: z.number().int(),
  weights: z
    .union([z.enum(['best', 'last']), z.number().int().min(0)])
    .default('best')
    .describe('The centre: the best epoch, the last one, or a kept one by its number'),
  part: openPart.default('train'),
  plane: z
    .enum(['random', 'way'])
    .default('random')
    .describe(
      'Two random directions, each unit as long as its weights (Li et al. 2018), or the plane that training went through: ' +
        'its start, its end, and the kept epoch farthest from the line of both'
    ),
  seed: z.number().int().min(0).default(1).describe('Of random directions'),
  span: z.number().min(0.05).max(5).default(1).describe('How far it goes either way, in lengths of the directions'),
  size: z.number().int().min(3).max(61).default(31).describe('Places along a direction')
})

export type LossSliceRequest = z.infer<typeof lossSliceRequest>

export const lossSliceItem = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.number().int(), of: z.number().int().describe('Places') }),
  z.object({
    type: z.literal('done'),
    epoch: z.number().int(),
    part: openPart,
    rows: z.number().int().describe('Rows looked at, evenly spread where they are fewer than all'),
    ofRows: z.number().int(),
    size: z.number().int(),
    span: z.number(),
    losses: z
      .instanceof(Float32Array)
      .describe('Mean loss without penalties, (size, size), the first direction running fastest, from -span to span'),
    way: z
      .array(z.object({ epoch: z.number().int(), a: z.number(), b: z.number() }))
      .describe('Where the kept epochs lie; empty for random directions')
  }),
  z.object({ type: z.literal('failed'), message: z.string() })
])

export type LossSliceItem = z.infer<typeof lossSliceItem>
export type LossSlice = Extract<LossSliceItem, { type: 'done' }>
