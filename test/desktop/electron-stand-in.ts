/**
 * An in-memory stand-in for the few Electron calls that src-main/desktop makes, so that its own code runs in tests.
 * Ports are real message channels, so everything is structured-cloned; the utility process is a real Node process.
 */
import { fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { resolve } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { channels } from '#lab/desktop/channels.ts'

export const root = resolve(import.meta.dirname, '../..')

/** Main's end of a channel: an EventEmitter that keeps quiet until start(), as Electron's is. */
class MainPort extends EventEmitter {
  readonly #port: MessagePort

  constructor(port: MessagePort) {
    super()
    this.#port = port
    port.on('close', () => this.emit('close'))
  }

  start(): void {
    this.#port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }))
  }

  postMessage(message: unknown): void {
    this.#port.postMessage(message)
  }

  close(): void {
    this.#port.close()
  }
}

/** Both ends as main makes them; the second is for the page and travels as it is. */
export class MessageChannelMain {
  readonly port1: MainPort
  readonly port2: MessagePort

  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.port1 = new MainPort(port1)
    this.port2 = port2
  }
}

/** A frame that keeps what main sends it. */
export class Frame {
  url: string
  parent: Frame | null
  readonly ports: Promise<MessagePort>
  #receive: (port: MessagePort) => void = () => undefined

  constructor(url: string, parent: Frame | null = null) {
    this.url = url
    this.parent = parent
    this.ports = new Promise((resolve) => (this.#receive = resolve))
  }

  postMessage(channel: string, _message: unknown, [port]: MessagePort[]): void {
    if (channel === channels.port && port) this.#receive(port)
  }
}

let contentsCount = 0

export class Contents extends EventEmitter {
  readonly id = ++contentsCount
  /** What main sent, by channel. */
  readonly sent: [channel: string, message: unknown][] = []
  openWindow: (details: { url: string }) => { action: string } = () => ({ action: 'allow' })

  send(channel: string, message: unknown): void {
    this.sent.push([channel, message])
  }

  setWindowOpenHandler(handler: Contents['openWindow']): void {
    this.openWindow = handler
  }
}

const windows: BrowserWindow[] = []
let windowOpened: (window: BrowserWindow) => void = () => undefined
const firstWindow = new Promise<BrowserWindow>((resolve) => (windowOpened = resolve))

class BrowserWindow extends EventEmitter {
  static getAllWindows = () => windows
  readonly options: { webPreferences: Record<string, unknown> }
  readonly webContents = new Contents()
  url = ''
  isShown = false
  isFocused = false
  isSmall = false

  constructor(options: BrowserWindow['options']) {
    super()
    this.options = options
    windows.push(this)
    app.emit('web-contents-created', {}, this.webContents)
  }

  loadURL(url: string): Promise<void> {
    this.url = url
    this.emit('ready-to-show')
    windowOpened(this)
    return Promise.resolve()
  }

  show = () => (this.isShown = true)
  focus = () => (this.isFocused = true)
  isMinimized = () => this.isSmall
  restore = () => (this.isSmall = false)
}

type Handler = (...args: never[]) => unknown

class App extends EventEmitter {
  readonly paths: Record<string, string> = { appData: '/appData' }
  isSandboxed = false
  isQuitDone: Promise<void>
  #finish: () => void = () => undefined

  constructor() {
    super()
    this.isQuitDone = new Promise((resolve) => (this.#finish = resolve))
  }

  enableSandbox = () => (this.isSandboxed = true)
  /** What a second start would hand over. */
  handed: unknown = null
  requestSingleInstanceLock = (handed: unknown) => {
    this.handed = handed
    return true
  }
  whenReady = () => Promise.resolve()
  getAppPath = () => root
  getPath = (name: string) => this.paths[name]
  setPath = (name: string, path: string) => (this.paths[name] = path)

  /** Asks everybody first, as Electron does; ends only where nobody held it up. */
  quit = () => {
    let isHeldUp = false
    this.emit('before-quit', { preventDefault: () => (isHeldUp = true) })
    if (!isHeldUp) this.#finish()
  }
}

type InvokeHandlers = Map<string, (event: unknown, ...args: unknown[]) => unknown>

/** Main's end of the messages between page and main; what was registered to be invoked is kept in the map. */
export function createIpcMain(invoked: InvokeHandlers = new Map()) {
  return Object.assign(new EventEmitter(), {
    handle: (channel: string, handler: (event: unknown, ...args: unknown[]) => unknown) => invoked.set(channel, handler)
  })
}

const app = new App()
const schemes: { scheme: string; privileges: Record<string, boolean> }[] = []
const answers = new Map<string, (request: Request) => Promise<Response>>()
const permissions: { request?: Handler; check?: Handler; device?: Handler } = {}
const invoked: InvokeHandlers = new Map()

/** What tests look at and press. */
export const standIn = {
  app,
  windows,
  firstWindow,
  schemes,
  answers,
  permissions,
  invoked,
  chosen: ['/home/ada/a.csv'],
  /** Questions that were asked, and the button that answers the next ones. */
  asked: [] as { message: string; buttons: string[] }[],
  answer: 0
}

/** What `import ... from 'electron'` gives. */
export const electron = {
  app,
  BrowserWindow,
  MessageChannelMain,
  Menu: { buildFromTemplate: (template: unknown) => template, setApplicationMenu: () => undefined },
  dialog: {
    showErrorBox: () => undefined,
    showSaveDialog: ({ defaultPath }: { defaultPath: string }) =>
      Promise.resolve({ canceled: false, filePath: `/saved/${defaultPath}` }),
    showMessageBoxSync: (question: (typeof standIn.asked)[number]) => {
      standIn.asked.push(question)
      return standIn.answer
    },
    showOpenDialog: () => Promise.resolve({ canceled: false, filePaths: standIn.chosen })
  },
  ipcMain: createIpcMain(invoked),
  protocol: {
    registerSchemesAsPrivileged: (added: typeof schemes) => schemes.push(...added),
    handle: (scheme: string, answer: (request: Request) => Promise<Response>) => answers.set(scheme, answer)
  },
  session: {
    defaultSession: {
      setPermissionRequestHandler: (handler: Handler) => (permissions.request = handler),
      setPermissionCheckHandler: (handler: Handler) => (permissions.check = handler),
      setDevicePermissionHandler: (handler: Handler) => (permissions.device = handler)
    }
  },
  utilityProcess: {
    fork(file: string, args: string[]) {
      const child = fork(file, args, {
        serialization: 'advanced',
        execArgv: [],
        stdio: ['ignore', 'ignore', 'pipe', 'ipc']
      })
      return Object.assign(child, { postMessage: (message: object) => child.send(message) })
    }
  }
}
