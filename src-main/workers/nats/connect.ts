/**
 * A connection to a NATS server. Who one is comes from the environment or from files that it names, never from the address
 * or an option: those are seen in lists of processes, in the history of a terminal, and in the store.
 */
import { readFile } from 'node:fs/promises'
import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node'
import { LabError } from '#contract/errors.ts'

/** The variables that are read; the last six name files. */
const variables = {
  user: 'LAB_NATS_USER',
  password: 'LAB_NATS_PASSWORD',
  token: 'LAB_NATS_TOKEN',
  creds: 'LAB_NATS_CREDS',
  nkey: 'LAB_NATS_NKEY',
  ca: 'LAB_NATS_CA',
  cert: 'LAB_NATS_CERT',
  key: 'LAB_NATS_KEY'
} as const

/** Whether a text is meant as the address of a server. */
export const isServerAddress = (text: string): boolean => /^(nats|tls):/i.test(text)

/**
 * Reads an address such as nats://server:4222 or tls://server.
 * Errors: LabError 'bad_settings' for another text, and for one that has a user or a password in it.
 */
export function readServerAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !isServerAddress(text) || url.hostname === '' || !['', '/'].includes(url.pathname)) {
    throw new LabError(
      'bad_settings',
      `"${withoutSecret(text)}" is no address of a NATS server, such as nats://server:4222.`,
      {
        field: 'workers'
      }
    )
  }
  if (url.username !== '' || url.password !== '') {
    throw new LabError(
      'bad_settings',
      `The address of the server is shown and kept, so it can have no user and no password in it; set ${variables.user} and ` +
        `${variables.password}, or ${variables.creds}, in the environment.`,
      { field: 'workers' }
    )
  }
  return `${url.protocol}//${url.hostname}:${url.port || '4222'}`
}

const withoutSecret = (text: string) => text.slice(0, 200).replace(/\/\/[^/]*@/, '//...@')

/**
 * Connects; what breaks afterwards is mended for ever.
 * Errors: LabError 'engine' with a sentence, in which nothing is secret.
 */
export async function connectTo(
  address: string,
  name: string,
  env: NodeJS.ProcessEnv = process.env
): Promise<NatsConnection> {
  const server = readServerAddress(address)
  // Loaded where it is needed: on one machine nobody ever does.
  const { connect } = await import('@nats-io/transport-node')
  const options = await optionsFrom(env, server)
  try {
    return await connect({
      ...options,
      servers: server.replace(/^\w+:\/\//, ''),
      name,
      timeout: 5000,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 500,
      pingInterval: 20_000,
      // A trace for each message that is sent costs more than to send it.
      noAsyncTraces: true
    })
  } catch (error) {
    throw new LabError('engine', `The NATS server ${server} ${whyNot(error)}`)
  }
}

async function optionsFrom(env: NodeJS.ProcessEnv, server: string): Promise<NodeConnectionOptions> {
  const { credsAuthenticator, nkeyAuthenticator } = await import('@nats-io/transport-node')
  const value = (name: keyof typeof variables) => env[variables[name]] || undefined
  const { user, password, token } = { user: value('user'), password: value('password'), token: value('token') }
  const creds = await fileIn(env, variables.creds)
  const seed = creds ? null : await fileIn(env, variables.nkey)
  const [caFile, certFile, keyFile] = [value('ca'), value('cert'), value('key')]
  const isSafe = server.startsWith('tls:') || caFile !== undefined || certFile !== undefined
  return {
    ...(user !== undefined && { user }),
    ...(password !== undefined && { pass: password }),
    ...(token !== undefined && { token }),
    ...(creds && { authenticator: credsAuthenticator(creds) }),
    ...(seed && { authenticator: nkeyAuthenticator(new TextEncoder().encode(new TextDecoder().decode(seed).trim())) }),
    ...(isSafe && {
      tls: {
        ...(caFile !== undefined && { caFile }),
        ...(certFile !== undefined && { certFile }),
        ...(keyFile !== undefined && { keyFile })
      }
    })
  }
}

async function fileIn(env: NodeJS.ProcessEnv, variable: string): Promise<Uint8Array | null> {
  const path = env[variable]
  if (!path) return null
  return readFile(path).catch((error: unknown) => {
    throw new LabError(
      'bad_settings',
      `${variable} names the file ${path}, which can not be read: ${(error as Error).message}`
    )
  })
}

function whyNot(error: unknown): string {
  const { name, message, cause } = error as { name?: string; message?: string; cause?: { message?: string } }
  const told = `${name ?? ''} ${message ?? ''} ${cause?.message ?? ''}`
  if (/authoriz|authenti|permission/i.test(told)) {
    return `does not let this user in; see ${variables.user}, ${variables.token} and ${variables.creds} in the environment.`
  }
  if (/certificate|tls|ssl|self.signed/i.test(told))
    return `can not be trusted by TLS: ${(cause?.message ?? message ?? '').slice(0, 200)}.`
  return 'does not answer.'
}
