/** The workers at one server, by their signs of life; what they have in hand is told of its runs. */
import type { NatsConnection } from '@nats-io/transport-node'
import type { ServerWorkers, Worker } from '#contract/sweeps.ts'
import type { Store } from '#lab/store/store.ts'
import type { Delivery } from '#lab/workers/deliver.ts'
import { readMessage, type SignOfLife, signOfLife, subjects } from '#lab/workers/nats/wire.ts'
import { wireVersion } from '#lab/workers/unit.ts'

export interface WorkerTableOptions {
  readonly head: string
  /** The runs of this lab that wait for a unit. */
  readonly hold: (name: string) => readonly number[]
  readonly store: Pick<Store, 'runs'>
  readonly delivery: Pick<Delivery, 'statuses'>
  readonly onChange: () => void
}

interface Known {
  readonly sign: SignOfLife
  readonly seenAt: number
}

/** A worker that was silent for so long counts as gone; its units are given to others by the server. */
const silentMs = 15_000
/** Workers that are shown: more come and go unseen. */
const mostWorkers = 2000
/** What is gone is shown for so long. */
const shownMs = 15 * 60_000
const sweepMs = 5000

export class WorkerTable {
  readonly #address: string
  readonly #options: WorkerTableOptions
  readonly #workers = new Map<string, Known>()
  /** Runs that a worker has in hand, by the worker. */
  readonly #inHand = new Map<number, string>()
  #timer: NodeJS.Timeout | null = null
  #isConnected = true

  constructor(address: string, options: WorkerTableOptions) {
    this.#address = address
    this.#options = options
  }

  listen(connection: NatsConnection): void {
    void this.#listen(connection)
    void this.#watch(connection)
    this.#timer = setInterval(() => this.#settle(), sweepMs)
  }

  async #listen(connection: NatsConnection): Promise<void> {
    for await (const { data } of connection.subscribe(subjects.allWorkers)) {
      const sign = readMessage(signOfLife, data)
      if (!sign || (!this.#workers.has(sign.id) && this.#workers.size >= mostWorkers)) continue
      this.#workers.set(sign.id, { sign, seenAt: Date.now() })
      this.#begin(sign)
      this.#options.onChange()
    }
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') this.#isConnected = false
      if (type === 'reconnect') this.#isConnected = true
      this.#options.onChange()
    }
  }

  /** What a worker has in hand trains. */
  #begin({ id, inHand, state }: SignOfLife): void {
    const { head, hold, store, delivery } = this.#options
    const runIds = state === 'working' ? inHand.flatMap((each) => (each.head === head ? hold(each.name) : [])) : []
    for (const runId of runIds) {
      // Short ones end before anybody would look: at its second sign of life a run is told of.
      const isKnown = this.#inHand.has(runId)
      this.#inHand.set(runId, id)
      if (!isKnown) continue
      if (store.runs.get(runId)?.status !== 'queued') continue
      delivery.statuses.change(runId, { status: 'running', message: null, startedAt: Date.now(), endedAt: null })
    }
    for (const [runId, holder] of this.#inHand) if (holder === id && !runIds.includes(runId)) this.#inHand.delete(runId)
  }

  /** What a silent worker had in hand waits again. */
  #settle(): void {
    const { store, delivery, onChange } = this.#options
    const now = Date.now()
    for (const [id, { seenAt }] of this.#workers) if (now - seenAt > shownMs) this.#workers.delete(id)
    for (const [runId, id] of this.#inHand) {
      const known = this.#workers.get(id)
      if (known && now - known.seenAt < silentMs) continue
      this.#inHand.delete(runId)
      if (store.runs.get(runId)?.status !== 'running') continue
      delivery.statuses.change(runId, { status: 'interrupted', message: null })
      delivery.statuses.change(runId, { status: 'queued', message: null })
    }
    onChange()
  }

  state(): ServerWorkers {
    const now = Date.now()
    const workers = [...this.#workers.values()].map(({ sign, seenAt }) => describe(sign, seenAt, now))
    return { server: this.#address, isConnected: this.#isConnected, workers: workers.sort(byHost) }
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer)
  }
}

const byHost = (a: Worker, b: Worker) => a.host.localeCompare(b.host) || a.startedAt - b.startedAt

function describe(sign: SignOfLife, seenAt: number, now: number): Worker {
  const { id, host, processor, cores, startedAt, trained, failures, lastFailure, state, inHand } = sign
  const hours = Math.max(seenAt - startedAt, 1) / 3600_000
  const told = {
    working: now - seenAt > silentMs ? ('silent' as const) : ('working' as const),
    benched: 'benched' as const,
    gone: 'gone' as const
  }
  return {
    id,
    host,
    processor,
    cores,
    startedAt,
    seenAt,
    trained,
    unitsPerHour: hours > 1 / 240 ? trained / hours : null,
    failures,
    message:
      sign.version === wireVersion
        ? lastFailure
        : 'It runs another version of Topology Lab; use the same at both ends.',
    state: told[state],
    inHand: inHand.length
  }
}
