/**
 * Trains sweeps by workers at NATS servers. What is at a server survives this lab: it may be closed and opened again while
 * workers go on. Owns the connections, and who the workers are.
 */
import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import type { NatsConnection } from '@nats-io/transport-node'
import type { Workers } from '#contract/sweeps.ts'
import { LabError } from '#contract/errors.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import type { Runner } from '#lab/runs/runner.ts'
import type { Store } from '#lab/store/store.ts'
import type { Executor } from '#lab/sweeps/executor.ts'
import type { Delivery } from '#lab/workers/deliver.ts'
import { connectTo, readServerAddress } from '#lab/workers/nats/connect.ts'
import type { Server } from '#lab/workers/nats/given.ts'
import type { SweepAtServer } from '#lab/workers/nats/sweep-at-server.ts'
import { type Control, streams, subjects } from '#lab/workers/nats/wire.ts'
import { WorkerTable } from '#lab/workers/nats/worker-table.ts'
import { createUnitsOf } from '#lab/workers/unit-of-run.ts'
import { wireVersion } from '#lab/workers/unit.ts'

export interface ServerExecutors {
  /** The executor of a server. Errors: LabError 'bad_settings' for what is no address. */
  at(address: string): Executor
  /** Errors: LabError 'bad_settings' or 'engine' with the sentence why a server can not be worked with. */
  check(address: string): Promise<void>
  /** Who was heard of at the servers that have been spoken to. */
  workers(): Workers
  /** Takes in nothing more and hangs up; what is at the servers stays there. */
  close(): Promise<void>
}

export interface ServerExecutorsOptions extends Delivery {
  readonly folder: string
  readonly store: Store
  readonly prepared: PreparedTables
  readonly runner: Runner
  readonly log: HostServices['log']
  /** Hears that a worker came, went, or gave a sign of life. */
  readonly onWorkers: () => void
}

/** Units of a sweep at a server: enough for hundreds of workers, and listed in a moment. */
const most = 2000

interface OpenServer extends Server {
  readonly table: WorkerTable
}

/** Creates the executors; nobody is spoken to yet. */
export function createServerExecutors(options: ServerExecutorsOptions): ServerExecutors {
  const { folder, store, prepared, runner, log, onWorkers } = options
  const delivery: Delivery = options
  // A copy of a lab elsewhere is another one, and does not take in its results.
  const head = createHash('sha256').update(`${hostname()}\n${folder}`).digest('hex').slice(0, 16)
  const servers = new Map<string, Promise<OpenServer>>()
  const tables = new Map<string, WorkerTable>()
  const sweeps = new Map<number, SweepAtServer>()
  const leaving = new Map<number, Promise<void>>()
  let isClosed = false

  async function connect(address: string): Promise<OpenServer> {
    const { makeStreams, openBuckets } = await clientParts()
    const connection = await connectTo(address, 'topology-lab')
    try {
      const manager = await makeStreams(connection)
      const buckets = await openBuckets(connection, true)
      const table = new WorkerTable(address, {
        hold: (name) => [...sweeps.values()].flatMap((sweep) => sweep.runsOf(name)),
        store,
        delivery,
        head,
        onChange: onWorkers
      })
      table.listen(connection)
      tables.set(address, table)
      return { connection, manager, buckets, table }
    } catch (error) {
      await connection.close()
      throw error
    }
  }

  function serverAt(address: string): Promise<OpenServer> {
    const known = servers.get(address) ?? connect(address)
    servers.set(address, known)
    known.catch(() => servers.delete(address))
    return known
  }

  function tell({ connection }: { readonly connection: NatsConnection }, what: Omit<Control, 'version'>): void {
    connection.publish(subjects.control(head), JSON.stringify({ version: wireVersion, ...what }))
  }

  /** Nothing of a sweep that is over is kept at the server, nor at its workers. */
  async function clearAway(server: OpenServer, sweepId: number, given: readonly string[]): Promise<void> {
    const { manager, buckets } = server
    await manager.streams.purge(streams.units, { filter: subjects.unitsOf(head, sweepId) })
    tell(server, { drop: sweepId })
    await manager.consumers.delete(streams.results, `lab-${head}-${sweepId}`).catch(() => undefined)
    await manager.streams.purge(streams.results, { filter: subjects.resultsOf(head, sweepId) })
    const needed = new Set([...sweeps.values()].flatMap((sweep) => sweep.tables()))
    const idle = given.filter((sha256) => !needed.has(sha256))
    for (const sha256 of idle) await buckets.tables.delete(sha256).catch(() => undefined)
    if (idle.length > 0) tell(server, { forget: idle })
  }

  async function leave(address: string, sweepId: number, isOver: boolean): Promise<void> {
    const sweep = sweeps.get(sweepId)
    sweeps.delete(sweepId)
    await sweep?.leave()
    const work = async () => {
      const server = await serverAt(address)
      if (isOver) await clearAway(server, sweepId, sweep?.tables() ?? [])
      else await sweep?.withdraw()
    }
    const done = work().catch((error: unknown) => {
      if (!isClosed) log('warning', `Sweep ${sweepId}: something of it stays at ${address}: ${String(error)}`)
    })
    leaving.set(sweepId, done)
    void done.finally(() => leaving.delete(sweepId))
  }

  function at(text: string): Executor {
    const address = readServerAddress(text)
    return {
      isLocal: false,
      ahead: () => ({ least: most / 2, most }),
      isComingBack: () => false,
      async begin({ id: sweepId, experimentId }, lost) {
        await leaving.get(sweepId)
        const experiment = store.experiments.get(experimentId)
        if (!experiment) throw new LabError('not_found', `The experiment of sweep ${sweepId} was removed.`)
        const server = await serverAt(address)
        const unitOf = createUnitsOf(prepared, experiment)
        const { SweepAtServer } = await clientParts()
        const sweep = new SweepAtServer({ server, head, sweepId, store, runner, delivery, unitOf, lost, log })
        sweeps.set(sweepId, sweep)
        await sweep.begin()
      },
      enqueue: (sweepId, runIds) => sweeps.get(sweepId)?.give(runIds),
      leave: (sweepId, isOver) => leave(address, sweepId, isOver)
    }
  }

  return {
    at,
    async check(address) {
      await serverAt(readServerAddress(address))
    },
    workers: () => ({ servers: [...tables.values()].map((table) => table.state()) }),
    async close() {
      isClosed = true
      await Promise.all([...sweeps.values()].map((sweep) => sweep.leave()))
      sweeps.clear()
      await Promise.all(leaving.values())
      for (const server of servers.values()) {
        await server.then(({ table, connection }) => (table.close(), connection.close())).catch(() => undefined)
      }
    }
  }
}

/** What needs the client of NATS: loaded by the first sweep that has a server, for on one machine nobody ever does. */
async function clientParts() {
  const [made, swept] = await Promise.all([
    import('#lab/workers/nats/streams.ts'),
    import('#lab/workers/nats/sweep-at-server.ts')
  ])
  return { ...made, ...swept }
}
