/** What a bundle says of itself: its form, and size and hash of everything in it. */
import { z } from 'zod'

/** Raised when a version before could not read it any more. */
export const bundleVersion = 1

export const manifestName = 'manifest.json'
export const experimentName = 'experiment.sqlite'
export const tableName = 'table.parquet'

const file = z.object({ bytes: z.number().int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) })

export const manifest = z.object({
  format: z.literal('topology-lab-bundle'),
  version: z.literal(bundleVersion),
  lab: z.string().describe('The version that wrote it'),
  createdAt: z.number(),
  experiment: z.string(),
  dataset: z.object({ name: z.string(), hash: z.string().regex(/^[0-9a-f]{64}$/) }),
  files: z.object({ [experimentName]: file, [tableName]: file })
})

export type Manifest = z.infer<typeof manifest>
