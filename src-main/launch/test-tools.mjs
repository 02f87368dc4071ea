/**
 * What some exports are for: Python with NumPy, ONNX and PyTorch, and a C compiler. Installed as root through apt where
 * they are missing, about 150 MB in all; elsewhere the tests that need them are skipped and say so.
 */
import { spawnSync } from 'node:child_process'

/** Fetching what takes longer than this is not worth it; a killed download leaves the system whole. */
const mostFetchMs = 60_000

/** Installs what is missing where that can be done; without a network the tests go on without it. */
export function installTestTools() {
  if (process.getuid?.() !== 0 || !succeeds('apt-get', ['--version'])) return
  const packages = [
    ...['numpy', 'onnx', 'torch']
      .filter((name) => !succeeds('/usr/bin/python3', ['-c', `import ${name}`]))
      .map((name) => `python3-${name}`),
    ...(succeeds('cc', ['--version']) ? [] : ['gcc', 'libc6-dev'])
  ]
  if (packages.length === 0) return
  process.stderr.write(`Installing ${packages.join(', ')} for the tests of exports...\n`)
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages]
  const isThere =
    apt(['update', '-qq'], mostFetchMs) && apt([...install, '--download-only'], mostFetchMs) && apt(install)
  if (!isThere) process.stderr.write('They could not be installed: what needs them is not tested.\n')
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
