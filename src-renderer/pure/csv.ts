/** Tables on their way out of the page, as RFC 4180 has them: CRLF at the end of each line, quotes where they are needed. */

export type CsvCell = string | number | boolean | null | undefined

/** Writes rows as CSV; what is missing, or no finite number, stays empty. */
export function toCsv(rows: Iterable<readonly CsvCell[]>): string {
  let text = ''
  for (const row of rows) text += `${row.map(writeCell).join(',')}\r\n`
  return text
}

function writeCell(cell: CsvCell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return Number.isFinite(cell) ? `${cell}` : ''
  const text = `${cell}`
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
