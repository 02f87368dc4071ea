/**
 * What every launcher needs before anything of ours can run: dependencies installed, builds fresh, the right Node.
 * Plain JavaScript with built-in modules only, because it runs on a fresh clone under any Node from 20 on.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

const bin = join(root, 'node_modules', '.bin')

// Asked for at the start: installing and building take a while, in which it may go.
const parent = process.ppid

/** The Node that runs our code: 24, from the npm package `node`; better-sqlite3 and vitest crash on older ones. */
export function nodePath() {
  const path = join(bin, process.platform === 'win32' ? 'node.exe' : 'node')
  return existsSync(path)
    ? path
    : join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

/**
 * Runs a program to its end and resolves to its exit code.
 * @param {string} command @param {string[]} args
 * @param {{ quiet?: boolean, env?: Record<string, string>, shell?: boolean, forward?: boolean, cwd?: string }} [options]
 *   quiet: its stdout goes to our stderr; forward: signals sent to us are sent on
 * @returns {Promise<number>}
 */
export function run(command, args, { quiet = false, env = {}, shell = false, forward = false, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ['inherit', quiet ? 2 : 'inherit', 'inherit'],
      shell,
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`, ...env }
    })
    if (forward) {
      for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
      endWithParent()
    }
    child.on('error', reject)
    // As shells tell it: 128 and the number of the signal.
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
}

/** Runs a JavaScript or TypeScript file under our Node. */
export function runNode(args, options) {
  return run(nodePath(), args, options)
}

/**
 * The folder the person stands in: `npm run` changes to the package's own and tells the other one.
 * Another package's script that calls us has its own folder as it wants it.
 */
export const callerFolder =
  process.env['npm_package_name'] === 'topology-lab' ? (process.env['INIT_CWD'] ?? process.cwd()) : process.cwd()

/** Runs the CLI: in this process where it is the right Node already (as under npm), else in one of its own. */
export async function runCli(args) {
  const cli = join(root, 'out', 'main', 'cli.js')
  if (Number(process.versions.node.split('.')[0]) < 24) {
    process.exit(await runNode([cli, ...args], { forward: true, cwd: callerFolder }))
  }
  endWithParent()
  process.chdir(callerFolder)
  process.argv = [process.execPath, cli, ...args]
  await import(pathToFileURL(cli).href)
}

/** The script behind a package's command, so that it runs under our Node on every system without a shell. */
export function packageBin(name, command = name) {
  const folder = join(root, 'node_modules', name)
  const { bin: entry } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof entry === 'string' ? entry : entry[command])
}

/** A SIGTERM to npm ends npm's shell, but not what runs in it: the loss of our parent stands for the signal then. */
function endWithParent() {
  if (process.platform === 'win32' || !process.env['npm_lifecycle_event']) return
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 300)
  watch.unref()
}

/** Installs the dependencies where package-lock.json is not what was installed last; says so on stderr. */
export async function ensureInstalled() {
  const lock = join(root, 'package-lock.json')
  const stamp = join(root, 'node_modules', '.topology-lab-lock')
  const wanted = hashOf(readFileSync(lock))
  if (existsSync(nodePath())) {
    if (read(stamp) === wanted) return
    // A plain `npm install` left no stamp of ours, but its own record is at least as new as the lock.
    const record = join(root, 'node_modules', '.package-lock.json')
    if (existsSync(record) && statSync(record).mtimeMs >= statSync(lock).mtimeMs) {
      writeFileSync(stamp, wanted)
      return
    }
  }
  process.stderr.write('Installing dependencies (once, about a minute)...\n')
  const npm = process.env['npm_execpath']
  const args = ['ci', '--no-fund', '--no-audit', '--loglevel=error']
  const code = npm
    ? await run(process.execPath, [npm, ...args], { quiet: true })
    : await run('npm', args, { quiet: true, shell: process.platform === 'win32' })
  if (code !== 0) fail('The dependencies could not be installed; npm says why above.', code)
  writeFileSync(stamp, wanted)
}

/** Compiles the kernels where their sources changed since the last time. */
export async function ensureKernels() {
  const sources = ['src-engine/kernels/assembly', 'src-engine/network/constants.ts', 'src-main/launch/setup.mjs']
  await ifStale('kernels', sources, 'out/wasm/kernels.wasm', async () => {
    mkdirSync(join(root, 'out', 'wasm'), { recursive: true })
    return runNode(
      [
        packageBin('assemblyscript', 'asc'),
        'src-engine/kernels/assembly/index.ts',
        '--outFile',
        'out/wasm/kernels.wasm',
        '--enable',
        'simd,threads,relaxed-simd',
        '--importMemory',
        '--sharedMemory',
        '--initialMemory',
        '1',
        '--maximumMemory',
        '65536',
        '--runtime',
        'stub',
        '-O3',
        '--noAssert',
        '--converge'
      ],
      { quiet: true }
    )
  })
}

/** Builds kernels, main, preload and renderer where their sources changed since the last time. */
export async function ensureBuilt() {
  await ensureKernels()
  const sources = ['src-engine', 'src-main', 'src-renderer', 'electron.vite.config.ts', 'package-lock.json']
  await ifStale('app', sources, 'out/renderer/index.html', () => {
    process.stderr.write('Building...\n')
    return runNode([packageBin('electron-vite'), 'build', '--logLevel', 'warn'], { quiet: true })
  })
}

/** Ends the launcher with a sentence. */
export function fail(message, code = 1) {
  process.stderr.write(`${message}\n`)
  process.exit(code)
}

async function ifStale(name, sources, product, build) {
  const stamp = join(root, 'out', `.${name}-stamp`)
  const wanted = fingerprint(sources)
  if (existsSync(join(root, product)) && read(stamp) === wanted) return
  const code = await build()
  if (code !== 0) fail(`The ${name} could not be built; the reason is above.`, code)
  writeFileSync(stamp, wanted)
}

/** Names, sizes and times of all files below the sources: cheap, and changes whenever an editor saves. */
function fingerprint(sources) {
  const lines = []
  const visit = (path) => {
    const stats = statSync(path)
    if (stats.isDirectory()) for (const entry of readdirSync(path).sort()) visit(join(path, entry))
    else lines.push(`${path} ${stats.size} ${stats.mtimeMs}`)
  }
  for (const source of sources) visit(join(root, source))
  return hashOf(lines.join('\n'))
}

function hashOf(content) {
  return createHash('sha256').update(content).digest('hex')
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}
