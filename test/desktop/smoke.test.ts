/** The real Electron, where its binary is: starts the built app on an empty lab and looks at its window. */
import { _electron } from '@playwright/test'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** Looks by files: importing `electron` would start its download. */
function findElectron(): string | null {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  const pathFile = join(folder, 'path.txt')
  const replaced = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  if (!existsSync(pathFile)) return null
  const path = join(replaced ?? join(folder, 'dist'), readFileSync(pathFile, 'utf8'))
  return existsSync(path) ? path : null
}

const executablePath = findElectron()
const hasDisplay = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])
const missing = !executablePath
  ? "Electron's binary is not downloaded (npx install-electron --no)"
  : !hasDisplay
    ? 'there is no display'
    : !existsSync(join(root, 'out', 'main', 'desktop.js'))
      ? 'the app is not built (npm run build)'
      : null
if (missing) process.stderr.write(`The smoke test of the desktop app is skipped: ${missing}.\n`)

test.skipIf(missing !== null)('the app opens its window on an empty lab', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'topology-lab-electron-'))
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const app = await _electron.launch({
    executablePath: executablePath ?? '',
    args: [...asRoot, root, '--lab', folder]
  })
  try {
    const page = await app.firstWindow()
    expect(page.url()).toBe('app://lab/')
    expect(await page.title()).toBe('Topology Lab')
    expect(await page.evaluate('typeof require')).toBe('undefined')
    expect(await page.evaluate('window.topologyLab.host')).toBe('desktop')
  } finally {
    await app.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})
