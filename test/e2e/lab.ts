/** A web host of its own for each browser test: the built app on a lab in a temporary folder. */
import { expect, test as base } from '@playwright/test'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const root = resolve(import.meta.dirname, '../..')

export interface WebLab {
  readonly folder: string
  /** The address to open, with its key; another one after each start. */
  address(): string
  /** Ends the host at once, as a power cut would. */
  kill(): Promise<void>
  /** Ends the host as Ctrl-C does. */
  stop(): Promise<void>
  /** Starts it again on the same folder. */
  start(): Promise<void>
}

/** Starts a web host on an empty lab; `stop` leaves the folder to whoever made it. */
export async function startWebLab(folder: string): Promise<WebLab> {
  let child: ChildProcess
  let address = ''

  async function start(): Promise<void> {
    const args = [join(root, 'out', 'main', 'cli.js'), 'serve', '--no-open', '--lab', folder]
    const host = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    child = host
    const lines = createInterface({ input: host.stdout })
    const [line] = (await Promise.race([once(lines, 'line'), once(host, 'exit')])) as [unknown]
    const match = /^Topology Lab: (http:\/\/127\.0\.0\.1:\d+\/\?key=\S+)$/.exec(String(line))
    if (!match?.[1]) throw new Error(`The web host did not start: ${String(line)}`)
    address = match[1]
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }

  await start()
  return { folder, address: () => address, kill: () => end('SIGKILL'), stop: () => end('SIGTERM'), start }
}

/** Playwright's `test` with a running lab of its own. */
export const test = base.extend<{ lab: WebLab }>({
  // Playwright reads a fixture's needs from this pattern, empty or not.
  // eslint-disable-next-line no-empty-pattern
  lab: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'topology-lab-e2e-'))
    const lab = await startWebLab(folder)
    await use(lab)
    await lab.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },
  // What Svelte warns of in the page, such as a derived value that has gone dead, is a fault.
  page: async ({ page }, use) => {
    const warnings: string[] = []
    page.on('console', (message) => {
      if (message.text().includes('svelte.dev/e/')) warnings.push(message.text())
    })
    await use(page)
    expect(warnings).toEqual([])
  }
})

export { expect }
