/**
 * The units of one sweep that a lab has given to a server, and which runs wait for each: runs that are alike in all that
 * counts share a unit.
 */
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { jetstream, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { LabError } from '#contract/errors.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import { type Buckets, namesIn } from '#lab/workers/nats/streams.ts'
import { mostMessageBytes, streams, subjects } from '#lab/workers/nats/wire.ts'
import type { NamedUnit } from '#lab/workers/unit-of-run.ts'
import type { Unit } from '#lab/workers/unit.ts'

export interface Server {
  readonly connection: NatsConnection
  readonly manager: JetStreamManager
  readonly buckets: Buckets
}

/** The error of a stream that has a message under the subject already. */
const isThere = 10_077
/** Units named between two looks at the other work of the process. */
const stride = 10
/** Messages on their way at once. */
const atOnce = 32

export class GivenUnits {
  readonly #server: Server
  readonly #place: { readonly head: string; readonly sweepId: number }
  readonly #units = new Map<string, { readonly unit: Unit; readonly runIds: Set<number> }>()
  readonly #tables = new Map<string, string>()
  readonly #there = new Map<string, Promise<void>>()
  #missing = new Set<string>()

  constructor(server: Server, place: { readonly head: string; readonly sweepId: number }) {
    this.#server = server
    this.#place = place
  }

  /** Hashes of the tables that were given. */
  tables(): string[] {
    return [...this.#there.keys()]
  }

  find(name: string) {
    return this.#units.get(name) ?? null
  }

  /** It has come to its end. */
  forget(name: string): void {
    this.#units.delete(name)
  }

  /** Gives the units of runs; what of them is on the server already, or has a result there, is not given twice. */
  async give(runs: readonly StoredRun[], unitOf: (run: StoredRun) => Promise<NamedUnit>): Promise<void> {
    const fresh: string[] = []
    for (const [index, run] of runs.entries()) {
      if (index % stride === stride - 1) await nextTurn()
      const { name, unit, files } = await unitOf(run)
      for (const [sha256, path] of files) this.#tables.set(sha256, path)
      const known = this.#units.get(name)
      if (known) known.runIds.add(run.id)
      else {
        this.#units.set(name, { unit, runIds: new Set([run.id]) })
        fresh.push(name)
      }
    }
    const known = await this.#onServer()
    await this.#put(fresh.filter((name) => !known.has(name)))
  }

  /** Gives again what the server has lost: neither to be trained nor trained, at two looks in a row. */
  async giveLost(): Promise<void> {
    if (this.#units.size === 0) return
    const known = await this.#onServer()
    const missing = [...this.#units.keys()].filter((name) => !known.has(name))
    const lost = missing.filter((name) => this.#missing.has(name))
    this.#missing = new Set(missing)
    this.#there.clear()
    await this.#put(lost)
  }

  async #onServer(): Promise<Set<string>> {
    const { manager } = this.#server
    const { head, sweepId } = this.#place
    const [waiting, ended] = await Promise.all([
      namesIn(manager, streams.units, subjects.unitsOf(head, sweepId)),
      namesIn(manager, streams.results, subjects.resultsOf(head, sweepId))
    ])
    return new Set([...waiting, ...ended])
  }

  async #put(names: readonly string[]): Promise<void> {
    for (let from = 0; from < names.length; from += atOnce) {
      await Promise.all(names.slice(from, from + atOnce).map((name) => this.#putOne(name)))
    }
  }

  async #putOne(name: string): Promise<void> {
    const given = this.#units.get(name)
    if (!given) return
    const { train, validation } = given.unit.table
    for (const part of validation ? [train, validation] : [train]) await this.#ensureTable(part.sha256)
    const payload = JSON.stringify(given.unit)
    const most = Math.min(mostMessageBytes, this.#server.connection.info?.max_payload ?? mostMessageBytes)
    if (Buffer.byteLength(payload) > most) {
      throw new LabError('bad_settings', 'A network of this sweep has more layers than fit into a message to workers.')
    }
    try {
      await jetstream(this.#server.connection).publish(subjects.unit({ ...this.#place, name }), payload, { retries: 5 })
    } catch (error) {
      if (!(error instanceof JetStreamApiError && error.code === isThere)) throw error
    }
  }

  /** A table is sent once; two units that need it wait for the same sending. */
  #ensureTable(sha256: string): Promise<void> {
    const known = this.#there.get(sha256) ?? this.#putTable(sha256)
    this.#there.set(sha256, known)
    known.catch(() => this.#there.delete(sha256))
    return known
  }

  async #putTable(sha256: string): Promise<void> {
    const { tables } = this.#server.buckets
    const path = this.#tables.get(sha256)
    const found = await tables.info(sha256)
    if ((found && !found.deleted) || path === undefined) return
    const bytes: unknown = Readable.toWeb(createReadStream(path, { highWaterMark: 128 * 1024 }))
    await tables.put({ name: sha256 }, bytes as Parameters<typeof tables.put>[1], { timeout: 30_000 })
  }
}
