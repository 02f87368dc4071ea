/**
 * `npm start`: the desktop app where Electron's binary is present or can be fetched, else the same app in the browser.
 * A failed fetch is remembered for a day, so that the next start does not wait for it again; `--web` skips Electron.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
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
const why = args.includes('--web') ? null : await startDesktop()
if (why) process.stderr.write(`${why}, so the same app is served to the browser.\n`)
await runCli(['serve', ...forwarded])

/** Runs the desktop app to its end and exits with it; comes back with the reason where it can't be run. */
async function startDesktop() {
  if (!hasDisplay && !args.includes('--desktop')) return 'There is no display for the desktop app (Electron)'
  const binary = electronBinary() ?? fetchElectron()
  if (!binary) return "Electron's binary is not here and could not be fetched"
  const desktop = forwarded.filter((arg) => arg !== '--no-open')
  const code = await run(binary, [root, ...desktop], { forward: true, cwd: callerFolder })
  // From 126 on it never ran or was killed: a library or a right is missing. We may have ended it ourselves, though.
  const asked = [constants.signals.SIGINT, constants.signals.SIGTERM].map((signal) => 128 + signal)
  if (code < 126 || asked.includes(code)) process.exit(code)
  return 'The desktop app (Electron) could not be started, for the reason above'
}
