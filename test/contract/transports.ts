/**
 * The three ways to the contract, each opened as its host opens it: called directly, over the web host's WebSocket,
 * and over the desktop's port, through the code of src-main/web and src-main/desktop.
 */
import { createORPCClient } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { jsonSerializers } from '#contract/serialization.ts'
import { rpcPath } from '#contract/web-host.ts'
import type { ContractClient } from '#contract/contract.ts'
import { acceptConnections, type ConnectionParts } from '#lab/desktop/connection.ts'
import { channels } from '#lab/desktop/channels.ts'
import type { Lab } from '#lab/lab.ts'
import { cookieOf } from '#lab/web/admission.ts'
import { startWebServer } from '#lab/web/server.ts'
import { createDownloads } from '#lab/web/downloads.ts'
import { createUploads } from '#lab/web/uploads.ts'
import { Contents, createIpcMain, Frame, MessageChannelMain } from '#test/desktop/electron-stand-in.ts'

export interface Connected {
  readonly client: ContractClient
  /** Breaks the connection off, as a closed page does; the direct way has none to break. */
  readonly disconnect: () => void
}

/** A way to a lab that is open. */
export interface Mounted {
  /** Connects one more client. */
  readonly connect: () => Promise<Connected>
  readonly close: () => Promise<void>
}

export interface Transport {
  readonly name: string
  /** Whether messages travel, so that connections can break and sizes are bounded. */
  readonly isRemote: boolean
  readonly mount: (lab: Lab) => Promise<Mounted>
}

const customJsonSerializers = jsonSerializers

const direct: Transport = {
  name: 'direct',
  isRemote: false,
  mount: (lab) =>
    Promise.resolve({
      connect: () => Promise.resolve({ client: lab.client, disconnect: () => undefined }),
      close: () => Promise.resolve()
    })
}

const webSocket: Transport = {
  name: 'WebSocket',
  isRemote: true,
  async mount({ router, folder }) {
    const server = await startWebServer({
      router,
      uploads: createUploads(folder, 2 ** 20),
      downloads: createDownloads(folder),
      folder,
      port: 0
    })
    const url = `ws://127.0.0.1:${server.door.port}${rpcPath}`
    return {
      async connect() {
        const socket = new WebSocket(url, { headers: { cookie: cookieOf(server.door) } })
        await once(socket, 'open')
        const link = new SocketLink({ websocket: socket, customJsonSerializers })
        return { client: createORPCClient(link), disconnect: () => socket.terminate() }
      },
      close: () => server.close()
    }
  }
}

const messagePort: Transport = {
  name: 'MessagePort',
  isRemote: true,
  mount({ router }) {
    const ipcMain = createIpcMain()
    const dialog = { showOpenDialog: () => Promise.resolve({ canceled: true, filePaths: [] }) }
    acceptConnections(router, { ipcMain, MessageChannelMain, dialog } as unknown as ConnectionParts)
    const opened: { close(): void }[] = []
    return Promise.resolve({
      async connect() {
        const frame = new Frame('app://lab/')
        ipcMain.emit(channels.connect, { sender: new Contents(), senderFrame: frame })
        const port = await frame.ports
        const link = new PortLink({ port, customJsonSerializers })
        port.start()
        opened.push(port)
        return { client: createORPCClient(link), disconnect: () => port.close() }
      },
      close: () => Promise.resolve(opened.forEach((port) => port.close()))
    })
  }
}

export const transports: readonly Transport[] = [direct, webSocket, messagePort]
