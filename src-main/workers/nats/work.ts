/**
 * A worker at a NATS server: takes units as long as it is let, trains them, puts results into the stream, and only then
 * acknowledges. What it has in hand when it dies is given to another one once its lease is over; two that train the same
 * come to the same bits.
 */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { type Consumer, jetstream, type JsMsg } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { LabError } from '#contract/errors.ts'
import { forgetBegun, mayBegin } from '#lab/workers/nats/begun.ts'
import type { Buckets } from '#lab/workers/nats/streams.ts'
import type { TableCache } from '#lab/workers/nats/table-cache.ts'
import {
  control,
  largePrefix,
  mostMessageBytes,
  placeOf,
  readMessage,
  type SignOfLife,
  signMs,
  streams,
  subjects,
  type UnitPlace,
  workersConsumer
} from '#lab/workers/nats/wire.ts'
import { processorKind } from '#lab/engine/processor.ts'
import { mostBytes, poisonedResult, readStand, type UnitResult, type UnitStand } from '#lab/workers/result.ts'
import { mostFailures, type UnitTrainer } from '#lab/workers/train-units.ts'
import { nameOfUnit, type Unit, unit as unitSchema, wireVersion } from '#lab/workers/unit.ts'
import { toWire } from '#lab/workers/wire.ts'

export interface NatsWork {
  readonly connection: NatsConnection
  readonly cache: TableCache
  readonly buckets: Buckets
  readonly trainer: UnitTrainer
  /** How many units train at once. */
  readonly cores: number
  /** Version of the program. */
  readonly version: string
  readonly signal: AbortSignal
  readonly onProgress: (trained: number) => void
  /** Hears a sentence of what a person should know. */
  readonly say: (sentence: string) => void
}

/** A unit that failed is out of reach for so long: a machine that fails them all is benched before it has it again. */
const elsewhereMs = 10_000

/** How long a worker waits before it looks again where there is nothing, or nothing answers. */
const waitMs = 1000

/**
 * Works until the signal.
 * Errors: LabError 'engine' where the machine failed three units in a row: it is benched.
 */
export async function workOnServer(work: NatsWork): Promise<{ readonly trained: number }> {
  return new NatsWorker(work).run()
}

interface InHand extends UnitPlace {
  readonly dropped: AbortController
}

class NatsWorker {
  readonly #work: NatsWork
  readonly #id = `${hostname()
    .replace(/[^0-9a-zA-Z-]/g, '-')
    .slice(0, 20)}-${randomUUID().slice(0, 8)}`
  readonly #startedAt = Date.now()
  readonly #inHand = new Set<InHand>()
  readonly #stop = new AbortController()
  /** A while after the end was asked for: a server that is away answers nothing, and keeps nobody. */
  readonly #givenUp = new Promise<null>((resolve) => {
    this.#stop.signal.addEventListener('abort', () => setTimeout(() => resolve(null), 3000), { once: true })
  })
  #trained = 0
  #failures = 0
  #failuresInRow = 0
  #problem: LabError | null = null
  #toldOf = ''

  constructor(work: NatsWork) {
    this.#work = work
  }

  async run(): Promise<{ readonly trained: number }> {
    const { connection, cores, signal } = this.#work
    const end = () => this.#stop.abort()
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
    const listening = connection.subscribe(subjects.allControl)
    void this.#obey(listening)
    const timer = setInterval(() => this.#tell('working'), signMs)
    this.#tell('working')
    try {
      await Promise.all(Array.from({ length: cores }, () => this.#takeUnits()))
    } finally {
      clearInterval(timer)
      listening.unsubscribe()
      signal.removeEventListener('abort', end)
      this.#tell(this.#problem ? 'benched' : 'gone')
    }
    if (this.#problem) throw this.#problem
    return { trained: this.#trained }
  }

  async #obey(messages: AsyncIterable<{ subject: string; data: Uint8Array }>): Promise<void> {
    for await (const { subject, data } of messages) {
      const told = readMessage(control, data)
      if (!told) continue
      for (const each of this.#inHand) {
        if (subject === subjects.control(each.head) && told.drop === each.sweepId) each.dropped.abort()
      }
      if (told.forget) await this.#work.cache.forget(told.forget)
    }
  }

  #tell(state: SignOfLife['state']): void {
    const { connection, cores, version, trainer } = this.#work
    const heads = new Map([...this.#inHand].map(({ head, name }) => [name, head]))
    const sign: SignOfLife = {
      version: wireVersion,
      id: this.#id,
      host: hostname().slice(0, 200),
      processor: processorKind(),
      cores,
      lab: version,
      startedAt: this.#startedAt,
      trained: this.#trained,
      failures: this.#failures,
      lastFailure: this.#problem?.message.slice(0, 500) ?? null,
      state,
      inHand: trainer.underWay().flatMap(({ name, epochs }) => {
        const head = heads.get(name)
        return head === undefined ? [] : [{ head, name, epochs }]
      })
    }
    if (!connection.isClosed()) connection.publish(subjects.worker(this.#id), JSON.stringify(sign))
  }

  async #takeUnits(): Promise<void> {
    const { signal } = this.#stop
    let consumer: Consumer | null = null
    while (!signal.aborted) {
      try {
        consumer ??= await jetstream(this.#work.connection).consumers.get(streams.units, workersConsumer)
        const message = await Promise.race([consumer.next({ expires: 2000 }), this.#givenUp])
        if (message === null) continue
        // Taken in the moment of the end: nobody has begun it.
        if (signal.aborted) await this.#giveBack(message)
        else await this.#train(message, await leaseOf(consumer))
      } catch (error) {
        // The server is away, or nobody has given work to it yet.
        consumer = null
        this.#sayOnce(`No work can be had now, and is asked for again: ${(error as Error).message}`)
        await pause(waitMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  #sayOnce(sentence: string): void {
    if (sentence !== this.#toldOf) this.#work.say(sentence)
    this.#toldOf = sentence
  }

  async #train(message: JsMsg, leaseMs: number): Promise<void> {
    const place = placeOf(message.subject)
    const unit = readMessage(unitSchema, message.data)
    if (!place || !unit || nameOfUnit(unit) !== place.name) return this.#refuse(message)
    const wasGivenOut = message.info.deliveryCount > 1
    if (wasGivenOut && !(await mayBegin(this.#work.buckets.stands, place.name, this.#id))) {
      await this.#deliver(message, place, poisonedResult(place.name))
      return forgetBegun(this.#work.buckets.stands, place.name)
    }
    const inHand = { ...place, dropped: new AbortController() }
    const lease = setInterval(() => message.working(), leaseMs / 4)
    this.#inHand.add(inHand)
    try {
      await this.#trainUnit(message, inHand, unit)
    } finally {
      clearInterval(lease)
      this.#inHand.delete(inHand)
    }
  }

  async #trainUnit(message: JsMsg, inHand: InHand, unit: Unit): Promise<void> {
    const { cache, trainer } = this.#work
    const { name, dropped } = inHand
    const signal = AbortSignal.any([this.#stop.signal, dropped.signal])
    let hasStand = message.info.deliveryCount > 1
    const keep = (stand: UnitStand) => {
      hasStand = true
      this.#keep(stand)
    }
    let result: UnitResult
    try {
      await cache.need(unit.table)
      const stand = hasStand ? await this.#standOf(unit, name) : null
      result = await trainer.train({ unit, name, stand }, keep, signal)
    } catch (error) {
      if (dropped.signal.aborted) return message.ack()
      if (this.#stop.signal.aborted) return this.#giveBack(message)
      // Its lab has taken the table away, or is about to give both again.
      if (error instanceof LabError && error.code === 'not_found') return message.ack()
      return this.#fail(message, name, error)
    }
    await this.#deliver(message, inHand, result)
    this.#failuresInRow = 0
    this.#work.onProgress(++this.#trained)
    if (hasStand) await this.#work.buckets.stands.delete(name).catch(() => undefined)
    if (message.info.deliveryCount > 1) await forgetBegun(this.#work.buckets.stands, name)
  }

  /** One of another version is left for others; what is no unit at all goes. */
  #refuse(message: JsMsg): void {
    let version: unknown
    try {
      version = message.json<{ version?: unknown }>().version
    } catch {
      // No JSON at all.
    }
    if (typeof version !== 'number' || version === wireVersion) return message.term('no unit')
    this.#sayOnce(
      `There is work of version ${version} on the server; this program knows version ${wireVersion}. Use the same version ` +
        'at both ends.'
    )
    message.nak(30_000)
  }

  #fail(message: JsMsg, name: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error)
    this.#failures++
    message.nak(elsewhereMs)
    this.#work.say(`Unit ${name.slice(0, 12)} failed on this machine: ${reason}`)
    if (++this.#failuresInRow < mostFailures) return
    this.#problem ??= new LabError(
      'engine',
      `Three units in a row failed on this machine, so it takes no more: ${reason}`
    )
    this.#stop.abort()
  }

  /** Puts a result into the stream, however long the server is away, and acknowledges its unit. */
  async #deliver(message: JsMsg, place: UnitPlace, result: UnitResult): Promise<void> {
    const { connection, buckets } = this.#work
    const text = toWire(result)
    let payload = text
    const most = Math.min(mostMessageBytes, (connection.info?.max_payload ?? 0) - 4096)
    if (Buffer.byteLength(text) > most) {
      const large = `${place.name}-${message.seq}`
      await this.#insist(() => buckets.large.putBlob({ name: large }, Buffer.from(text)))
      payload = `${largePrefix}${JSON.stringify(large)},"version":${wireVersion}}`
    }
    const msgID = `${place.head}-${place.sweepId}-${place.name}-${message.seq}`
    await this.#insist(() => jetstream(connection).publish(subjects.result(place), payload, { msgID }))
    // One that is lost on the way has the unit trained once more, to the same bits.
    await message.ackAck({ timeout: 5000 }).catch(() => undefined)
  }

  async #insist(work: () => Promise<unknown>): Promise<void> {
    for (let turn = 1; ; turn++) {
      try {
        await work()
        return
      } catch (error) {
        const isLast = this.#work.connection.isClosed() || (this.#stop.signal.aborted && turn >= 5)
        if (isLast) throw error
        await pause(waitMs)
      }
    }
  }

  #keep(stand: UnitStand): void {
    this.#work.buckets.stands.putBlob({ name: stand.unit }, Buffer.from(toWire(stand))).catch(() => undefined)
  }

  /** One that is damaged, too large, or of an earlier version, is as good as none. */
  async #standOf(unit: Unit, name: string): Promise<UnitStand | null> {
    const { stands } = this.#work.buckets
    try {
      const info = await stands.info(name)
      if (!info || info.deleted || info.size > mostBytes(unit)) return null
      const bytes = await stands.getBlob(name)
      return bytes && readStand(Buffer.from(bytes).toString('utf8'), unit, name)
    } catch {
      return null
    }
  }

  /** An orderly end is no failure: the unit is given back as if nobody had begun it, which a nak would count. */
  async #giveBack(message: JsMsg): Promise<void> {
    if (message.info.deliveryCount > 1) await forgetBegun(this.#work.buckets.stands, nameIn(message))
    await message.ackAck({ timeout: 2000 })
    await jetstream(this.#work.connection).publish(message.subject, message.data)
  }
}

const nameIn = ({ subject }: JsMsg) => placeOf(subject)?.name ?? ''

async function leaseOf(consumer: Consumer): Promise<number> {
  const { config } = await consumer.info(true)
  return (config.ack_wait ?? 0) / 1e6 || 30_000
}
