/** The host and the lab as a whole: what it can do, and one stream of everything that changes. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { changing, reading } from '#contract/procedure.ts'
import { run } from '#contract/runs.ts'
import { sweep } from '#contract/sweeps.ts'

export const hostInfo = z.object({
  name: z.enum(['desktop', 'web', 'direct']),
  version: z.string(),
  labFolder: z.string(),
  capabilities: z.object({
    nativeFiles: z.boolean().describe('Dropped files have paths, and the host shows its own file dialog'),
    uploads: z.boolean().describe('Files are sent to the host, which gives an upload id')
  }),
  engine: z.object({ state: z.enum(['starting', 'ready', 'restarting', 'failed']), threads: z.number().int() })
})

export type HostInfo = z.infer<typeof hostInfo>

/** Something changed. Events broadcast state; they never steer. */
export const labEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run'), run }),
  z.object({ type: z.literal('runs.removed'), runIds: z.array(z.number().int()) }),
  z.object({ type: z.literal('sweep'), sweep }),
  z.object({ type: z.literal('queue') }).describe('What trains or waits has changed: read queue.get again'),
  z.object({ type: z.literal('workers') }).describe('A worker was heard of: read sweeps.workers again'),
  z.object({ type: z.literal('datasets') }).describe('List again'),
  z.object({ type: z.literal('experiments') }).describe('List again'),
  z.object({ type: z.literal('engine'), state: hostInfo.shape.engine.shape.state, message: z.string().nullable() })
])

export type LabEvent = z.infer<typeof labEvent>

export const labFinding = z.object({
  kind: z.enum(['database', 'room', 'table', 'prepared', 'stray', 'rights']),
  what: z.string().describe('In a sentence'),
  help: z.string().nullable().describe('What a person can do; null where the lab mends it by itself'),
  mended: z.boolean()
})

export type LabFinding = z.infer<typeof labFinding>

export const labCheck = z.object({
  findings: z.array(labFinding),
  looked: z.object({
    pages: z.number().int().describe('Of lab.sqlite'),
    tables: z.number().int(),
    prepared: z.number().int().describe('Prepared tables')
  }),
  seconds: z.number()
})

export type LabCheck = z.infer<typeof labCheck>

export const host = {
  /** Looks through all that the lab keeps: database, tables, caches, strays and rights. */
  check: reading.output(labCheck),
  /** The same, and mends what can be mended without a person. */
  mend: changing.output(labCheck),
  info: reading.output(hostInfo),
  events: reading.output(eventIterator(labEvent)),
  /** Makes a place for a file that the lab is to write and the page to fetch. Refused where the host has dialogs instead. */
  reserveDownload: reading
    .input(z.object({ name: z.string().min(1).max(200) }))
    .output(z.object({ downloadId: z.string(), path: z.string() })),
  settings: {
    /** What the renderer wants kept, by its own names. */
    get: reading.output(z.record(z.string(), z.json())),
    set: changing.input(z.object({ name: z.string().max(100), value: z.json() })).output(z.void())
  }
}
