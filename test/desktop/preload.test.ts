/** The preload on a stand-in: what the page gets, and that it gets no more. */
import type { EventEmitter } from 'node:events'
import { expect, test, vi } from 'vitest'
import { type DesktopBridge, portMessage } from '#contract/desktop-bridge.ts'
import { channels } from '#lab/desktop/channels.ts'

interface Renderer extends EventEmitter {
  send: (channel: string) => void
  invoke: (channel: string) => Promise<unknown>
}

const { exposed, ipcRenderer, posted } = vi.hoisted(() => {
  const exposed: Record<string, unknown> = {}
  const posted: unknown[][] = []
  return { exposed, posted, ipcRenderer: {} as Renderer }
})

vi.mock('electron', async () => {
  const { EventEmitter } = await import('node:events')
  Object.assign(ipcRenderer, EventEmitter.prototype, {
    send: vi.fn(),
    invoke: vi.fn((channel: string) => Promise.resolve([`/chosen by ${channel}`]))
  })
  return {
    contextBridge: { exposeInMainWorld: (name: string, value: unknown) => (exposed[name] = value) },
    ipcRenderer,
    webUtils: { getPathForFile: (file: { name: string }) => `/home/ada/${file.name}` }
  }
})

test('the page gets the bridge of the contract and nothing of Electron', async () => {
  vi.stubGlobal('window', {
    location: { origin: 'app://lab' },
    postMessage: (...args: unknown[]) => posted.push(args)
  })
  await import('#lab/desktop/preload.ts')
  expect(Object.keys(exposed)).toEqual(['topologyLab'])
  const bridge = exposed['topologyLab'] as DesktopBridge
  expect(Object.keys(bridge).sort()).toEqual([
    'chooseFiles',
    'chooseTarget',
    'connect',
    'host',
    'pathFor',
    'takeOpenedFiles'
  ])
  expect(bridge.host).toBe('desktop')
  expect(bridge.pathFor({ name: 'iris.csv' })).toBe('/home/ada/iris.csv')
  expect(await bridge.chooseFiles()).toEqual([`/chosen by ${channels.chooseFiles}`])

  const taken: string[][] = []
  bridge.takeOpenedFiles((paths) => taken.push(paths))
  expect(ipcRenderer.send).toHaveBeenCalledWith(channels.takeFiles)
  ipcRenderer.emit(channels.openedFiles, { sender: 'never handed on' }, ['/home/ada/iris.csv'])
  expect(taken).toEqual([['/home/ada/iris.csv']])

  bridge.connect()
  expect(ipcRenderer.send).toHaveBeenCalledWith(channels.connect)
  const port = { a: 'port' }
  ipcRenderer.emit(channels.port, { sender: 'never handed on', ports: [port] })
  expect(posted).toEqual([[portMessage, 'app://lab', [port]]])
})
