/**
 * How a command reaches the lab: it owns the lab for as long as it takes; or joins the web host that owns it; or, only
 * to read, opens it beside its owner.
 */
import { createORPCClient } from '@orpc/client'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { ContractClient } from '#contract/contract.ts'
import { LabError } from '#contract/errors.ts'
import { jsonSerializers } from '#contract/serialization.ts'
import { rpcPath } from '#contract/web-host.ts'
import type { CliContext, ExitCode } from '#lab/cli/context.ts'
import { createEngineInProcess } from '#lab/engine/in-process.ts'
import { createLab, readOwner } from '#lab/lab.ts'
import { createLogFile } from '#lab/hosts/log-file.ts'
import { cookieOf } from '#lab/web/admission.ts'

export interface LabConnection {
  readonly client: ContractClient
  /** Whether another process owns the lab, so that runs go on without us. */
  readonly isJoined: boolean
  close(): Promise<void>
}

/** Another command may own the lab for the moment it takes to list something: a short wait gets past it. */
const patienceMs = 2000
const retryMs = 100

/**
 * What a command needs the lab for: to train as well means that the engine starts while data and settings are read, and to look
 * that it stays long and lets others own the lab.
 */
type Purpose = 'look' | 'read' | 'write' | 'train'

/** Reaches the lab, works, and lets go of it, whatever happens. */
export async function withLab(
  context: CliContext,
  purpose: Purpose,
  work: (connection: LabConnection) => Promise<ExitCode>
): Promise<ExitCode> {
  const connection = await connect(context, purpose)
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}

async function connect(context: CliContext, purpose: Purpose): Promise<LabConnection> {
  if (purpose === 'look') return open(context, purpose, true)
  for (const start = performance.now(); ; await pause(retryMs)) {
    try {
      return await open(context, purpose)
    } catch (error) {
      if (!(error instanceof LabError && error.code === 'lab_busy')) throw error
      const address = readOwner(context.labFolder)?.address
      // One that is closing answers no more, and lets go of the lab in a moment.
      const joined = address ? await join(address).catch((refusal: unknown) => ({ refusal })) : { refusal: error }
      if (!('refusal' in joined)) return joined
      if (!address && purpose === 'read') return await open(context, purpose, true)
      if (performance.now() - start > patienceMs || context.interrupted.aborted) throw joined.refusal
    }
  }
}

async function open(context: CliContext, purpose: Purpose, readOnly = false): Promise<LabConnection> {
  const { root, labFolder } = context
  const log = createLogFile(labFolder)
  const services = {
    name: 'direct',
    capabilities: { nativeFiles: true, uploads: false },
    launchEngine: createEngineInProcess({ root }, log),
    log,
    root
  } as const
  const lab = await createLab(labFolder, services, { readOnly, canLookOnly: purpose === 'read' })
  if (lab.lookOnly && !readOnly) context.output.say(`${lab.lookOnly.message} It is opened to be looked at.`)
  if (purpose === 'train') lab.startEngine()
  return { client: lab.client, isJoined: false, close: () => lab.close() }
}

/**
 * Joins the process that has the lab.
 * Errors: LabError 'lab_busy' where it takes no others or does not answer.
 */
export async function joinOwner(labFolder: string): Promise<LabConnection> {
  const address = readOwner(labFolder)?.address
  if (address) return join(address)
  throw new LabError('lab_busy', 'The process that has the lab takes no others; close it first.')
}

/** Joins over the same socket as a page, with the secret that only this user can read. */
async function join(address: { readonly url: string; readonly secret: string }): Promise<LabConnection> {
  const [{ RPCLink }, { WebSocket }] = await Promise.all([import('@orpc/client/websocket'), import('ws')])
  const url = new URL(rpcPath, address.url)
  const cookie = cookieOf({ port: Number(url.port), secret: address.secret })
  url.protocol = 'ws:'
  const socket = new WebSocket(url, { headers: { cookie } })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', (error) =>
      reject(new LabError('lab_busy', `The process that owns the lab does not answer: ${error.message}.`))
    )
  })
  // What goes wrong later ends the socket, and with it every call and stream.
  socket.on('error', () => undefined)
  const link = new RPCLink({ websocket: socket, customJsonSerializers: jsonSerializers })
  const client: ContractClient = createORPCClient(link)
  const close = async () => {
    // A stream that was just given up tells the host so, for which the socket must still be open.
    await nextTurn()
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    socket.close()
    await closed
  }
  return { client, isJoined: true, close }
}
