/**
 * `npm start`: the desktop app where Electron's binary is present or can be fetched, else the same app in the browser.
 * A failed fetch is remembered for a day, so that the next start does not wait for it again; `--web` skips Electron.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { callerFolder, ensureBuilt, ensureInstalled, nodePath, packageBin, root, run, runCli } from './setup.mjs'

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

function fetchElectron() {
  const failed = join(root, 'node_modules', '.topology-lab-no-electron')
  if (existsSync(failed) && Date.now() - statSync(failed).mtimeMs < dayMs) return null
  process.stderr.write("Fetching Electron's binary (once, about 100 MB)...\n")
  const log = capture([packageBin('electron', 'install-electron'), '--no'])
  const binary = electronBinary()
  if (!binary) writeFileSync(failed, log)
  return binary
}

/** Runs the fetch without showing its output: a failure has one sentence, below. */
function capture(command) {
  const result = spawnSync(nodePath(), command, { cwd: root, encoding: 'utf8', timeout: 180_000 })
  return `${result.stdout}${result.stderr}`
}

await ensureInstalled()
await ensureBuilt()
const own = ['--web', '--desktop']
const forwarded = args.filter((arg) => !own.includes(arg))
const hasDisplay = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'])
if (!args.includes('--web')) {
  if (!hasDisplay && !args.includes('--desktop')) {
    process.stderr.write(
      'There is no display for the desktop app (Electron), so the same app is served to the browser.\n'
    )
  } else {
    const binary = electronBinary() ?? fetchElectron()
    if (binary) process.exit(await run(binary, [root, ...forwarded], { forward: true, cwd: callerFolder }))
    process.stderr.write(
      "Electron's binary is not here and could not be fetched, so the same app is served to the browser.\n"
    )
  }
}
await runCli(['serve', ...forwarded])
