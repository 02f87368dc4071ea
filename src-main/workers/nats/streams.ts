/** The streams and buckets on a server, as the lab that gives the work makes them. A worker makes none. */
import {
  AckPolicy,
  DiscardPolicy,
  jetstream,
  jetstreamManager,
  type JetStreamManager,
  RetentionPolicy
} from '@nats-io/jetstream'
import { type ObjectStore, Objm } from '@nats-io/obj'
import { type NatsConnection, nanos } from '@nats-io/transport-node'
import { LabError } from '#contract/errors.ts'
import { buckets, streams, workersConsumer } from '#lab/workers/nats/wire.ts'

export interface Buckets {
  readonly tables: ObjectStore
  readonly stands: ObjectStore
  readonly large: ObjectStore
}

/** A unit is given to another worker when its own was silent for this long; LAB_NATS_LEASE_SECONDS sets another time. */
const usualLeaseSeconds = 60

/** What nobody has fetched for so long is deleted. */
const keptMs = 30 * 24 * 3600 * 1000

/**
 * Makes what is missing on the server.
 * Errors: LabError 'engine' where the server has no JetStream or does not let this user make streams.
 */
export async function makeStreams(connection: NatsConnection): Promise<JetStreamManager> {
  try {
    const manager = await jetstreamManager(connection)
    const common = { retention: RetentionPolicy.Workqueue, max_msgs_per_subject: 1, max_age: nanos(keptMs) }
    await ensureStream(manager, {
      ...common,
      name: streams.units,
      subjects: ['toplab.units.>'],
      // One that is there already is not put in again.
      discard: DiscardPolicy.New,
      discard_new_per_subject: true
    })
    await ensureStream(manager, { ...common, name: streams.results, subjects: ['toplab.results.>'] })
    await manager.consumers.add(streams.units, {
      durable_name: workersConsumer,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(leaseSeconds() * 1000),
      max_ack_pending: 20_000,
      max_deliver: -1
    })
    return manager
  } catch (error) {
    throw new LabError(
      'engine',
      `The NATS server can not be worked with: ${(error as Error).message}. It needs JetStream.`
    )
  }
}

type StreamWanted = Parameters<JetStreamManager['streams']['add']>[0]

async function ensureStream({ streams: all }: JetStreamManager, wanted: StreamWanted): Promise<void> {
  const found = await all.info(wanted.name).catch(() => null)
  if (!found) await all.add(wanted)
}

function leaseSeconds(env: NodeJS.ProcessEnv = process.env): number {
  const wanted = Number(env['LAB_NATS_LEASE_SECONDS'])
  return wanted >= 1 && wanted <= 3600 ? wanted : usualLeaseSeconds
}

/** Opens the buckets; `makes` for the lab that gives the work. */
export async function openBuckets(connection: NatsConnection, makes: boolean): Promise<Buckets> {
  const objects = new Objm(jetstream(connection))
  const open = (name: string) => (makes ? objects.create(name, { ttl: nanos(keptMs) }) : objects.open(name, false))
  return { tables: await open(buckets.tables), stands: await open(buckets.stands), large: await open(buckets.large) }
}

/** The names of the units that a stream has under a subject. */
export async function namesIn(manager: JetStreamManager, stream: string, filter: string): Promise<Set<string>> {
  const { state } = await manager.streams.info(stream, { subjects_filter: filter })
  return new Set(Object.keys(state.subjects ?? {}).map((subject) => subject.slice(subject.lastIndexOf('.') + 1)))
}
