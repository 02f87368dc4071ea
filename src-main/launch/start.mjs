/**
 * `npm start`: the desktop app where Electron's binary is present or can be fetched, else the same app in the browser.
 * A failed fetch is remembered for a day, so that the next start does not wait for it again; `--web` skips Electron.
 */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled, packageBin, root, run, runNode } from './setup.mjs'

const args = process.argv.slice(2)
const electron = join(root, 'node_modules', 'electron')
const dayMs = 24 * 60 * 60 * 1000

function electronBinary() {
  const name = join(electron, 'path.txt')
  if (!existsSync(name)) return null
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(electron, 'dist')
  const path = join(folder, readFileSync(name, 'utf8'))
  return existsSync(path) ? path : null
}

async function fetchElectron() {
  const failed = join(root, 'node_modules', '.topology-lab-no-electron')
  if (existsSync(failed) && Date.now() - statSync(failed).mtimeMs < dayMs) return null
  process.stderr.write("Fetching Electron's binary (once, about 100 MB)...\n")
  const log = await capture([packageBin('electron', 'install-electron'), '--no'])
  const binary = electronBinary()
  if (!binary) writeFileSync(failed, log)
  return binary
}

/** Runs the fetch without showing its output: a failure has one sentence, below. */
async function capture(command) {
  const { spawnSync } = await import('node:child_process')
  const { nodePath } = await import('./setup.mjs')
  const result = spawnSync(nodePath(), command, { cwd: root, encoding: 'utf8', timeout: 180_000 })
  return `${result.stdout}${result.stderr}`
}

await ensureInstalled()
await ensureBuilt()
const hasDisplay = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])
const wantsDesktop = !args.includes('--web') && (hasDisplay || args.includes('--desktop'))
const binary = args.includes('--web') ? null : (electronBinary() ?? (await fetchElectron()))
if (binary && wantsDesktop) {
  process.exit(await run(binary, ['.', ...args.filter((arg) => arg !== '--desktop')], { forward: true }))
}
if (!args.includes('--web')) {
  process.stderr.write(
    binary
      ? 'There is no display for the desktop app, so the same app is served to the browser.\n'
      : "Electron's binary is not here and could not be fetched, so the same app is served to the browser.\n"
  )
}
const serve = args.filter((arg) => arg !== '--web' && arg !== '--desktop')
process.exit(await runNode([join(root, 'out', 'main', 'cli.js'), 'serve', ...serve], { forward: true }))
