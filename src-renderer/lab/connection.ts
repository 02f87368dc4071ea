/**
 * One lasting connection to the lab over transports that come and go: calls wait for an open transport, and a lost
 * one is opened again with growing pauses. Knows neither WebSocket nor MessagePort (transports.ts does).
 */
import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client'

/** A transport that is open. */
export interface Transport {
  readonly link: ClientLink<ClientContext>
  /** Resolves once it is gone. */
  readonly closed: Promise<void>
}

/** Opens a transport; rejects where the lab can't be reached. */
export type OpenTransport = () => Promise<Transport>

export interface ConnectionStatus {
  readonly state: 'connecting' | 'open' | 'reconnecting'
  /** Attempts since it was last open. */
  readonly attempts: number
}

const firstPauseMs = 200
const longestPauseMs = 5000

export class Connection implements ClientLink<ClientContext> {
  #open: OpenTransport
  #onStatus: (status: ConnectionStatus) => void
  #transport = Promise.withResolvers<Transport>()

  constructor(open: OpenTransport, onStatus: (status: ConnectionStatus) => void) {
    this.#open = open
    this.#onStatus = onStatus
    void this.#keepOpen()
  }

  async call(path: readonly string[], input: unknown, options: ClientOptions<ClientContext>): Promise<unknown> {
    const transport = await this.#transport.promise
    return transport.link.call(path, input, options)
  }

  async #keepOpen(): Promise<never> {
    this.#onStatus({ state: 'connecting', attempts: 0 })
    for (let attempts = 1; ; attempts++) {
      const transport = await this.#open().catch(() => null)
      if (transport) {
        attempts = 0
        this.#transport.resolve(transport)
        this.#onStatus({ state: 'open', attempts })
        await transport.closed
        this.#transport = Promise.withResolvers()
      }
      this.#onStatus({ state: 'reconnecting', attempts })
      await pause(Math.min(longestPauseMs, firstPauseMs * 2 ** attempts))
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
