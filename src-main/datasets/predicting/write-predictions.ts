/**
 * Predicts all rows of a stored table and writes them with the predictions, as CSV or Parquet. The table is streamed:
 * what is in memory at once is one batch, and the predictions, which DuckDB spills where they are many.
 */
import { open, rename, rm, stat } from 'node:fs/promises'
import type { DuckDBAppender } from '@duckdb/node-api'
import type { FittedPreparation } from '#contract/preparation.ts'
import { wantedOf } from '#lab/datasets/column-values.ts'
import { decodeTarget, encodeColumn, inputCount } from '#lab/datasets/encode.ts'
import { createPause } from '#lab/datasets/pause.ts'
import { type Interval, setOf } from '#lab/datasets/predicting/intervals.ts'
import { matchColumns, readNewRows, type NewRows } from '#lab/datasets/predicting/new-columns.ts'
import * as sql from '#lab/datasets/sql.ts'
import { loadDuckDb, type Session, type DuckDb } from '#lab/datasets/duckdb.ts'

export interface PredictionTable {
  readonly file: string
  readonly fitted: FittedPreparation
  readonly rows: number
}

export interface PredictionOutput {
  readonly path: string
  /** Written first, and moved to `path` whole; beside it. */
  readonly temporary: string
  /** Whether a column a class follows. */
  readonly probabilities: boolean
  /** Adds the bounds of a number, or the set of classes. */
  readonly interval?: Interval | null
  /** Whether a CSV gets a ' before texts and names that a spreadsheet would take for a formula. */
  readonly marksFormulas: boolean
}

export interface PredictionWork {
  /** Shapes: inputs (rows, inputs) row by row; resolves to (rows, outputs), probabilities of classes or scaled numbers. */
  readonly predict: (inputs: Float32Array) => Promise<Float32Array>
  /** Hears the outputs of the rows from `first` on, in order. */
  readonly onOutputs: (outputs: Float32Array, first: number) => void
  /** 0 to 1. */
  readonly onFraction: (fraction: number) => void
  readonly signal: AbortSignal | undefined
}

/** Numbers in one batch for the engine: 16 MB of prepared inputs. */
const batchValues = 4_000_000
const mostBatchRows = 32_768
/** Predicting takes this share of the whole; writing the file takes the rest. */
const predicting = 0.85

/**
 * Writes the file and gives its size; it appears whole or not at all.
 * Errors: `cancelled` by the signal; those of the file system where it can't be written.
 */
export async function writePredictions(
  duckDb: DuckDb,
  table: PredictionTable,
  { path, temporary, probabilities, interval = null, marksFormulas }: PredictionOutput,
  work: PredictionWork
): Promise<number> {
  const { file, fitted } = table
  try {
    // Opened first: where nothing can be written, nothing needs to be predicted.
    await (await open(temporary, 'w')).close()
    await duckDb.use(work.signal, async (writing) => {
      const classes = probabilities ? (fitted.classes ?? []) : []
      const bounds =
        interval?.kind === 'number' ? ['lower DOUBLE', 'upper DOUBLE'] : interval ? ['classes VARCHAR'] : []
      const types = [
        fitted.classes ? 'class INTEGER' : 'value DOUBLE',
        ...classes.map((_, place) => `p${place} FLOAT`),
        ...bounds
      ]
      await writing.rows(`CREATE TEMP TABLE predicted (${types.join(', ')})`)
      const appender = await writing.appender('predicted')
      try {
        // Streamed over a connection of its own: a statement on this one would end the stream.
        await duckDb.use(work.signal, (reading) =>
          predictRows(reading, table, appender, { probabilities: classes.length, interval }, work)
        )
      } finally {
        appender.closeSync()
      }
      const matched = await matchColumns(writing, file, [])
      const added = namesOf(fitted, classes, interval, matched.others)
      const isParquet = /\.(parquet|pq)$/i.test(path)
      const format = isParquet ? 'FORMAT parquet, COMPRESSION zstd' : 'FORMAT csv, HEADER true'
      const joined =
        `SELECT given.* EXCLUDE (file_row_number), ${predictedColumns(fitted, classes.length, interval, added)} ` +
        `FROM ${sql.storedRows(file)} given POSITIONAL JOIN predicted`
      const query = marksFormulas && !isParquet ? await withMarks(writing, joined) : joined
      await writing.row(`COPY (${query}) TO ${sql.text(temporary)} (${format})`, (fraction) =>
        work.onFraction(predicting + (1 - predicting) * fraction)
      )
    })
    await rename(temporary, path)
    return (await stat(path)).size
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Signs at the beginning of a cell that spreadsheets take for a formula, or that hide one. */
const formulaSigns = '=+-@\t\r'

/** The same rows with a ' before what a spreadsheet would run: it shows the text then, and runs nothing. */
async function withMarks(session: Session, query: string): Promise<string> {
  const columns = await session.rows(`DESCRIBE ${query}`)
  const marked = columns.map(([given, type]) => {
    const name = String(given)
    const shown = formulaSigns.includes(name.charAt(0)) ? `'${name}` : name
    if (type !== 'VARCHAR') return `${sql.name(name)} AS ${sql.name(shown)}`
    const isFormula = `contains(${sql.text(formulaSigns)}, left(${sql.name(name)}, 1)) AND ${sql.name(name)} <> ''`
    return `CASE WHEN ${isFormula} THEN '''' || ${sql.name(name)} ELSE ${sql.name(name)} END AS ${sql.name(shown)}`
  })
  return `SELECT ${marked.join(', ')} FROM (${query})`
}

/** Names of the columns that are added, none of which the file has already. */
function namesOf(
  fitted: FittedPreparation,
  classes: readonly string[],
  interval: Interval | null,
  given: readonly string[]
): string[] {
  const taken = new Set(given.map((name) => name.toLowerCase()))
  const own = [
    `predicted ${fitted.target}`,
    ...classes.map((name) => `probability of ${name}`),
    ...boundsNames(fitted.target, interval)
  ]
  return own.map((wanted) => {
    let name = wanted
    for (let next = 2; taken.has(name.toLowerCase()); next++) name = `${wanted} ${next}`
    taken.add(name.toLowerCase())
    return name
  })
}

/** `lower 90 % of price` and `upper 90 % of price`, or `kinds within 90 %` of classes. */
function boundsNames(target: string, interval: Interval | null): string[] {
  if (!interval) return []
  const level = `${Number((100 * interval.level).toPrecision(6))} %`
  if (interval.kind === 'number') return [`lower ${level} of ${target}`, `upper ${level} of ${target}`]
  return [`${target} within ${level}`]
}

function predictedColumns(
  { classes }: FittedPreparation,
  probabilities: number,
  interval: Interval | null,
  [label = '', ...others]: readonly string[]
): string {
  const names = classes && `[${classes.map(sql.text).join(', ')}]`
  return [
    `${names === null ? 'predicted.value' : `${names}[predicted.class + 1]`} AS ${sql.name(label)}`,
    ...others.slice(0, probabilities).map((name, place) => `predicted.p${place} AS ${sql.name(name)}`),
    ...others
      .slice(probabilities)
      .map((name, place) => `predicted.${boundColumns(interval)[place]} AS ${sql.name(name)}`)
  ].join(', ')
}

function boundColumns(interval: Interval | null): string[] {
  return interval?.kind === 'number' ? ['lower', 'upper'] : ['classes']
}

/** What is written of a row beside the prediction itself. */
interface Beside {
  readonly probabilities: number
  readonly interval: Interval | null
}

async function predictRows(
  session: Session,
  { file, fitted, rows }: PredictionTable,
  appender: DuckDBAppender,
  beside: Beside,
  { predict, onOutputs, onFraction }: PredictionWork
): Promise<void> {
  const { columns } = await matchColumns(session, file, fitted.columns.map(wantedOf))
  const pause = createPause()
  const width = fitted.inputs.length
  const batchRows = Math.max(1, Math.min(mostBatchRows, Math.floor(batchValues / width)))
  const batch = new Float32Array(batchRows * width)
  let filled = 0
  let done = 0

  async function flush(): Promise<void> {
    if (filled === 0) return
    const outputs = await predict(batch.slice(0, filled * width))
    onOutputs(outputs, done)
    await append(appender, outputs, filled, fitted, beside, pause)
    done += filled
    filled = 0
    onFraction((predicting * done) / rows)
  }

  for await (const piece of readNewRows(session, file, columns)) {
    const encoded = await encodePiece(fitted, piece, pause)
    for (let from = 0; from < piece.rows;) {
      const count = Math.min(piece.rows - from, batchRows - filled)
      batch.set(encoded.subarray(from * width, (from + count) * width), filled * width)
      from += count
      filled += count
      if (filled === batchRows) await flush()
    }
  }
  await flush()
}

async function encodePiece(
  fitted: FittedPreparation,
  piece: NewRows,
  pause: () => Promise<void> | undefined
): Promise<Float32Array> {
  const width = fitted.inputs.length
  const matrix = new Float32Array(piece.rows * width)
  let offset = 0
  for (const [index, encoding] of fitted.columns.entries()) {
    encodeColumn(encoding, piece.column(index), matrix, offset, width)
    offset += inputCount(encoding)
    await pause()
  }
  return matrix
}

/** DuckDB takes at most so many rows in one chunk. */
const chunkRows = 2048

async function append(
  appender: DuckDBAppender,
  outputs: Float32Array,
  rows: number,
  { classes, targetScale }: FittedPreparation,
  { probabilities, interval }: Beside,
  pause: () => Promise<void> | undefined
): Promise<void> {
  const { DuckDBDataChunk, DOUBLE, FLOAT, INTEGER, VARCHAR } = await loadDuckDb()
  const width = outputs.length / rows
  const bounds = interval?.kind === 'number' ? [DOUBLE, DOUBLE] : interval ? [VARCHAR] : []
  const types = [classes ? INTEGER : DOUBLE, ...Array.from({ length: probabilities }, () => FLOAT), ...bounds]
  for (let start = 0; start < rows; start += chunkRows) {
    const count = Math.min(chunkRows, rows - start)
    const chunk = DuckDBDataChunk.create(types, count)
    const at = (row: number, output: number) => outputs[(start + row) * width + output] ?? 0
    const first = Array.from({ length: count }, (_, row) =>
      classes
        ? mostProbable(outputs.subarray((start + row) * width, (start + row + 1) * width))
        : decodeTarget(targetScale, at(row, 0))
    )
    chunk.setColumnValues(0, first)
    for (let place = 0; place < probabilities; place++) {
      chunk.setColumnValues(
        place + 1,
        Array.from({ length: count }, (_, row) => at(row, place))
      )
    }
    const rest = probabilities + 1
    if (interval?.kind === 'number') {
      for (const [column, sign] of [-1, 1].entries()) {
        chunk.setColumnValues(
          rest + column,
          first.map((value) => value + sign * interval.halfWidth)
        )
      }
    } else if (interval) {
      const setAt = (row: number) =>
        setOf(outputs.subarray((start + row) * width, (start + row + 1) * width), interval.least)
      const named = (row: number) => setAt(row).map((place) => classes?.[place] ?? '')
      chunk.setColumnValues(
        rest,
        Array.from({ length: count }, (_, row) => named(row).join(' | '))
      )
    }
    appender.appendDataChunk(chunk)
    appender.flushSync()
    await pause()
  }
}

/** The place of the largest output; the first of equal ones. */
export function mostProbable(outputs: ArrayLike<number>): number {
  let best = 0
  for (let place = 1; place < outputs.length; place++) if ((outputs[place] ?? 0) > (outputs[best] ?? 0)) best = place
  return best
}
