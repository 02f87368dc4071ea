/** One sweep at a server, as its lab sees it: gives units, stores results before it acknowledges them, looks for what is lost. */
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import { AckPolicy, type ConsumerMessages, jetstream, type JsMsg } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import { LabError } from '#contract/errors.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import type { Runner } from '#lab/runs/runner.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'
import { type Delivery, deliver } from '#lab/workers/deliver.ts'
import { GivenUnits, type Server } from '#lab/workers/nats/given.ts'
import { largePrefix, largeResult, placeOf, readMessage, streams, subjects } from '#lab/workers/nats/wire.ts'
import { mostBytes, readResult, type UnitResult } from '#lab/workers/result.ts'
import type { NamedUnit } from '#lab/workers/unit-of-run.ts'
import type { Unit } from '#lab/workers/unit.ts'
import { canFollow } from '#trials/run-status.ts'

export interface SweepAtServerOptions {
  readonly server: Server
  readonly head: string
  readonly sweepId: number
  readonly store: Store
  readonly runner: Pick<Runner, 'has'>
  readonly delivery: Delivery
  readonly unitOf: (run: StoredRun) => Promise<NamedUnit>
  readonly lost: (message: string) => void
  readonly log: HostServices['log']
}

/** Runs read and given in one go, for which the server is asked once what it has. */
const readAtOnce = 200
/** Between two looks for units that the server has lost. */
const lookMs = 15_000
/** A result that was refused so often is deleted: its unit is then given again. */
const mostRefusals = 2

export class SweepAtServer {
  readonly #options: SweepAtServerOptions
  readonly #given: GivenUnits
  readonly #left = new AbortController()
  #messages: ConsumerMessages | null = null
  #listening: Promise<void> = Promise.resolve()
  #giving: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | null = null

  constructor(options: SweepAtServerOptions) {
    this.#options = options
    this.#given = new GivenUnits(options.server, options)
  }

  tables(): string[] {
    return this.#given.tables()
  }

  /** The runs that wait for a unit. */
  runsOf(name: string): readonly number[] {
    return [...(this.#given.find(name)?.runIds ?? [])]
  }

  /** Begins to take in results, those included that have waited for this lab. */
  async begin(): Promise<void> {
    const { server, head, sweepId } = this.#options
    await server.manager.consumers.add(streams.results, {
      durable_name: this.#consumer(),
      filter_subject: subjects.resultsOf(head, sweepId),
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(60_000),
      max_ack_pending: 256,
      max_deliver: -1
    })
    this.#listening = this.#listen()
    this.#timer = setInterval(() => this.#inTurn(() => this.#given.giveLost(), false), lookMs)
  }

  #consumer(): string {
    return `lab-${this.#options.head}-${this.#options.sweepId}`
  }

  give(runIds: readonly number[]): void {
    const { store, unitOf } = this.#options
    this.#inTurn(async () => {
      for (let from = 0; from < runIds.length; from += readAtOnce) {
        await nextTurn()
        const runs = runIds.slice(from, from + readAtOnce).flatMap((id) => store.runs.get(id) ?? [])
        await this.#given.give(runs, unitOf)
      }
    }, true)
  }

  /** One after the other; what fails while the server is away is made good for by the next look. */
  #inTurn(work: () => Promise<void>, matters: boolean): void {
    const { log, lost, sweepId } = this.#options
    this.#giving = this.#giving.then(async () => {
      if (this.#left.signal.aborted) return
      try {
        await work()
      } catch (error) {
        if (this.#left.signal.aborted) return
        log('warning', `Sweep ${sweepId}: its units wait for their server: ${String(error)}`)
        if (matters && error instanceof LabError) lost(error.message)
      }
    })
  }

  async #listen(): Promise<void> {
    const { server, log, sweepId } = this.#options
    const { signal } = this.#left
    while (!signal.aborted) {
      try {
        const consumer = await jetstream(server.connection).consumers.get(streams.results, this.#consumer())
        this.#messages = await consumer.consume({ max_messages: 64, idle_heartbeat: 5000 })
        // Left while that was asked for.
        if (signal.aborted) this.#messages.stop()
        for await (const message of this.#messages) {
          if (signal.aborted) break
          await this.#take(message)
          await nextTurn()
        }
      } catch (error) {
        if (!signal.aborted) log('warning', `Sweep ${sweepId}: its results wait at their server: ${String(error)}`)
      }
      await pause(500, undefined, { signal }).catch(() => undefined)
    }
  }

  /** Stores the result of a unit for all runs that wait for it, and only then acknowledges. */
  async #take(message: JsMsg): Promise<void> {
    const { server, log, sweepId } = this.#options
    const name = placeOf(message.subject)?.name
    const given = name === undefined ? null : this.#given.find(name)
    if (name === undefined || !given) {
      // Nobody waits for it yet, as while the lab takes the sweep up; or any more, as after a second worker.
      if (message.info.deliveryCount > 4) message.term('nobody waits for it')
      else message.nak(10_000)
      return
    }
    try {
      const { text, large } = await this.#read(message, given.unit)
      const result = readResult(text, given.unit, name)
      for (const runId of given.runIds) await this.#deliver(runId, result, given.unit)
      this.#given.forget(name)
      // One that is lost on the way comes again, and nobody waits for it any more.
      message.ack()
      if (large !== null) await server.buckets.large.delete(large).catch(() => undefined)
    } catch (error) {
      log('error', `Sweep ${sweepId}: ${error instanceof Error ? error.message : String(error)}`)
      if (message.info.deliveryCount >= mostRefusals && error instanceof LabError) message.term('refused')
      else message.nak(5000)
    }
  }

  async #read(message: JsMsg, unit: Unit): Promise<{ readonly text: string; readonly large: string | null }> {
    const text = new TextDecoder().decode(message.data)
    if (!text.startsWith(largePrefix)) return { text, large: null }
    const { large: objects } = this.#options.server.buckets
    const large = readMessage(largeResult, message.data)?.large
    const info = large === undefined ? null : await objects.info(large)
    const bytes = large !== undefined && info && info.size <= mostBytes(unit) ? await objects.getBlob(large) : null
    if (large === undefined || !bytes)
      throw new LabError('bad_file', 'A large result is not on the server, or too large.')
    return { text: Buffer.from(bytes).toString('utf8'), large }
  }

  async #deliver(runId: number, result: UnitResult, unit: Unit): Promise<void> {
    const { store, runner, delivery } = this.#options
    const run = store.runs.get(runId)
    const waits = run && (run.status === 'running' || canFollow(run.status, 'running') || run.status === 'interrupted')
    // Stopped by a person, or let go on here alone.
    if (!waits || runner.has(runId)) return
    await deliver(delivery, run, result, unit.table.validation !== null)
  }

  /** Stops to take in; resolves once nothing of it is under way. What is at the server stays there. */
  async leave(): Promise<void> {
    this.#left.abort()
    if (this.#timer) clearInterval(this.#timer)
    this.#messages?.stop()
    await this.#listening
  }

  /** Takes back what nobody trains yet. */
  async withdraw(): Promise<void> {
    const { server, head, sweepId } = this.#options
    await this.#giving
    await server.manager.streams.purge(streams.units, { filter: subjects.unitsOf(head, sweepId) })
  }
}
