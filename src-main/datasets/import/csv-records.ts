/** Splits the beginning of a delimited text into records, to look at; DuckDB reads the whole file. */

export interface Format {
  readonly delimiter: string
  readonly quote: string
  readonly escape: string
}

/** How much is looked at: records, and characters once a few records are there. */
const most = { records: 60, characters: 200_000, atLeast: 3 }

/**
 * Splits a text into records of cells. A last record that may go on beyond the text is left out, unless `isWhole`.
 * Lines without a character are skipped, as DuckDB does.
 */
export function splitRecords(text: string, { delimiter, quote, escape }: Format, isWhole: boolean): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let cell = ''
  let quoted = false
  let wasQuoted = false
  const endCell = () => {
    record.push(wasQuoted ? cell : cell.trim())
    cell = ''
    wasQuoted = false
  }
  const endRecord = () => {
    if (record.length > 0 || cell !== '' || wasQuoted) {
      endCell()
      records.push(record)
    }
    record = []
  }
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (quoted) {
      if (escape !== quote && character === escape) cell += text.charAt(++at)
      else if (character !== quote) cell += character
      else if (escape === quote && text.charAt(at + 1) === quote) {
        cell += quote
        at++
      } else quoted = false
    } else if (character === quote && cell.trim() === '') {
      quoted = true
      wasQuoted = true
      cell = ''
    } else if (character === delimiter) endCell()
    else if (character === '\n' || character === '\r') {
      endRecord()
      if (records.length >= most.records) return records
      if (records.length >= most.atLeast && at > most.characters) return records
    } else cell += character
  }
  if (isWhole) endRecord()
  return records
}
