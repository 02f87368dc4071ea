/**
 * Queries of what runs say of single rows (engine/training/row-figures.ts): one record a run, replaced where the run
 * trained further. 1,000 runs on a part of 10,000 rows or more take about 40 MB.
 */
import { deflateSync, inflateSync } from 'node:zlib'
import type { Database } from 'better-sqlite3'
import { mostKeptRows, type RowFigures } from '#engine/training/row-figures.ts'

/** Rows that are read of every run to compare topologies; the standard error of a difference is known from them to 3 %. */
export const headRows = 1024

/** The departures of the first rows of a run. */
export interface RowHead {
  readonly runId: number
  /** Rows of the whole part. */
  readonly rows: number
  /** As RowFigures has them, for the first headRows of the kept rows. */
  readonly departures: Float32Array
}

export interface RowFigureQueries {
  save(runId: number, figures: RowFigures): void
  /** Null where there are none, or what there is can't be read: they are worked out of the weights then. */
  ofRun(runId: number): RowFigures | null
  /** Those of the runs that have some, in pieces of a few hundred. */
  heads(runIds: readonly number[]): Generator<RowHead[], void>
}

interface Row {
  readonly part_rows: number
  readonly width: 1 | 2 | 4
  readonly head: Uint8Array
  readonly rest: Uint8Array
  readonly surprises: Uint8Array
}

/** Runs read in one go: a megabyte at most. */
const pieceSize = 250

/** Prepares the queries of row figures. */
export function rowFigureQueries(db: Database): RowFigureQueries {
  const save = db.prepare(
    'INSERT OR REPLACE INTO row_figures (run_id, part_rows, width, head, rest, surprises) VALUES (?, ?, ?, ?, ?, ?)'
  )
  const ofRun = db.prepare<[number], Row>('SELECT * FROM row_figures WHERE run_id = ?')
  const heads = db
    .prepare<[string], readonly [id: number, rows: number, width: Row['width'], head: Uint8Array]>(
      `SELECT run_id, part_rows, width, head FROM row_figures WHERE run_id IN (SELECT value FROM json_each(?))`
    )
    .raw()
  return {
    save(runId, { rows, departures, surprises }) {
      const width = surprises.length === 0 ? 4 : departures.some((code) => code > 255) ? 2 : 1
      const bytes = narrow(departures, width)
      const head = headRows * width
      save.run(
        runId,
        rows,
        width,
        bytes.subarray(0, head),
        pack(bytes.subarray(head)),
        pack(planesOf(bytesOf(surprises)))
      )
    },
    ofRun(runId) {
      const row = ofRun.get(runId)
      return row ? read(row) : null
    },
    *heads(runIds) {
      for (let at = 0; at < runIds.length; at += pieceSize) {
        const found = heads.all(JSON.stringify(runIds.slice(at, at + pieceSize)))
        yield found.map(([runId, rows, width, head]) => ({ runId, rows, departures: widen(head, width) }))
      }
    }
  }
}

function read({ part_rows: rows, width, head, rest, surprises }: Row): RowFigures | null {
  const kept = Math.min(rows, mostKeptRows)
  const most = { maxOutputLength: Math.max(1, kept * 4) }
  try {
    const tail = rest.length > 0 ? inflateSync(rest, most) : rest
    const departures = widen(Buffer.concat([head, tail]), width)
    const planes = surprises.length > 0 ? inflateSync(surprises, most) : surprises
    const told = floatsOf(valuesOf(planes))
    if (departures.length !== kept || ![0, kept].includes(told.length)) return null
    return { rows, departures, surprises: told }
  } catch {
    return null
  }
}

const bytesOf = (values: Float32Array | Uint16Array) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

function narrow(departures: Float32Array, width: 1 | 2 | 4): Uint8Array {
  if (width === 1) return Uint8Array.from(departures)
  return bytesOf(width === 2 ? Uint16Array.from(departures) : departures)
}

function widen(bytes: Uint8Array, width: 1 | 2 | 4): Float32Array {
  if (width === 1) return Float32Array.from(bytes)
  return width === 4 ? floatsOf(bytes) : Float32Array.from(new Uint16Array(new Uint8Array(bytes).buffer))
}

/** A blob may begin at any byte, a typed array may not. */
function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer)
}

const pack = (bytes: Uint8Array) => (bytes.length > 0 ? deflateSync(bytes, { level: 1 }) : bytes)

/** First all first bytes of the numbers, then all second ones: neighbours are alike then, and pack better. */
function planesOf(bytes: Uint8Array): Uint8Array {
  const count = bytes.length / 4
  return bytes.map((_, at) => bytes[(at % count) * 4 + Math.floor(at / count)] ?? 0)
}

/** Undoes planesOf(). */
function valuesOf(planes: Uint8Array): Uint8Array {
  const count = planes.length / 4
  return planes.map((_, at) => planes[(at % 4) * count + Math.floor(at / 4)] ?? 0)
}
