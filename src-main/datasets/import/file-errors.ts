/** Turns what Node, zlib and DuckDB say of a file into the one sentence a person reads: file, row, what is wrong, the mend. */
import { LabError } from '#contract/errors.ts'

const damagedParquet = (file: string): string => `${file} is damaged or no Parquet file. Fetch or export it again.`

interface Rule {
  readonly pattern: RegExp
  readonly sentence: (file: string, match: RegExpExecArray) => string
  /** The group of the pattern that holds the line. */
  readonly line?: number
}

/** What DuckDB says while it reads; the first pattern that fits speaks. In JSON it names the line after the one at fault. */
const duckdbRules: readonly Rule[] = [
  {
    pattern: /CSV Error on Line: (\d+)[^]*?Expected Number of Columns: (\d+) Found: (\d+)/,
    sentence: (file, [, line, expected, found]) => wrongWidth(file, Number(line), Number(found), Number(expected)),
    line: 1
  },
  {
    pattern: /CSV Error on Line: (\d+)[^]*?unterminated quote/,
    sentence: (file, [, line]) => openQuote(file, Number(line)),
    line: 1
  },
  {
    pattern: /CSV Error on Line: (\d+)[^]*?not utf-8/,
    sentence: (file, [, line]) => notUtf8(file, Number(line)),
    line: 1
  },
  {
    pattern: /CSV Error on Line: (\d+)[^]*?Maximum line size/i,
    sentence: (file, [, line]) =>
      `${file}, line ${line}: the line is longer than 2 MB. Most often a quote before it is not closed.`,
    line: 1
  },
  {
    pattern: /state machine reached an invalid state/,
    sentence: (file) => `${file} can't be read as a table: its quotes or line ends are mixed up. Save it anew as CSV.`
  },
  {
    pattern: /Malformed JSON[^]*? in line (\d+): ([^\n]+?)\.?\s*\n/,
    sentence: (file, [, next, what]) => `${file}, line ${Number(next) - 1}: not valid JSON (${what}).`
  },
  {
    pattern: /Malformed JSON[^]*? in record\/value (\d+): ([^\n]+?)\.?\s*\n/,
    sentence: (file, [, next, what]) => `${file}, record ${Number(next) - 1}: not valid JSON (${what}).`
  },
  {
    pattern: /JSON|json/,
    sentence: (file) => `${file} can't be read as JSON. It should be a list of records such as [{"a": 1}, {"a": 2}].`
  },
  {
    pattern: /parquet|magic bytes|thrift|Snappy|ZSTD|GZIP/i,
    sentence: damagedParquet
  },
  {
    pattern: /Out of Memory/i,
    sentence: (file) => `${file} needs more memory than the lab may use (1 GB). Leave out rows or columns.`
  }
]

/** The sentence for a line that has other cells than there are columns. */
export function wrongWidth(file: string, line: number, found: number, expected: number): string {
  return `${file}, line ${line}: ${describeWidth(found, expected)}. Mend that line, or choose another delimiter.`
}

/** The sentence for a quote that is opened and not closed. */
export function openQuote(file: string, line: number): string {
  return (
    `${file}, line ${line}: a quote is opened and not closed. Close it, double quotes inside a value, or choose ` +
    'another quote character.'
  )
}

/** The sentence for bytes that are no text in UTF-8. */
export function notUtf8(file: string, line: number): string {
  return `${file}, line ${line}: not valid UTF-8. Choose Latin-1 or UTF-16 as its encoding.`
}

/** What is wrong with the lines of a text, as DuckDB tells it: reading them one by one says more. */
export function isBadLine(error: unknown): boolean {
  const pattern = /CSV Error(?![^]*not utf-8)|state machine reached an invalid state/
  return error instanceof Error && pattern.test(error.message)
}

/** DuckDB counts no further than one value too many. */
function describeWidth(found: number, expected: number): string {
  const values = `${expected} ${expected === 1 ? 'value' : 'values'}`
  if (found > expected) return `more than the ${values} expected`
  return `${found} of the ${values} expected`
}

const fileRules: Record<string, (file: string) => string> = {
  ENOENT: (file) => `There is no file ${file}. Check its name and folder.`,
  EISDIR: (file) => `${file} is a folder. Choose a file in it.`,
  EACCES: (file) => `${file} can't be opened: you have no permission to read it.`,
  ENAMETOOLONG: (file) => `The path of ${file} is too long for this system. Move it to a folder with a shorter path.`,
  EPERM: (file) => `${file} can't be opened: you have no permission to read it.`,
  Z_DATA_ERROR: (file) => `${file} is damaged: it can't be unpacked. Fetch it again.`,
  Z_BUF_ERROR: (file) => `${file} is cut off: it can't be unpacked to its end. Fetch it again.`
}

const diskFull = /No space left on device|ENOSPC|disk is full|not enough space/i

/**
 * Makes the error a person can read of one that came up while `file` was read.
 * Errors: `bad_file`, or `lab_unusable` where the disk of the lab is full; what is not known stays as it was.
 */
export function toFileError(error: unknown, file: string): unknown {
  if (error instanceof LabError || !(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'ENOSPC' || diskFull.test(error.message)) {
    const message = `The disk is full, so ${file} can't be stored in the lab. Free some space and try again.`
    return new LabError('lab_unusable', message, { file }, { cause: error })
  }
  const sentence = fileRules[code]
  if (sentence) return badFile(file, sentence(file), {}, error)
  for (const rule of duckdbRules) {
    const match = rule.pattern.exec(error.message)
    if (!match) continue
    const line = rule.line === undefined ? undefined : Number(match[rule.line])
    return badFile(file, rule.sentence(file, match), line === undefined ? {} : { row: line }, error)
  }
  // A footer can be hurt in more ways than there are words to know; whatever is said of such a file, that is why.
  if (/\.(parquet|pq)$/i.test(file) && /^([A-Z]\w+ )+Error: /.test(error.message)) {
    return badFile(file, damagedParquet(file), {}, error)
  }
  return error
}

/** Makes a `bad_file` error that names the file in its details. */
export function badFile(
  file: string,
  message: string,
  details: { readonly row?: number; readonly column?: string; readonly empty?: boolean } = {},
  cause?: unknown
): LabError {
  return new LabError('bad_file', message, { file, ...details }, { cause })
}
