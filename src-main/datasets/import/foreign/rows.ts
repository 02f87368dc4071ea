/** Rows on their way from a foreign kind of file to plain CSV. */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'

/** A cell as text; empty where it is missing. */
export type Row = readonly string[]

/** A number as the plainest text: three places after the point get a fourth, so that none can be thousands. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return ''
  const text = String(value)
  return /\.\d{3}$/.test(text) ? `${text}0` : text
}

export function csvLine(row: Row): string {
  const line = row.map((cell) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')
  // An empty line would be no row.
  return line === '' ? '""\n' : `${line}\n`
}

export interface CsvWriter {
  readonly write: (row: Row) => Promise<void>
  readonly end: () => Promise<void>
}

/** Characters gathered before they are written. */
const pieceSize = 256 * 1024

/** Writes rows into a file, piece by piece. */
export function csvWriter(path: string): CsvWriter {
  const output = createWriteStream(path)
  let text = ''
  const flush = async () => {
    const piece = text
    text = ''
    if (piece !== '' && !output.write(piece)) await once(output, 'drain')
  }
  return {
    async write(row) {
      text += csvLine(row)
      if (text.length > pieceSize) await flush()
    },
    async end() {
      await flush()
      output.end()
      await finished(output)
    }
  }
}
