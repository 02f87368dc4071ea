/** Rewrites a file through the cleaner, and words what is wrong with a line. */
import { isUtf8 } from 'node:buffer'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { TextDecoder } from 'node:util'
import { badFile, notUtf8, openQuote, wrongWidth } from '#lab/datasets/import/file-errors.ts'
import { Cleaner, type Cleaning, type CleaningReport, WidthError } from '#lab/datasets/import/text/clean.ts'
import { OpenQuoteError } from '#lab/datasets/import/text/records.ts'

export interface CleanTask extends Cleaning {
  readonly task: 'clean'
  readonly from: string
  readonly to: string
  /** As the person knows it. */
  readonly file: string
}

/** Writes the rows of `from` as plain CSV. Errors: `bad_file` naming the line. */
export async function runCleaning(task: CleanTask, onFraction: (fraction: number) => void): Promise<CleaningReport> {
  const { from, to, file } = task
  const cleaner = new Cleaner(task)
  const output = createWriteStream(to)
  const write = async (text: string) => {
    if (text !== '' && !output.write(text)) await once(output, 'drain')
  }
  const { size } = await stat(from)
  let read = 0
  let lines = 0
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const piece of createReadStream(from, { highWaterMark: 512 * 1024 }) as AsyncIterable<Buffer>) {
      await write(cleaner.push(decoded(decoder, piece, file, lines), false))
      lines += linesIn(piece)
      read += piece.length
      onFraction(Math.min(1, read / Math.max(size, 1)))
    }
    await write(cleaner.push('', true))
  } catch (error) {
    if (error instanceof WidthError)
      throw badFile(file, wrongWidth(file, error.line, error.found, task.width), { row: error.line }, error)
    if (error instanceof OpenQuoteError) throw badFile(file, openQuote(file, error.line), { row: error.line }, error)
    throw error
  } finally {
    output.end()
    await finished(output)
  }
  return cleaner.report
}

/** Errors: `bad_file` naming the line, which is `before` and those of the piece up to it. */
function decoded(decoder: TextDecoder, piece: Buffer, file: string, before: number): string {
  try {
    return decoder.decode(piece, { stream: true })
  } catch (error) {
    let line = before + 1
    for (let at = 0; at < piece.length; line++) {
      const end = piece.indexOf(lineFeed, at)
      const next = end < 0 ? piece.length : end + 1
      if (next === piece.length || !isUtf8(piece.subarray(at, next))) break
      at = next
    }
    throw badFile(file, notUtf8(file, line), { row: line }, error)
  }
}

const lineFeed = 10

function linesIn(piece: Buffer): number {
  let lines = 0
  for (let at = piece.indexOf(lineFeed); at >= 0; at = piece.indexOf(lineFeed, at + 1)) lines++
  return lines
}
