/** Opens what was chosen as a source: unpacks, finds kind and encoding, and hashes the bytes on the way. */
import { join } from 'node:path'
import { joinOptions, type ReadOptions } from '#contract/reading.ts'
import { badFile, toFileError } from '#lab/datasets/import/file-errors.ts'
import type { ConvertTask } from '#lab/datasets/import/foreign/convert.ts'
import { inThread } from '#lab/datasets/import/reading-thread.ts'
import { fileKind } from '#lab/datasets/import/file-kind.ts'
import { type IdxPair, openIdx, openMatrix } from '#lab/datasets/import/idx-source.ts'
import type { ImportFile } from '#lab/datasets/import/import-file.ts'
import { gunzip, type ScannedFile, scanFile } from '#lab/datasets/import/scan.ts'
import type { TableSource } from '#lab/datasets/import/table-source.ts'
import { detectEncoding, rewriteAsUtf8 } from '#lab/datasets/import/text/text-encoding.ts'
import { findRuling, rewriteUnruled } from '#lab/datasets/import/text/ruled.ts'
import { openText } from '#lab/datasets/import/text/text-source.ts'
import { openJson, openParquet } from '#lab/datasets/import/typed-source.ts'
import { step, type Work } from '#lab/datasets/import/work.ts'

export interface OpenedSource {
  readonly source: TableSource
  /** SHA-256 of the unpacked bytes of each file. */
  readonly hashes: readonly string[]
  /** What the person chose, now or before. */
  readonly options: ReadOptions
}

interface UnpackedFile extends ImportFile {
  readonly scan: ScannedFile
}

/** Reading all bytes once takes this share of an import; the rest of reading goes up to 0.45. */
const scanned = 0.1

/** Opens one file as a table. Errors: `bad_file` where it is none. */
export async function openTable(asked: Work, given: ImportFile, inner = false): Promise<OpenedSource> {
  const file = await unpack(asked, given, [0, scanned])
  const before = asked.optionsBefore([file.scan.sha256])
  const options = before ? joinOptions(before, asked.options) : asked.options
  const work = { ...asked, options }
  const { path, name, scan } = file
  const kind = fileKind(name, scan.head)
  const hashes = [scan.sha256]
  if (kind === 'idx') return { source: await openMatrix(work, file, [scanned, 0.45]), hashes, options }
  if (kind === 'gzip') throw badFile(name, `${name} is packed twice. Unpack it once.`)
  if (kind === 'parquet') {
    return { source: await openParquet(work.session, path, name, options), hashes, options }
  }
  if (kind === 'zip' || kind === 'npy') return { ...(await openForeign(work, kind, path, name, inner)), hashes }
  const { path: text, warnings } = await asUtf8(work, file)
  if (kind === 'json-shape' || kind === 'arff' || kind === 'libsvm') {
    return { ...(await openForeign(work, kind === 'json-shape' ? 'json' : kind, text, name, inner)), hashes }
  }
  const source =
    kind === 'text'
      ? await openPlain(work, text, name, scan.head)
      : await openJson(work.session, text, name, options, kind === 'json-lines')
  return { source: { ...source, warnings: [...warnings, ...source.warnings] }, hashes, options }
}

/** Opens a text, without the lines of signs that a table may be drawn with. */
async function openPlain(work: Work, path: string, name: string, head: Uint8Array): Promise<TableSource> {
  const ruling = findRuling(Buffer.from(head).toString('utf8'))
  if (!ruling) return openText(work, path, name)
  const to = join(work.folder, 'unruled.txt')
  await rewriteUnruled(path, to, ruling, work.signal)
  const source = await openText(work, to, name)
  const drawn = 'The table is drawn with lines of signs, which are left out; line numbers count without them.'
  return { ...source, warnings: [drawn, ...source.warnings] }
}

/** Has a thread rewrite a foreign kind of file, and opens what comes of it; `inner` is of a file out of an archive. */
async function openForeign(
  work: Work,
  kind: ConvertTask['kind'],
  from: string,
  file: string,
  inner: boolean
): Promise<Pick<OpenedSource, 'source' | 'options'>> {
  const { options, signal, rules } = work
  const known = rules ? [...rules.columns.keys()] : undefined
  const to = join(work.folder, inner ? 'inner.converted' : 'outer.converted')
  const onFraction = step(work, 'reading', `Reading ${file}`, [scanned, 0.2])
  const task = { task: 'convert', kind, from, to, file, sheet: options.sheet, known } as const
  const { converted } = await inThread(task, file, { signal, onFraction })
  const { form, fact, texts, warnings, doubts } = converted
  const isOfCsv = (text: string) => form === 'csv' && text.startsWith('header in line')
  const told = (source: TableSource): TableSource => ({
    ...source,
    warnings: [...warnings, ...source.warnings],
    doubts: [...doubts, ...source.doubts],
    // The comma and the line of names of what it was rewritten as are none of the file's own.
    facts: [fact, ...source.facts.filter((text) => form === 'file' || (text !== 'comma' && !isOfCsv(text)))],
    reading: [fact, source.reading]
  })
  if (form === 'file') {
    if (inner) throw badFile(file, `${file} is packed twice. Unpack it once.`)
    const opened = await openTable(work, { path: to, name: converted.name ?? file }, true)
    return { ...opened, source: told(opened.source) }
  }
  if (form === 'records') return { source: told(await openJson(work.session, to, file, options, true)), options }
  const asText = texts.map((column) => ({ column, as: 'text' as const }))
  const isPlain =
    form === 'csv'
      ? { header: true, comment: '', skip: 0, below: 0, keepTotal: true }
      : { comment: options.comment ?? '' }
  const text = joinOptions({ columns: asText }, { ...options, ...isPlain, delimiter: ',', quote: '"' })
  return { source: told(await openText({ ...work, options: text }, to, file)), options }
}

/** Opens pairs of IDX images and labels as one table. */
export async function openPairs(work: Work, pairs: readonly IdxPair[]): Promise<OpenedSource> {
  const files = pairs.flatMap(({ images, labels }) => [images, labels])
  const unpacked = new Map<ImportFile, UnpackedFile>()
  for (const [index, file] of files.entries()) {
    const stretch = [(scanned * index) / files.length, (scanned * (index + 1)) / files.length] as const
    // What goes wrong here is this file's fault, not that of the whole group.
    const ready = await unpack(work, file, stretch).catch((error: unknown) => {
      throw toFileError(error, file.name)
    })
    unpacked.set(file, ready)
  }
  const ready = (file: ImportFile): ImportFile => unpacked.get(file) ?? file
  const readyPairs = pairs.map((pair) => ({ ...pair, images: ready(pair.images), labels: ready(pair.labels) }))
  const source = await openIdx(work, readyPairs, [scanned, 0.45])
  return { source, hashes: files.map((file) => unpacked.get(file)?.scan.sha256 ?? ''), options: work.options }
}

async function unpack(work: Work, file: ImportFile, [from, to]: readonly [number, number]): Promise<UnpackedFile> {
  const { signal } = work
  const middle = (from + to) / 2
  const onFraction = step(work, 'reading', `Reading ${file.name}`, [from, middle])
  const scan = await scanFile(file.path, { signal, onFraction })
  const isPacked = scan.head[0] === 0x1f && scan.head[1] === 0x8b
  if (!isPacked) return { ...file, scan }
  const path = join(work.folder, `${scan.sha256}.unpacked`)
  await gunzip(file, path, { signal, onFraction: step(work, 'reading', `Unpacking ${file.name}`, [from, middle]) })
  const inner = await scanFile(path, {
    signal,
    onFraction: step(work, 'reading', `Reading ${file.name}`, [middle, to])
  })
  return { path, name: file.name, scan: inner }
}

async function asUtf8(work: Work, { path, name, scan }: UnpackedFile): Promise<{ path: string; warnings: string[] }> {
  const chosen: ReadOptions['encoding'] = work.options.encoding
  const encoding = detectEncoding(scan, chosen)
  if (encoding === null || (encoding === 'utf-8' && scan.hasNul)) {
    throw badFile(name, `${name} holds binary data, not text. Choose a table: CSV, JSON, Parquet or IDX.`)
  }
  if (encoding === 'utf-8') return { path, warnings: [] }
  const rewritten = join(work.folder, 'utf-8.txt')
  await rewriteAsUtf8(path, rewritten, encoding, work.signal)
  const isGuess = chosen === undefined && encoding === 'windows-1252'
  return {
    path: rewritten,
    warnings: isGuess ? ['The file is not UTF-8, so it was read as Latin-1 (Windows-1252).'] : []
  }
}
