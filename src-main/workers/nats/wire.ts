/**
 * What goes over a NATS server, and under which names. `HEAD` is the lab that gives the work, `SWEEP` its sweep, `NAME` the
 * unit:
 *
 *   stream toplab-units      toplab.units.HEAD.SWEEP.NAME      what is to be trained; gone once it is acknowledged
 *   stream toplab-results    toplab.results.HEAD.SWEEP.NAME    what it came to; gone once the lab has stored it
 *   objects toplab-tables    by hash                           prepared training and validation parts, never the test part
 *   objects toplab-stands    by name of the unit               how far a long one is
 *   objects toplab-large     by name and number                results that no message can hold
 *   toplab.workers.ID        a sign of life of a worker;       toplab.control.HEAD     what a lab tells its workers
 */
import { z } from 'zod'
import { wireVersion } from '#lab/workers/unit.ts'

export const streams = { units: 'toplab-units', results: 'toplab-results' } as const
export const buckets = { tables: 'toplab-tables', stands: 'toplab-stands', large: 'toplab-large' } as const
/** The one consumer that all workers share. */
export const workersConsumer = 'workers'

export interface UnitPlace {
  readonly head: string
  readonly sweepId: number
  readonly name: string
}

export const subjects = {
  unit: ({ head, sweepId, name }: UnitPlace) => `toplab.units.${head}.${sweepId}.${name}`,
  result: ({ head, sweepId, name }: UnitPlace) => `toplab.results.${head}.${sweepId}.${name}`,
  unitsOf: (head: string, sweepId: number) => `toplab.units.${head}.${sweepId}.*`,
  resultsOf: (head: string, sweepId: number) => `toplab.results.${head}.${sweepId}.*`,
  worker: (id: string) => `toplab.workers.${id}`,
  allWorkers: 'toplab.workers.*',
  control: (head: string) => `toplab.control.${head}`,
  allControl: 'toplab.control.*'
} as const

/** Reads the subject of a unit or a result; null for one that is neither. */
export function placeOf(subject: string): UnitPlace | null {
  const [, , head, sweepId, name] =
    /^toplab\.(units|results)\.([0-9a-f]{16})\.(\d{1,15})\.([0-9a-f]{40})$/.exec(subject) ?? []
  return head !== undefined && sweepId !== undefined && name !== undefined
    ? { head, sweepId: Number(sweepId), name }
    : null
}

/** In the place of a result that no message can hold: where it is. */
export const largeResult = z.object({ version: z.literal(wireVersion), large: z.string().regex(/^[0-9a-f]{40}-\d+$/) })

/** The start of a message that is a large result. */
export const largePrefix = '{"large":'

/** What a lab tells the workers. */
export const control = z.object({
  version: z.literal(wireVersion),
  drop: z.number().int().optional().describe('Break off what you train of this sweep'),
  forget: z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .max(10_000)
    .optional()
    .describe('Tables that are not needed any more')
})

export type Control = z.infer<typeof control>

const text = z.string().max(200)

/** A worker's sign of life. */
export const signOfLife = z.object({
  version: z.number().int(),
  id: z.string().regex(/^[0-9a-zA-Z-]{1,60}$/),
  host: text,
  processor: text,
  cores: z.number().int().min(1).max(4096),
  lab: z.string().max(50).describe('Version of the program'),
  startedAt: z.number(),
  trained: z.number().int().min(0),
  failures: z.number().int().min(0),
  lastFailure: z.string().max(500).nullable(),
  state: z.enum(['working', 'benched', 'gone']),
  inHand: z
    .array(z.object({ head: z.string().max(16), name: z.string().max(40), epochs: z.number().int().min(0) }))
    .max(4096)
})

export type SignOfLife = z.infer<typeof signOfLife>

/** Between two signs of life. */
export const signMs = 2000

/** More than any unit or sign of life is. */
export const mostMessageBytes = 900_000

/** Reads a bounded message by its schema; null for anything else. */
export function readMessage<Schema extends z.ZodType>(schema: Schema, bytes: Uint8Array): z.output<Schema> | null {
  if (bytes.length > mostMessageBytes) return null
  try {
    const parsed = schema.safeParse(JSON.parse(new TextDecoder().decode(bytes)))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
