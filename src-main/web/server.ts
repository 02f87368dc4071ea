/**
 * The web host's server: HTTP on 127.0.0.1 for the renderer's files and uploads, a WebSocket for the contract.
 * Every request passes admission first. Owns its sockets, not the lab.
 */
import { RPCHandler } from '@orpc/server/ws'
import type { Router } from '@orpc/server'
import { createServer, STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Contract } from '#contract/contract.ts'
import { jsonSerializers } from '#contract/serialization.ts'
import { downloadPath, rpcPath, type UploadAnswer, uploadPath } from '#contract/web-host.ts'
import { createStaticFiles, securityHeaders } from '#lab/hosts/static-files.ts'
import { addressOf, admit, createSecret, type Door } from '#lab/web/admission.ts'
import { refusalBody } from '#lab/web/refusal-page.ts'
import type { Downloads } from '#lab/web/downloads.ts'
import type { Uploads } from '#lab/web/uploads.ts'

/** No call of the contract needs more: the longest is a note of 20,000 characters or a list of 10,000 runs. */
const maxMessageBytes = 1024 * 1024

export interface WebServerOptions {
  readonly router: Router<Contract, Record<never, never>>
  readonly uploads: Uploads
  readonly downloads: Downloads
  /** The built renderer. */
  readonly folder: string
  /** 0 takes any free port. */
  readonly port: number
}

export interface WebServer {
  readonly door: Door
  /** The address to open, with its key. */
  readonly address: string
  close(): Promise<void>
}

/**
 * Starts the server and resolves once it listens.
 * Errors: rejects with the system's error where the port can't be had (EADDRINUSE, EACCES).
 */
export async function startWebServer({
  router,
  uploads,
  downloads,
  folder,
  port
}: WebServerOptions): Promise<WebServer> {
  const server = createServer()
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes })
  const handler = new RPCHandler(router, { customJsonSerializers: jsonSerializers })

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
  const door: Door = { port: (server.address() as AddressInfo).port, secret: createSecret() }
  const headers = securityHeaders([`ws://127.0.0.1:${door.port}`, `ws://localhost:${door.port}`])
  const serveFile = createStaticFiles(folder, headers)

  server.on('request', (request, response) => {
    void answer(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  server.on('upgrade', upgrade)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const admission = admit(door, request.url ?? '/', request.headers)
    if (admission.kind === 'exchange') {
      response.writeHead(303, { ...headers, ...admission.headers }).end()
    } else if (admission.kind === 'refused') {
      refuse(request, response, admission.status, admission.message)
    } else if (request.method === 'POST' && admission.path === uploadPath) {
      await takeUpload(request, response, admission.query.get('name') ?? '')
    } else if (request.method === 'GET' && admission.path === downloadPath) {
      await giveDownload(request, response, admission.query.get('id') ?? '')
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      const file = await serveFile(admission.path)
      response.writeHead(file.status, { ...file.headers, 'content-length': file.body.length })
      response.end(request.method === 'HEAD' ? undefined : file.body)
    } else {
      refuse(request, response, 405, `${request.method} is not understood here.`)
    }
  }

  function refuse(request: IncomingMessage, response: ServerResponse, status: number, message: string): void {
    const { type, text } = refusalBody(message, request.headers.accept)
    // What is still being sent is not read: the connection ends with the refusal.
    response.writeHead(status, { ...headers, 'content-type': type, 'cache-control': 'no-store', connection: 'close' })
    response.end(text)
  }

  async function takeUpload(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    const result = await uploads.receive(request, name)
    if (response.destroyed) return
    const stored = result.kind === 'stored'
    const body: UploadAnswer = stored ? { uploadId: result.uploadId } : { message: result.message }
    response.writeHead(stored ? 200 : result.status, { ...headers, 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
    // A browser reads the answer only once it has sent everything.
    request.resume()
  }

  async function giveDownload(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    const found = downloads.find(id)
    const size = found && (await stat(found.path).catch(() => null))?.size
    if (!found || size === null || size === undefined) {
      return refuse(request, response, 404, 'This file is not there any more. Make it again.')
    }
    response.writeHead(200, {
      ...headers,
      'content-type': 'application/octet-stream',
      'content-length': size,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(found.name)}`,
      'cache-control': 'no-store'
    })
    await pipeline(createReadStream(found.path), response)
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const admission = admit(door, request.url ?? '/', request.headers)
    if (admission.kind === 'admitted' && admission.path === rpcPath) {
      sockets.handleUpgrade(request, socket, head, connect)
      return
    }
    const status = admission.kind === 'refused' ? admission.status : 404
    socket.on('error', () => socket.destroy())
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  }

  function connect(socket: WebSocket): void {
    // Without a listener a message over the limit would end the process; ws closes the socket with 1009 by itself.
    socket.on('error', () => undefined)
    void handler.upgrade({ addEventListener: socket.addEventListener.bind(socket), send: pacedSend(socket) }, {})
  }

  return {
    door,
    address: addressOf(door),
    async close() {
      for (const socket of sockets.clients) socket.close(1001, 'The lab is closing.')
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeIdleConnections()
      // Whoever does not answer the goodbye is cut off, so that the end never hangs on a sleeping page.
      const cutOff = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate()
        server.closeAllConnections()
      }, 500)
      await closed
      clearTimeout(cutOff)
      await uploads.close()
      await downloads.close()
    }
  }
}

/**
 * Sends so that a slow client holds back its own streams instead of filling our memory: oRPC waits for the promise,
 * which resolves once the bytes are out, although the type it asks for says nothing of it.
 */
function pacedSend(socket: WebSocket): WebSocket['send'] {
  const send = (data: Parameters<WebSocket['send']>[0]) =>
    new Promise<void>((resolve, reject) => {
      // What is still under way when a client leaves, or the lab closes, has no reader any more.
      if (socket.readyState === socket.OPEN) socket.send(data, (error) => (error ? reject(error) : resolve()))
      else resolve()
    })
  return send as WebSocket['send']
}
