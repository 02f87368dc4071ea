/** Whether the names of a large text stand inside it once more, as where files were joined with their headers. */
import { createReadStream } from 'node:fs'

/** Reads the whole file once, at the speed of a search for bytes. */
export async function repeatsLine(path: string, head: string, line: number | null): Promise<boolean> {
  if (line === null) return false
  const text = head.replace(/^\ufeff/, '').split(/\r\n|\n|\r/, line)[line - 1] ?? ''
  if (text === '') return false
  const wanted = Buffer.from(`\n${text}`)
  let rest: Buffer = Buffer.from('\n')
  let found = 0
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, piece])
    for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) {
      const behind = bytes[at + wanted.length]
      // What ends with the piece is looked at with the next one.
      if (behind === 10 || behind === 13) found++
    }
    if (found > 1) return true
    rest = bytes.subarray(Math.max(0, bytes.length - wanted.length))
  }
  return found > 1
}
