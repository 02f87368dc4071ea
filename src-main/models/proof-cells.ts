/** Rows of a proof as whoever uses an export in a program has them: read by a CSV reader, where every cell is a text. */
import { stepsOf, type Reads } from '#lab/datasets/preparation-steps.ts'
import type { ProofRows } from '#lab/models/proof.ts'
import { readClock, readDate, writeClock, writeDate } from '#words/time-texts.ts'

/** Writes every value as a cell: the missing ones empty, dates and times as texts where none of their digits is lost by it. */
export function asCells(rows: ProofRows): ProofRows {
  const { preparation, columns } = rows
  const cells = preparation.columns.map((encoding, index) => {
    const { reads, ...rest } = stepsOf(encoding)
    const hasEmptyLevel = 'levels' in rest && rest.levels.includes('')
    return Array.from(columns[index] ?? [], (value: string | number | null) => {
      if (value === null) return hasEmptyLevel ? null : ''
      return typeof value === 'string' ? value : cellOf(value, reads)
    })
  })
  return { ...rows, columns: cells }
}

function cellOf(value: number, reads: Reads): string {
  if (!Number.isFinite(value)) return ''
  if (reads === 'date' && Math.abs(value) < 100_000_000) {
    const text = writeDate(value, !Number.isInteger(value))
    if (readDate(text) === value) return text
  }
  if (reads === 'clock' && readClock(writeClock(value)) === value) return writeClock(value)
  return String(value)
}
