/**
 * Owns the one DuckDB of a lab: an in-memory instance that reads files and writes Parquet, and keeps no table of its own.
 * DuckDB works in its own threads; what JavaScript does with the results is cut into short pieces by its callers.
 */
import { rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import type { DuckDBAppender, DuckDBConnection, DuckDBDataChunk, DuckDBInstance, DuckDBValue } from '@duckdb/node-api'
import { makeTemporary } from '#lab/datasets/temporary.ts'
import { LabError } from '#contract/errors.ts'

export interface DuckDbOptions {
  readonly log: (level: 'info' | 'warning' | 'error', message: string) => void
}

/** A value as the queries here give it: counts and other whole numbers come as numbers. */
export type Value = Exclude<DuckDBValue, bigint>

/** Beyond this DuckDB spills to disk, so that the whole app stays below 2 GB. */
const memoryLimit = '1GB'

/**
 * For statements over very many columns: DuckDB books 2,048 values of each column in each stage, whatever the number of
 * rows. Of 20,000 columns it books over 1 GB and touches 0.7.
 */
const wideMemoryLimit = '4GB'

/** How often a running query is asked how far it is, and interrupted again once it was cancelled. */
const watchMs = 50

/** Loads DuckDB with its first use: most commands of the CLI need none of its 60 MB. */
export const loadDuckDb = () => import('@duckdb/node-api')

/** Creates the DuckDB of a lab; it is opened with the first use. */
export function createDuckDb(options: DuckDbOptions): DuckDb {
  return new DuckDb(options)
}

export class DuckDb {
  readonly #log: DuckDbOptions['log']
  #opened: Promise<{ readonly instance: DuckDBInstance; readonly spillFolder: string }> | null = null
  #closed = false

  constructor({ log }: DuckDbOptions) {
    this.#log = log
  }

  /**
   * Runs `work` on a connection of its own; cancelling interrupts the query that is running.
   * Errors: `cancelled` once the signal is aborted, whatever DuckDB said.
   */
  async use<Result>(signal: AbortSignal | undefined, work: (session: Session) => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new Error('The DuckDB of this lab is closed.')
    this.#opened ??= this.#open().catch((error: unknown) => {
      // The next use tries anew: the disk may have room by then.
      this.#opened = null
      throw error
    })
    const { instance } = await this.#opened
    const connection = await instance.connect()
    const session = new Session(connection, signal)
    // An interrupt between two queries is lost, hence again and again until the work has ended.
    let interrupting: NodeJS.Timeout | undefined
    const onAbort = () => {
      connection.interrupt()
      interrupting = setInterval(() => connection.interrupt(), watchMs)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      session.checkCancelled()
      return await work(session)
    } catch (error) {
      session.checkCancelled()
      throw error
    } finally {
      signal?.removeEventListener('abort', onAbort)
      clearInterval(interrupting)
      connection.closeSync()
    }
  }

  /** Loads DuckDB, which takes a while, before it is needed; where that fails, its first use tells. */
  warmUp(): void {
    loadDuckDb().catch(() => undefined)
  }

  /** Closes DuckDB and deletes what it spilled. */
  async close(): Promise<void> {
    this.#closed = true
    if (!this.#opened) return
    const { instance, spillFolder } = await this.#opened
    instance.closeSync()
    await rm(spillFolder, { recursive: true, force: true })
  }

  async #open() {
    const spillFolder = await makeTemporary()
    const threads = availableParallelism()
    const { DuckDBInstance } = await loadDuckDb()
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: memoryLimit,
      threads: String(threads),
      temp_directory: spillFolder,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false'
    })
    this.#log('info', `DuckDB is open: ${threads} threads, ${memoryLimit} of memory.`)
    return { instance, spillFolder }
  }
}

/** One connection while a piece of work uses it. */
export class Session {
  readonly #connection: DuckDBConnection
  readonly #signal: AbortSignal | undefined

  constructor(connection: DuckDBConnection, signal: AbortSignal | undefined) {
    this.#connection = connection
    this.#signal = signal
  }

  /** Errors: `cancelled` once the signal is aborted. */
  checkCancelled(): void {
    if (this.#signal?.aborted) throw new LabError('cancelled', 'The work on the table was cancelled.')
  }

  /** Runs one statement and returns its rows, each an array of values. */
  async rows(sql: string): Promise<Value[][]> {
    this.checkCancelled()
    const reader = await this.#connection.runAndReadAll(sql)
    this.checkCancelled()
    return reader.getRows().map((row) => row.map(toValue))
  }

  /**
   * Runs one statement that gives one row; `onFraction` hears how far DuckDB says it is, from 0 to 1, never going back.
   * COPY gives one row as well, with the count of rows it wrote.
   */
  async row(sql: string, onFraction?: (fraction: number) => void): Promise<Value[]> {
    const [row] = onFraction ? await this.#watched(onFraction, () => this.rows(sql)) : await this.rows(sql)
    if (!row) throw new Error('The statement gave no row.')
    return row
  }

  /** Streams the chunks of a query, at most 2,048 rows each. */
  async *chunks(sql: string): AsyncGenerator<DuckDBDataChunk, void, void> {
    this.checkCancelled()
    const result = await this.#connection.stream(sql)
    for (;;) {
      this.checkCancelled()
      const chunk = await result.fetchChunk()
      if (!chunk || chunk.rowCount === 0) return
      yield chunk
    }
  }

  /** Runs one statement over very many columns, with more memory booked than others may. */
  async wideRow(sql: string, onFraction?: (fraction: number) => void): Promise<Value[]> {
    await this.#connection.run(`SET memory_limit = '${wideMemoryLimit}'`)
    try {
      return await this.row(sql, onFraction)
    } finally {
      await this.#connection.run(`SET memory_limit = '${memoryLimit}'`)
    }
  }

  /** Opens an appender to a temporary table of this connection. */
  appender(table: string): Promise<DuckDBAppender> {
    return this.#connection.createAppender(table)
  }

  async #watched<Result>(onFraction: (fraction: number) => void, work: () => Promise<Result>): Promise<Result> {
    await this.#connection.run('SET enable_progress_bar = true')
    await this.#connection.run('SET enable_progress_bar_print = false')
    let furthest = 0
    const watch = setInterval(() => {
      const fraction = this.#connection.progress.percentage / 100
      if (fraction <= furthest || fraction > 1) return
      furthest = fraction
      onFraction(fraction)
    }, watchMs)
    try {
      return await work()
    } finally {
      clearInterval(watch)
    }
  }
}

function toValue(value: DuckDBValue): Value {
  return typeof value === 'bigint' ? Number(value) : value
}
