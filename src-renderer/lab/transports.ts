/**
 * The two ways to the lab, told apart when the page runs: a MessagePort from the desktop's preload, or a WebSocket to
 * the host that served the page.
 */
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import { type DesktopBridge, portMessage } from '#contract/desktop-bridge.ts'
import { jsonSerializers } from '#contract/serialization.ts'
import { rpcPath } from '#contract/web-host.ts'
import type { OpenTransport, Transport } from '#renderer/lab/connection.ts'

declare global {
  interface Window {
    /** Set by the desktop's preload alone. */
    readonly topologyLab?: DesktopBridge
  }
}

const customJsonSerializers = jsonSerializers

/** Chooses the transport of the host that the page runs in. */
export function chooseTransport(page: Window): OpenTransport {
  const bridge = page.topologyLab
  return bridge ? () => openPort(page, bridge) : () => openSocket(page.location)
}

function openPort(page: Window, bridge: DesktopBridge): Promise<Transport> {
  return new Promise((resolve) => {
    const take = (event: MessageEvent) => {
      const [port] = event.ports
      if (event.source !== page || event.data !== portMessage || !port) return
      page.removeEventListener('message', take)
      const closed = new Promise<void>((end) => port.addEventListener('close', () => end()))
      const link = new PortLink({ port, customJsonSerializers })
      port.start()
      resolve({ link, closed })
    }
    page.addEventListener('message', take)
    bridge.connect()
  })
}

function openSocket(location: Location): Promise<Transport> {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  const websocket = new WebSocket(`${scheme}://${location.host}${rpcPath}`)
  const link = new SocketLink({ websocket, customJsonSerializers })
  const closed = new Promise<void>((end) => websocket.addEventListener('close', () => end()))
  return new Promise((resolve, reject) => {
    websocket.addEventListener('open', () => resolve({ link, closed }))
    websocket.addEventListener('error', () => reject(new Error('The lab can not be reached.')))
  })
}
