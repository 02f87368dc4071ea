/** The queue before the engine: what trains, what waits in which order, and how many runs train at once. */
import { z } from 'zod'
import { changing, reading } from '#contract/procedure.ts'
import { run } from '#contract/runs.ts'

/** More waiting runs than these are counted, not listed. */
export const mostListed = 100

export const queueState = z.object({
  training: z.array(run),
  paused: z.array(run).describe('By a person; at most the newest hundred'),
  waiting: z.array(run).describe('In the order of their turn; at most the first hundred'),
  moreWaiting: z.number().int().describe('Waiting beyond those listed, those that a sweep still holds back included'),
  threads: z.number().int().describe('Of the engine; 0 while it is not known'),
  parallel: z.number().int().nullable().describe('Most runs that train at once; null: as many as there are threads'),
  resumes: z.boolean().describe('Whether runs that the end of the lab interrupts go on when it is opened again')
})

export type QueueState = z.infer<typeof queueState>

export const queue = {
  get: reading.output(queueState),
  /** Moves a waiting run: to the head of the queue, or past its neighbour. */
  move: changing
    .input(z.object({ runId: z.number().int(), to: z.enum(['first', 'earlier', 'later']) }))
    .output(queueState),
  /** What is left out stays. */
  set: changing
    .input(
      z.object({ parallel: z.number().int().min(1).max(64).nullable().optional(), resumes: z.boolean().optional() })
    )
    .output(queueState)
}
