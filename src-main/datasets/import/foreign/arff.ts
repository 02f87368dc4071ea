/** ARFF, the format of Weka: declared attributes, then rows, dense or sparse. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { badFile } from '#lab/datasets/import/file-errors.ts'
import type { Row } from '#lab/datasets/import/foreign/rows.ts'

interface Attribute {
  readonly name: string
  /** The levels of a nominal one, in their order; null for any other. */
  readonly levels: readonly string[] | null
  readonly isText: boolean
}

export interface ArffHeader {
  readonly names: readonly string[]
  /** Columns whose values are texts, whatever they look like. */
  readonly texts: readonly string[]
}

/** Whether a text is ARFF: its first line that is no comment declares a relation. */
export function isArff(head: string): boolean {
  const line = head
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/, 500)
    .find((text) => text.trim() !== '' && !text.trimStart().startsWith('%'))
  return /^\s*@relation\b/i.test(line ?? '') && /^\s*@attribute\s/im.test(head)
}

/** Reads the rows of an ARFF file. Errors: `bad_file` naming the line. */
export async function readArff(
  path: string,
  file: string,
  onHeader: (header: ArffHeader) => Promise<void>,
  onRow: (row: Row) => Promise<void>
): Promise<void> {
  const attributes: Attribute[] = []
  let isData = false
  let line = 0
  for await (const given of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    line++
    const text = given.replace(/^\ufeff/, '').trim()
    if (text === '' || text.startsWith('%')) continue
    if (isData) await onRow(rowOf(text, attributes, file, line))
    else if (/^@attribute\s/i.test(text)) attributes.push(attributeOf(text, file, line))
    else if (/^@data\b/i.test(text)) {
      isData = true
      const texts = attributes.filter(({ isText }) => isText).map(({ name }) => name)
      await onHeader({ names: attributes.map(({ name }) => name), texts })
    }
  }
  if (!isData) throw badFile(file, `${file} is an ARFF file without a line @data: it has no rows.`)
}

function attributeOf(text: string, file: string, line: number): Attribute {
  const rest = text.replace(/^@attribute\s+/i, '')
  const quote = /^['"]/.exec(rest)?.[0]
  const end = quote ? closing(rest, quote) : rest.search(/\s/)
  const name = quote ? unescaped(rest.slice(1, end)) : rest.slice(0, end)
  const type = rest.slice(quote ? end + 1 : end).trim()
  if (end <= 0 || type === '')
    throw badFile(file, `${file}, line ${line}: this attribute of the ARFF file has no name or no type.`, { row: line })
  if (/^relational\b/i.test(type))
    throw badFile(file, `${file}, line ${line}: relational attributes of ARFF are not read.`, { row: line })
  if (!type.startsWith('{')) return { name, levels: null, isText: /^string\b/i.test(type) }
  return { name, levels: cellsOf(type.slice(1, type.lastIndexOf('}'))), isText: true }
}

/** Where a quoted text ends; a backslash takes the meaning of what follows. */
function closing(text: string, quote: string): number {
  for (let at = 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === quote) return at
  }
  return -1
}

const unescaped = (text: string) => text.replaceAll(/\\(.)/g, '$1')

/** Cells parted by commas or tabs, each bare or in quotes. A missing one is `?`. */
function cellsOf(text: string): string[] {
  const cells: string[] = []
  let at = 0
  while (at <= text.length) {
    while (text[at] === ' ') at++
    const quote = text[at] === "'" || text[at] === '"' ? text.charAt(at) : null
    const close = quote === null ? -1 : closing(text.slice(at), quote)
    if (quote !== null && close > 0) {
      cells.push(unescaped(text.slice(at + 1, at + close)))
      at += close + 1
      while (at < text.length && text[at] !== ',' && text[at] !== '\t') at++
    } else {
      const end = text.slice(at).search(/[,\t]/)
      const stop = end < 0 ? text.length : at + end
      const cell = text.slice(at, stop).trim()
      cells.push(cell === '?' ? '' : cell)
      at = stop
    }
    at++
  }
  return cells
}

function rowOf(given: string, attributes: readonly Attribute[], file: string, line: number): Row {
  if (given.startsWith('{')) return sparseRow(given, attributes, file, line)
  // A weight of the row may stand behind it in braces.
  const cells = cellsOf(given.replace(/,\s*\{[^}]*\}\s*$/, ''))
  if (cells.length !== attributes.length) {
    throw badFile(
      file,
      `${file}, line ${line}: ${cells.length} values where the ARFF file declares ${attributes.length} attributes.`,
      { row: line }
    )
  }
  return cells
}

/** Pairs of index and value; what is left out is 0, or the first level. */
function sparseRow(given: string, attributes: readonly Attribute[], file: string, line: number): Row {
  const row = attributes.map(({ levels }) => levels?.[0] ?? '0')
  const inner = given.slice(1, given.lastIndexOf('}'))
  for (const pair of inner.split(/,(?=\s*\d+\s)/)) {
    if (pair.trim() === '') continue
    const match = /^\s*(\d+)\s+(.*)$/.exec(pair)
    const index = Number(match?.[1])
    if (!match || index >= attributes.length) {
      throw badFile(
        file,
        `${file}, line ${line}: "${pair.trim().slice(0, 30)}" is no attribute and value of a sparse ARFF row.`,
        { row: line }
      )
    }
    row[index] = cellsOf(match[2] ?? '')[0] ?? ''
  }
  return row
}
