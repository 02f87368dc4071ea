/** Rewrites foreign kinds of files as plain CSV, or as JSON records a line, in the thread of worker.ts. */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { finished, pipeline } from 'node:stream/promises'
import type { TableDoubt } from '#lab/datasets/import/table-source.ts'
import { badFile } from '#lab/datasets/import/file-errors.ts'
import { type Archive, openArchive } from '#lab/datasets/import/foreign/archive.ts'
import { readArff } from '#lab/datasets/import/foreign/arff.ts'
import { findRecords, parseExactly } from '#lab/datasets/import/foreign/json-shape.ts'
import { readLibsvm } from '#lab/datasets/import/foreign/libsvm.ts'
import { joinArrays, type NpyArray, readNpy } from '#lab/datasets/import/foreign/numpy.ts'
import { csvWriter } from '#lab/datasets/import/foreign/rows.ts'
import { readWorkbook, workbookKind } from '#lab/datasets/import/foreign/workbook.ts'
import { formatCount } from '#words/numbers.ts'

export interface ConvertTask {
  readonly task: 'convert'
  readonly kind: 'zip' | 'npy' | 'arff' | 'libsvm' | 'json'
  readonly from: string
  readonly to: string
  /** As the person knows it. */
  readonly file: string
  /** The sheet, the file of an archive, or the key of JSON. */
  readonly sheet?: string | undefined
  /** Columns of the table that the file is to fit. */
  readonly known?: readonly string[] | undefined
}

export interface Converted {
  /** What it is, as the person is shown it. */
  readonly fact: string
  /** `csv` with names in its first line and nothing else around its rows; `sheet` as a person fills one; or any file. */
  readonly form: 'csv' | 'sheet' | 'records' | 'file'
  /** Of a file out of an archive. */
  readonly name?: string
  /** Columns whose values are texts. */
  readonly texts: readonly string[]
  readonly warnings: readonly string[]
  readonly doubts: readonly TableDoubt[]
}

/** Larger files are not taken into memory as a whole. */
const mostInMemory = 1024 ** 3

const plain = { texts: [], warnings: [], doubts: [] } as const

/** Errors: `bad_file` with a sentence. */
export async function convert(task: ConvertTask): Promise<Converted> {
  switch (task.kind) {
    case 'zip':
      return convertArchive(task)
    case 'npy':
      return convertArrays(new Map([['x', readNpy(await whole(task), task.file)]]), task, 'NumPy array')
    case 'arff':
      return convertArff(task)
    case 'libsvm': {
      const csv = csvWriter(task.to)
      await readLibsvm(task.from, task.file, task.known ?? [], csv.write, csv.write)
      await csv.end()
      return {
        ...plain,
        fact: 'LIBSVM',
        form: 'csv',
        warnings: ['It is a LIBSVM file: values that it leaves out are 0.']
      }
    }
    case 'json':
      return convertJson(task)
  }
}

async function whole({ from, file }: ConvertTask): Promise<Buffer> {
  const { size } = await stat(from)
  if (size <= mostInMemory) return readFile(from)
  throw badFile(
    file,
    `${file} is larger than 1 GB, which is the most for files of this kind. Save it as CSV or Parquet.`
  )
}

async function convertArff({ from, to, file }: ConvertTask): Promise<Converted> {
  const csv = csvWriter(to)
  let texts: readonly string[] = []
  await readArff(
    from,
    file,
    async (header) => {
      texts = header.texts
      await csv.write(header.names)
    },
    csv.write
  )
  await csv.end()
  return { ...plain, fact: 'ARFF', form: 'csv', texts }
}

async function convertArchive(task: ConvertTask): Promise<Converted> {
  const { from, file, to, sheet } = task
  const archive = await openArchive(from, file)
  try {
    const kind = workbookKind(archive.names, file)
    if (kind !== null) {
      const csv = csvWriter(to)
      const read = await readWorkbook(archive, kind, file, sheet, csv.write)
      await csv.end()
      const fact = kind === 'xlsx' ? 'Excel workbook' : 'OpenDocument spreadsheet'
      return {
        ...plain,
        fact: `${fact}, sheet "${read.sheet}"`,
        form: 'sheet',
        doubts: otherSheets('sheet', read.sheet, read.others, sheet)
      }
    }
    const arrays = archive.names.filter((name) => name.endsWith('.npy'))
    if (arrays.length > 0 && arrays.length === archive.names.length) {
      const read = new Map<string, NpyArray>()
      for (const name of arrays)
        read.set(name.replace(/\.npy$/, ''), readNpy(await buffer(await archive.open(name)), file))
      return await convertArrays(read, task, 'NumPy arrays')
    }
    return await unpackFile(archive, task)
  } finally {
    archive.close()
  }
}

function otherSheets(what: string, taken: string, others: readonly string[], wanted: string | undefined): TableDoubt[] {
  const [other] = others
  if (other === undefined || wanted !== undefined) return []
  const names = others.slice(0, 5).map((name) => `"${name}"`)
  return [
    {
      why: `The ${what} "${taken}" is read; there ${others.length === 1 ? 'is' : 'are'} also ${names.join(', ')}.`,
      taken: `the ${what} "${taken}"`,
      other: `the ${what} "${other}"`,
      count: others.length,
      options: { sheet: other }
    }
  ]
}

async function unpackFile(archive: Archive, { file, to, sheet }: ConvertTask): Promise<Converted> {
  const { names } = archive
  const chosen =
    sheet === undefined ? (names.length === 1 ? names[0] : undefined) : names.find((name) => name === sheet)
  if (chosen === undefined) {
    const listed = names.slice(0, 8).join(', ')
    const mend =
      names.length === 0
        ? 'It is empty.'
        : `Choose one of its files as the sheet, or unpack it: ${listed}${names.length > 8 ? ', ...' : ''}.`
    throw badFile(file, `${file} is a zip archive of ${formatCount(names.length)} files, not one table. ${mend}`)
  }
  await pipeline(await archive.open(chosen), createWriteStream(to))
  return { ...plain, fact: `${chosen} in a zip archive`, form: 'file', name: chosen.split('/').at(-1) ?? chosen }
}

async function convertArrays(
  arrays: ReadonlyMap<string, NpyArray>,
  { file, to }: ConvertTask,
  fact: string
): Promise<Converted> {
  const table = joinArrays(arrays, file)
  const csv = csvWriter(to)
  await csv.write(table.names)
  for (let row = 0; row < table.rows; row++) await csv.write(table.row(row))
  await csv.end()
  const left = table.others.map((name) => `"${name}"`).join(', ')
  const warnings = left === '' ? [] : [`Arrays with another number of rows are left out: ${left}.`]
  return { ...plain, fact, form: 'csv', warnings }
}

async function convertJson(task: ConvertTask): Promise<Converted> {
  const { file, to, sheet } = task
  const text = (await whole(task)).toString('utf8')
  let value: unknown
  try {
    value = parseExactly(text)
  } catch (error) {
    const place = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
    const line = place === undefined ? null : text.slice(0, Number(place)).split('\n').length
    const where = line === null ? '' : ` in line ${formatCount(line)}`
    throw badFile(
      file,
      `${file} is JSON that is broken off or damaged${where}.`,
      line === null ? {} : { row: line },
      error
    )
  }
  const found = findRecords(value, sheet)
  if (!found) throw badFile(file, `${file} holds no records. It should be a list such as [{"a": 1}, {"a": 2}].`)
  const output = createWriteStream(to)
  for (const record of found.records) {
    if (!output.write(`${JSON.stringify(record)}\n`)) await once(output, 'drain')
  }
  output.end()
  await finished(output)
  const [other] = found.others
  const told = found.told ?? ''
  const doubts =
    told === ''
      ? []
      : [
          {
            why: told,
            taken: 'records',
            other: other === undefined ? null : `those under "${other}"`,
            count: found.records.length,
            options: other === undefined ? null : { sheet: other }
          }
        ]
  return { ...plain, fact: 'JSON', form: 'records', doubts }
}
