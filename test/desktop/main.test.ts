/** The desktop host from start to end on the stand-in: security as Electron's checklist asks, and a lab that answers. */
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { jsonSerializers } from '#contract/serialization.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import { channels } from '#lab/desktop/channels.ts'
import type { ContractClient } from '#contract/contract.ts'
import { quitAnswers } from '#lab/hosts/quit-question.ts'
import { electron, Frame, root, standIn } from '#test/desktop/electron-stand-in.ts'
import { listRuns } from '#trials/run-pieces.ts'

vi.mock('electron', () => electron)

const folder = mkdtempSync(join(tmpdir(), 'topology-lab-desktop-'))
const argv = process.argv
let window: Awaited<typeof standIn.firstWindow>

beforeAll(async () => {
  process.argv = [process.execPath, root, '--lab', folder, '/home/ada/run #3 50%.csv']
  await import('#lab/desktop/main.ts')
  window = await standIn.firstWindow
})
afterAll(() => {
  process.argv = argv
  rmSync(folder, { recursive: true, force: true })
})

/** Sends what the preload sends, from a frame. */
function send(channel: string, frame: Frame | null): void {
  electron.ipcMain.emit(channel, { sender: window.webContents, senderFrame: frame })
}

async function connect(): Promise<ContractClient> {
  const frame = new Frame('app://lab/')
  send(channels.connect, frame)
  const port = await frame.ports
  // The page starts its port once it listens, as src-renderer/lab/transports.ts does.
  const link = new RPCLink({ port, customJsonSerializers: jsonSerializers })
  port.start()
  return createORPCClient(link)
}

test('the window is sandboxed and shows the page of our own scheme', () => {
  expect(standIn.app.isSandboxed).toBe(true)
  expect(window.options.webPreferences).toMatchObject({ contextIsolation: true, sandbox: true, nodeIntegration: false })
  expect(window.url).toBe('app://lab/')
  expect(window.isShown).toBe(true)
  expect(standIn.schemes).toMatchObject([{ scheme: 'app', privileges: { standard: true, secure: true } }])
  expect(standIn.schemes[0]?.privileges).not.toHaveProperty('bypassCSP')
})

test("Chromium's files stay out of the lab folder", () => {
  expect(standIn.app.paths['userData']).toBe(join('/appData', 'Topology Lab Window'))
  expect(existsSync(join(folder, 'lab.sqlite'))).toBe(true)
})

describe('the page stays where it is', () => {
  const events = ['will-navigate', 'will-frame-navigate', 'will-redirect']
  const isPrevented = (event: string, url: string) => {
    const preventDefault = vi.fn()
    window.webContents.emit(event, { url, preventDefault })
    return preventDefault.mock.calls.length > 0
  }

  test.each(events)('%s: only to our own origin', (event) => {
    expect(isPrevented(event, 'app://lab/index.html')).toBe(false)
    for (const url of [
      'https://example.com/',
      'file:///etc/passwd',
      'app://lab.evil/',
      'app://labs/',
      'app2://lab/',
      'javascript:alert(1)',
      'data:text/html,x',
      'not a url'
    ]) {
      expect([url, isPrevented(event, url)]).toEqual([url, true])
    }
  })

  test('further windows and webviews are denied', () => {
    expect(window.webContents.openWindow({ url: 'app://lab/' })).toEqual({ action: 'deny' })
    expect(isPrevented('will-attach-webview', 'app://lab/')).toBe(true)
  })
})

test('every permission is denied', () => {
  const answer = vi.fn()
  standIn.permissions.request?.(...([window.webContents, 'media', answer] as never[]))
  expect(answer).toHaveBeenCalledWith(false)
  expect(standIn.permissions.check?.()).toBe(false)
  expect(standIn.permissions.device?.()).toBe(false)
})

describe('the scheme', () => {
  const request = (url: string, method = 'GET') => {
    const answer = standIn.answers.get('app')
    if (!answer) throw new Error('no answer is registered')
    // A real Request normalises the path; what arrives here is what a page managed to send.
    return answer({ url, method } as Request)
  }

  test.each([
    'app://lab/../package.json',
    'app://lab/..%2f..%2fpackage.json',
    'app://lab/%2e%2e/%2e%2e/package.json',
    'app://lab/..%5cpackage.json',
    'app://lab//etc/passwd',
    'app://elsewhere/index.html'
  ])('%s is not there', async (url) => {
    const response = await request(url)
    expect(response.status).toBe(404)
    expect(await response.text()).not.toContain('topology-lab')
  })

  test('answers carry the policy; other methods are refused', async () => {
    const response = await request('app://lab/missing.js')
    const policy = response.headers.get('content-security-policy')
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("connect-src 'self'")
    expect(policy).not.toContain('unsafe')
    expect((await request('app://lab/', 'POST')).status).toBe(405)
  })
})

describe('messages', () => {
  test.each([
    ['a destroyed frame', null],
    ['a frame inside our page', new Frame('app://lab/', new Frame('app://lab/'))],
    ['another origin', new Frame('https://example.com/')],
    ['a name that begins like ours', new Frame('app://lab.evil/')]
  ])('%s gets neither a port nor a dialog', async (_who, frame) => {
    const post = frame && vi.spyOn(frame, 'postMessage')
    send(channels.connect, frame)
    if (post) expect(post).not.toHaveBeenCalled()
    expect(await standIn.invoked.get(channels.chooseFiles)?.({ senderFrame: frame })).toEqual([])
    expect(await standIn.invoked.get(channels.chooseTarget)?.({ senderFrame: frame }, 'a')).toBeNull()
  })

  test('our own page gets the paths that the person chose', async () => {
    const event = { senderFrame: new Frame('app://lab/') }
    expect(await standIn.invoked.get(channels.chooseFiles)?.(event)).toEqual(standIn.chosen)
    expect(await standIn.invoked.get(channels.chooseTarget)?.(event, '../a.onnx')).toBe('/saved/a.onnx')
  })
})

test('the page reaches the lab and its engine over its port, and a new connection ends the old one', async () => {
  const first = await connect()
  expect(await first.host.info()).toMatchObject({
    name: 'desktop',
    labFolder: folder,
    capabilities: { nativeFiles: true, uploads: false }
  })
  const events = await first.host.events()
  const engineIsReady = async () => (await first.host.info()).engine.state === 'ready'
  for (let isReady = await engineIsReady(); !isReady; isReady = await engineIsReady()) await events.next()
  const pending = events.next()
  const second = await connect()
  await expect(pending).rejects.toThrow()
  expect(await listRuns(second, {})).toEqual([])
})

test('a second start shows the window that is there', () => {
  window.isSmall = true
  window.isFocused = false
  standIn.app.emit('second-instance', {}, [], '/', { files: [] })
  expect(window).toMatchObject({ isSmall: false, isFocused: true })
  expect(standIn.windows).toHaveLength(1)
})

test('files that the system opens with the app reach our own page: of this start, of a second one, and by macOS', async () => {
  expect(standIn.app.handed).toEqual({ files: ['/home/ada/run #3 50%.csv'] })
  const take = (frame: Frame | null) =>
    electron.ipcMain.emit(channels.takeFiles, { sender: window.webContents, senderFrame: frame })
  const isPrevented = vi.fn()
  take(new Frame('https://example.com/'))
  standIn.app.emit('second-instance', {}, [], '/', { files: ['/home/ada/größe.toplab'] })
  standIn.app.emit('open-file', { preventDefault: isPrevented }, '/home/ada/net.onnx')
  expect(isPrevented).toHaveBeenCalled()
  take(new Frame('app://lab/'))
  await vi.waitUntil(() => window.webContents.sent.length > 0)
  expect(window.webContents.sent).toEqual([
    [channels.openedFiles, ['/home/ada/run #3 50%.csv', '/home/ada/größe.toplab', '/home/ada/net.onnx']]
  ])
  window.webContents.emit('destroyed')
})

test('quitting asks while runs train, stays where the person keeps them, and else lets go of the folder', async () => {
  const client = await connect()
  const { jobId } = await client.datasets.import({ source: { sampleId: 'iris' } })
  let datasetId = ''
  for await (const step of await client.datasets.importProgress({ jobId })) {
    if (step.type === 'done') datasetId = step.dataset.id
  }
  const { settings } = await client.experiments.propose({ datasetId })
  const { id: experimentId } = await client.experiments.create({ settings })
  const plan = { ...defaultPlan('cross_entropy'), stopping: { epochs: 1_000_000, patience: null } }
  await client.runs.start({ experimentId, hidden: [{ units: 8, activation: 'relu' }], plan, seeds: [1, 2, 3] })
  standIn.answer = quitAnswers.keepRunning
  standIn.app.quit()
  expect(standIn.asked).toMatchObject([{ message: '3 runs are in training or wait for it.' }])
  expect(await listRuns(client, {})).toHaveLength(3)

  standIn.answer = quitAnswers.quit
  standIn.app.quit()
  await standIn.app.isQuitDone
  expect(standIn.asked).toHaveLength(2)
  expect(existsSync(join(folder, 'owner.json'))).toBe(false)
})
