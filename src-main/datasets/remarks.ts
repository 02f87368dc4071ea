/** What was noticed while a table was read, kept inside its Parquet file, so that file and remarks never part. */
import { z } from 'zod'
import { doubt, tableReading } from '#contract/reading.ts'
import * as sql from '#lab/datasets/sql.ts'
import type { Session } from '#lab/datasets/duckdb.ts'

const remarksSchema = z.object({
  warnings: z.array(z.string()),
  doubts: z.array(doubt),
  notes: z.array(z.object({ column: z.string(), note: z.string() })),
  reading: tableReading.nullable().default(null)
})

export type Remarks = z.infer<typeof remarksSchema>

const key = 'topology_lab'

/** The value of COPY's KV_METADATA for these remarks. */
export function writeRemarks(remarks: Remarks): string {
  return `{${key}: ${sql.text(JSON.stringify(remarks))}}`
}

/** Reads the remarks of a stored table. */
export async function readRemarks(session: Session, file: string): Promise<Remarks> {
  const rows = await session.rows(
    `SELECT decode(value) FROM parquet_kv_metadata(${sql.path(file)}) WHERE decode(key) = '${key}'`
  )
  const json = rows[0]?.[0]
  return json === undefined
    ? { warnings: [], doubts: [], notes: [], reading: null }
    : remarksSchema.parse(JSON.parse(String(json)))
}
