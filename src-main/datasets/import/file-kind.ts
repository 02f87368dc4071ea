/** Tells what kind of file it is by its first bytes, and only where those say nothing by its name. */
import { isArff } from '#lab/datasets/import/foreign/arff.ts'
import { looksLikeJson, looksLikeLines } from '#lab/datasets/import/foreign/json-shape.ts'
import { isLibsvm } from '#lab/datasets/import/foreign/libsvm.ts'
import { badFile } from '#lab/datasets/import/file-errors.ts'
import { isIdx } from '#lab/datasets/import/idx.ts'

export type FileKind =
  'text' | 'json' | 'json-lines' | 'json-shape' | 'parquet' | 'gzip' | 'idx' | 'zip' | 'npy' | 'arff' | 'libsvm'

const sasStart =
  '\0'.repeat(12) +
  '\u00c2\u00ea\u0081\u0060\u00b3\u0014\u0011\u00cf\u00bd\u0092\u0008\0\u0009\u00c7\u0031\u008c\u0018\u001f\u0010\u0011'

/** First bytes of files that are often dropped and are no tables here, as Latin-1 text. */
const strangers: readonly { readonly start: string; readonly is: string; readonly mend: string }[] = [
  { start: '\u00d0\u00cf\u0011\u00e0', is: 'an old Excel workbook', mend: 'Save the sheet as CSV.' },
  { start: 'SQLite format 3', is: 'an SQLite database', mend: 'Export a table of it as CSV.' },
  { start: '\u0089PNG', is: 'a PNG image', mend: 'Choose a table: CSV, JSON, Parquet or IDX.' },
  { start: '\u00ff\u00d8\u00ff', is: 'a JPEG image', mend: 'Choose a table: CSV, JSON, Parquet or IDX.' },
  { start: 'GIF8', is: 'a GIF image', mend: 'Choose a table: CSV, JSON, Parquet or IDX.' },
  { start: '%PDF', is: 'a PDF document', mend: 'Choose a table: CSV, JSON, Parquet or IDX.' },
  { start: '\u0089HDF', is: 'an HDF5 file', mend: 'Save its table as CSV or Parquet.' },
  { start: 'ARROW1', is: 'a Feather or Arrow file', mend: 'Save it as Parquet or CSV.' },
  { start: '$FL2', is: 'an SPSS file', mend: 'Save its data as CSV.' },
  { start: '$FL3', is: 'an SPSS file', mend: 'Save its data as CSV.' },
  { start: '<stata_dta>', is: 'a Stata file', mend: 'Save its data as CSV.' },
  { start: sasStart, is: 'a SAS data set', mend: 'Export it as CSV.' },
  { start: 'MATLAB 5.0', is: 'a MATLAB file', mend: 'Save its matrix as CSV.' },
  { start: 'RDX', is: 'a file of R objects', mend: 'Write its data frame with write.csv.' },
  { start: 'X\n\0', is: 'a file of an R object', mend: 'Write its data frame with write.csv.' },
  { start: 'ORC', is: 'an ORC file', mend: 'Save it as Parquet or CSV.' },
  { start: 'Obj\u0001', is: 'an Avro file', mend: 'Save it as Parquet or CSV.' },
  { start: 'BZh', is: 'packed by bzip2', mend: 'Unpack it first.' },
  { start: '\u00fd7zXZ', is: 'packed by xz', mend: 'Unpack it first.' },
  { start: '\u0028\u00b5\u002f\u00fd', is: 'packed by zstd', mend: 'Unpack it first.' },
  { start: '7z\u00bc\u00af', is: 'a 7z archive', mend: 'Unpack it first.' },
  { start: 'Rar!', is: 'a RAR archive', mend: 'Unpack it first.' },
  { start: '\u0080\u0004', is: 'a Python pickle, which could run programs', mend: 'Save its table as CSV or Parquet.' }
]

/**
 * Tells the kind of a file from its first bytes and its name.
 * Errors: `bad_file` for an empty file, and for kinds that are known and no tables.
 */
export function fileKind(file: string, head: Uint8Array): FileKind {
  if (head.length === 0) throw badFile(file, `${file} is empty.`, { empty: true })
  const start = Buffer.from(head.subarray(0, 64)).toString('latin1')
  const stranger = strangers.find((entry) => start.startsWith(entry.start))
  if (stranger) throw badFile(file, `${file} is ${stranger.is}, not a table. ${stranger.mend}`)
  if (start.startsWith('\u001f\u008b')) return 'gzip'
  if (start.startsWith('PAR1')) return 'parquet'
  if (start.startsWith('PK\u0003\u0004') || start.startsWith('PK\u0005\u0006')) return 'zip'
  if (start.startsWith('\u0093NUMPY')) return 'npy'
  if (isIdx(head)) return 'idx'
  const extension = /\.([a-z0-9]+)$/i.exec(file.replace(/\.gz$/i, ''))?.[1]?.toLowerCase()
  if (extension === 'ndjson' || extension === 'jsonl') return 'json-lines'
  const text = Buffer.from(head).toString('utf8')
  if (/^\ufeff?\s*<(!doctype html|html|head|body|table|meta)\b/i.test(text)) {
    throw badFile(
      file,
      `${file} is a web page (HTML), whatever its name says. Open it in a spreadsheet program and save it as CSV.`
    )
  }
  if (/^\ufeff?\s*<\?xml\b/i.test(text)) throw badFile(file, `${file} is XML, not a table. Save its table as CSV.`)
  if (looksLikeJson(text)) {
    if (looksLikeLines(text)) return 'json-lines'
    return /^\ufeff?\s*\[\s*\{/.test(text) ? 'json' : 'json-shape'
  }
  if (/^\ufeff?(---\s*\n)?(\s*#.*\n)*- \w[\w ]*:( |\n)/.test(text)) {
    throw badFile(file, `${file} is YAML, not a table. Save its records as JSON or CSV.`)
  }
  if (extension === 'json') return 'json'
  if (extension === 'parquet' || extension === 'pq') {
    throw badFile(file, `${file} is damaged or no Parquet file. Fetch or export it again.`)
  }
  if (isArff(text)) return 'arff'
  return isLibsvm(text, head.length < headBytes) ? 'libsvm' : 'text'
}

/** A head of so many bytes may be cut off. */
const headBytes = 1024 * 1024
