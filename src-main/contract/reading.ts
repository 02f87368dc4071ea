/** How a file is read as a table: what a person may choose, what was taken, and what else would have fitted. */
import { z } from 'zod'

export const columnKinds = ['number', 'text', 'date'] as const
export const dateOrders = ['day-first', 'month-first', 'year-first'] as const

const decimalSign = z.enum(['.', ','])

/** How to read one column; every field left out is found out. */
export const columnOptions = z.object({
  column: z.string(),
  as: z.enum(columnKinds).optional().describe('What is none of the kind is missing'),
  decimal: decimalSign.optional(),
  dates: z.enum(dateOrders).optional(),
  missing: z.array(z.string()).optional().describe('Texts that stand for a missing value in this column')
})

export type ColumnOptions = z.infer<typeof columnOptions>

/** How to read a file; every field left out is found out. */
export const readOptions = z.object({
  delimiter: z.string().optional(),
  quote: z.string().optional(),
  encoding: z.enum(['utf-8', 'utf-16', 'latin-1']).optional(),
  decimal: decimalSign.optional(),
  header: z.boolean().optional().describe('Whether the first line of the table holds the names of its columns'),
  skip: z.number().int().min(0).optional().describe('Lines above the table that are no part of it'),
  below: z.number().int().min(0).max(20).optional().describe('Lines below the names that are no rows, such as units'),
  comment: z.string().max(4).optional().describe('What begins a line that is a comment; empty for none'),
  keepTotal: z.boolean().optional().describe('Whether a last row that is a total of the others stays'),
  sheet: z
    .string()
    .optional()
    .describe('Of a workbook, the file of an archive, or the key of JSON under which records stand'),
  missing: z
    .array(z.string())
    .optional()
    .describe('Texts that stand for a missing value, besides the usual ones; a number also in its other spellings'),
  columns: z.array(columnOptions).optional().describe('By column; a column that is not in the table is passed over')
})

export type ReadOptions = z.infer<typeof readOptions>

/** How one column was read, as far as a new file of the same columns needs it. */
export const columnReading = z.object({
  column: z.string(),
  as: z.enum(columnKinds),
  decimal: decimalSign.optional(),
  group: z.string().optional().describe('What parts thousands; empty or left out for nothing'),
  dates: z.enum(dateOrders).optional()
})

export type ColumnReading = z.infer<typeof columnReading>

/** How the files of a data set were read; new files for its columns are read by the same rules. */
export const tableReading = z.object({
  facts: z.array(z.string()).describe('What was found and chosen, in few words each'),
  options: readOptions.describe('What the person chose'),
  columns: z.array(columnReading).describe('Of the columns that are no plain numbers'),
  bytes: z.array(z.string()).describe('SHA-256 of each file, unpacked')
})

export type TableReading = z.infer<typeof tableReading>

/** One way of reading was taken where another would fit too, or something was left out. */
export const doubt = z.object({
  column: z.string().nullable().describe('Null for the whole table'),
  why: z.string().describe('A sentence that names the column'),
  taken: z.string(),
  other: z.string().nullable(),
  count: z.number().int().describe('Values or lines it is about'),
  options: readOptions.nullable().describe('What takes the other way, in addition to what was chosen')
})

export type Doubt = z.infer<typeof doubt>

/** Joins what was chosen before with what is chosen now, column by column; the later choice wins. */
export function joinOptions(before: ReadOptions, now: ReadOptions): ReadOptions {
  const columns = new Map((before.columns ?? []).map((entry) => [entry.column, entry]))
  for (const entry of now.columns ?? []) columns.set(entry.column, { ...columns.get(entry.column), ...entry })
  return { ...before, ...now, ...(columns.size > 0 && { columns: [...columns.values()] }) }
}
