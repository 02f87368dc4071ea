/** LIBSVM and SVMlight: a label and pairs of index and value a line; what is left out is 0. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { badFile } from '#lab/datasets/import/file-errors.ts'
import { type Row } from '#lab/datasets/import/foreign/rows.ts'
import { mostColumns, tooManyColumns } from '#lab/datasets/import/table-source.ts'
import { formatCount } from '#words/numbers.ts'

const number = '[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?'
const line = new RegExp(`^${number}(?:,${number})*(?:\\s+(?:qid|\\d+):${number})*\\s*(?:#.*)?$`)
/** Written out, rows have a value for each index. */
const mostValues = 1_000_000_000

/** Whether the first lines of a text are all of this form, and have pairs. */
export function isLibsvm(head: string, isWhole: boolean): boolean {
  const lines = head.split(/\r\n|\n|\r/).slice(0, 200)
  if (!isWhole || lines.length === 200) lines.pop()
  const rows = lines.filter((text) => text.trim() !== '' && !text.startsWith('#'))
  return (
    rows.length > 1 &&
    rows.every((text) => line.test(text.trim())) &&
    rows.filter((text) => text.includes(':')).length > rows.length / 2
  )
}

/**
 * Reads the rows in two passes: the first finds the largest index. What a file leaves out everywhere is 0 as well, so
 * that `known`, the columns of the table it is to fit, are all there. Errors: `bad_file` naming the line.
 */
export async function readLibsvm(
  path: string,
  file: string,
  known: readonly string[],
  onNames: (names: readonly string[]) => Promise<void>,
  onRow: (row: Row) => Promise<void>
): Promise<void> {
  const places = known.flatMap((name) => /^x(\d{1,9})$/.exec(name)?.[1] ?? []).map(Number)
  let first = places.reduce((least, place) => Math.min(least, place), 1)
  let last = places.reduce((most, place) => Math.max(most, place), 0)
  let rows = 0
  let hasQuery = false
  for await (const { pairs } of rowsOf(path, file)) {
    rows++
    for (const [index] of pairs) {
      if (index === 'qid') hasQuery = true
      else {
        first = Math.min(first, Number(index))
        last = Math.max(last, Number(index))
      }
    }
  }
  const width = last - first + 1
  if (width + 2 > mostColumns) throw badFile(file, tooManyColumns(file, width + 1))
  if (width * rows > mostValues) {
    throw badFile(
      file,
      `${file} is sparse: written out, its ${formatCount(rows)} rows of ${formatCount(width)} values are too many.`
    )
  }
  await onNames([
    'label',
    ...(hasQuery ? ['qid'] : []),
    ...Array.from({ length: width }, (_, index) => `x${index + first}`)
  ])
  for await (const { label, pairs } of rowsOf(path, file)) {
    const values = Array.from({ length: width }, () => '0')
    let query = ''
    for (const [index, value] of pairs) {
      if (index === 'qid') query = value
      else values[Number(index) - first] = value
    }
    await onRow([label, ...(hasQuery ? [query] : []), ...values])
  }
}

async function* rowsOf(
  path: string,
  file: string
): AsyncGenerator<{ label: string; pairs: [string, string][] }, void, void> {
  let at = 0
  for await (const given of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    at++
    const text = (given.split('#')[0] ?? '').trim()
    if (text === '') continue
    if (!line.test(text)) {
      throw badFile(file, `${file}, line ${at}: no label and pairs of index:value, as LIBSVM has them.`, { row: at })
    }
    const [label = '', ...pairs] = text.split(/\s+/)
    yield { label, pairs: pairs.map((pair) => pair.split(':') as [string, string]) }
  }
}
