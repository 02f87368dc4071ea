/**
 * What tests need beside the packages: a browser, and for some exports Python with NumPy, ONNX and PyTorch, and a C
 * compiler. Installed as root through apt where they are missing, about 150 MB for the exports; elsewhere Playwright
 * fetches a browser, and tests of exports without their tools are skipped and say so.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { packageBin, runNode } from './setup.mjs'

/** Fetching what takes longer than this is not worth it; a killed download leaves the system whole. */
const mostFetchMs = 60_000

/** Whether apt can install here. */
const hasApt = () => process.getuid?.() === 0 && succeeds('apt-get', ['--version'])

/** Installs what is missing where that can be done; without a network the tests go on without it. */
export function installTestTools() {
  if (!hasApt()) return
  const packages = [
    ...['numpy', 'onnx', 'torch']
      .filter((name) => !succeeds('/usr/bin/python3', ['-c', `import ${name}`]))
      .map((name) => `python3-${name}`),
    ...(succeeds('cc', ['--version']) ? [] : ['gcc', 'libc6-dev'])
  ]
  if (packages.length === 0) return
  if (!install(packages)) process.stderr.write('They could not be installed: what needs them is not tested.\n')
}

/**
 * The browser of the browser tests: the one that is named, or Debian's shell without a window, which draws the same in
 * a fifth less time; else a whole Chromium. Empty means the one that Playwright fetches.
 */
export async function findChromium() {
  const named = process.env['CHROMIUM_PATH']
  if (named) return named
  const shell = '/usr/bin/chromium-headless-shell'
  if (existsSync(shell) || (hasApt() && install(['chromium-headless-shell', 'fonts-dejavu-core']) && existsSync(shell)))
    return shell
  const whole = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path))
  if (whole) return whole
  await runNode([packageBin('@playwright/test', 'playwright'), 'install', 'chromium'], { quiet: true })
  return ''
}

/** @param {string[]} packages @returns whether all of them are there now */
function install(packages) {
  process.stderr.write(`Installing ${packages.join(', ')} for the tests...\n`)
  const args = ['install', '-y', '-qq', '--no-install-recommends', ...packages]
  return apt(['update', '-qq'], mostFetchMs) && apt([...args, '--download-only'], mostFetchMs) && apt(args)
}

/** @param {string[]} args @param {number} [timeout] */
function apt(args, timeout) {
  const quick = ['-o', 'Acquire::Retries=0', '-o', 'Acquire::http::Timeout=10']
  return succeeds('apt-get', [...quick, ...args], {
    stdio: ['ignore', 2, 2],
    timeout,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  })
}

/** @param {string} command @param {string[]} args @param {import('node:child_process').SpawnSyncOptions} [options] */
function succeeds(command, args, options) {
  return spawnSync(command, args, { stdio: 'ignore', ...options }).status === 0
}
