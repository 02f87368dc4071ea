/** Tables drawn with lines of signs, as Markdown, psql, mysql and reports of fixed width print them. */
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'

export interface Ruling {
  /** The line of signs; lines like it are no rows wherever they stand. */
  readonly rule: string
  /** Whether every row begins and ends with a bar, which parts nothing. */
  readonly hasFrame: boolean
}

/** A rule stands above or below the names. */
const linesSeen = 4
const isRule = (line: string) => /^[\s|+:=-]+$/.test(line) && /[-=]{3}/.test(line)

/** Finds such lines in the beginning of a text; null where there are none. */
export function findRuling(head: string): Ruling | null {
  const lines = head.split(/\r\n|\n|\r/, 200).filter((line) => line.trim() !== '')
  const rule = lines.slice(0, linesSeen).find(isRule)?.trim()
  if (rule === undefined || lines.length < 3) return null
  // The last one may be cut off.
  const rows = lines.slice(0, -1).filter((line) => line.trim() !== rule)
  const framed = rows.filter((line) => /^\s*\|.*\|\s*$/.test(line))
  return { rule, hasFrame: framed.length > 0 && framed.length >= 0.9 * rows.length }
}

/** Writes the text without its rules and its frame. */
export async function rewriteUnruled(
  from: string,
  to: string,
  { rule, hasFrame }: Ruling,
  signal: AbortSignal | undefined
): Promise<void> {
  const output = createWriteStream(to)
  try {
    for await (const line of createInterface({
      input: createReadStream(from, { encoding: 'utf8', signal }),
      crlfDelay: Infinity
    })) {
      if (line.trim() === rule) continue
      const text = hasFrame ? line.trim().replace(/^\||\|$/g, '') : line
      if (!output.write(`${text}\n`)) await once(output, 'drain')
    }
  } finally {
    output.end()
    await finished(output)
  }
}
