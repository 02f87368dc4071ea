/**
 * What electron-builder makes of the settings in package.json, by a dry run over a folder that stands for Electron's own
 * (its binary is not needed): what is packed, how large it is, and what the desktop entry of the AppImage starts.
 */
import { build, Platform } from 'electron-builder'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const isBuilt = existsSync(join(root, 'out', 'main', 'desktop.js'))
if (!isBuilt) process.stderr.write('The packed app is not looked into: the app is not built (npm run build).\n')

/** Where @electron/fuses looks for the fuses: this text, a version, how many there are, and one letter each. */
const fuses = `dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\u0001\u0009${'1'.repeat(9)}`

/** Files by their path in the archive, with their sizes. */
type Files = ReadonlyMap<string, number>

interface AsarEntry {
  readonly files?: Record<string, AsarEntry>
  readonly size?: number
  readonly unpacked?: boolean
}

/** Reads the list at the head of an archive: its length stands in the first 16 bytes, then comes JSON. */
function filesOfArchive(path: string): Files {
  const file = openSync(path, 'r')
  const sizes = Buffer.alloc(16)
  readSync(file, sizes)
  const head = Buffer.alloc(sizes.readUInt32LE(12))
  readSync(file, head)
  const found = new Map<string, number>()
  const walk = (entry: AsarEntry, name: string): void => {
    for (const [child, inner] of Object.entries(entry.files ?? {}))
      walk(inner, name === '' ? child : `${name}/${child}`)
    if (entry.files === undefined) found.set(name, entry.size ?? 0)
  }
  walk(JSON.parse(head.toString('utf8')) as AsarEntry, '')
  return found
}

const folder = mkdtempSync(join(tmpdir(), 'topology-lab-package-'))
const desktopEntries: string[] = []
let files: Files = new Map()
let unpackedBytes = 0

beforeAll(async () => {
  if (!isBuilt) return
  const electronDist = join(folder, 'electron')
  mkdirSync(join(electronDist, 'resources'), { recursive: true })
  for (const name of ['electron', 'chrome-sandbox', 'version', 'LICENSE', 'LICENSES.chromium.html']) {
    writeFileSync(join(electronDist, name), name === 'electron' ? fuses : '')
  }
  const output = join(folder, 'release')
  await build({
    projectDir: root,
    targets: Platform.LINUX.createTarget(['dir', 'AppImage']),
    config: { electronDist, directories: { output }, electronVersion: electronVersion() },
    publish: 'never',
    // The entry is all that is wanted of the AppImage: what packs it would have to be fetched.
    effectiveOptionComputed(options: { readonly desktop?: string }) {
      if (options.desktop !== undefined) desktopEntries.push(options.desktop)
      return Promise.resolve(true)
    }
  })
  const unpacked = readdirSync(output).find((name) => name.endsWith('unpacked')) ?? ''
  const resources = join(output, unpacked, 'resources')
  files = filesOfArchive(join(resources, 'app.asar'))
  unpackedBytes = bytesBelow(resources)
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function electronVersion(): string {
  return (createRequire(import.meta.url)('electron/package.json') as { version: string }).version
}

function bytesBelow(path: string): number {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
  return names.map((name) => statSync(join(path, name))).reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0)
}

describe.skipIf(!isBuilt)('the packed app', () => {
  const named = (pattern: RegExp) => [...files.keys()].filter((name) => pattern.test(name))

  test('is started in its sandbox from an AppImage', () => {
    expect(desktopEntries).toHaveLength(1)
    expect(desktopEntries[0]).toContain('Exec=AppRun')
    expect(desktopEntries[0]).not.toContain('--no-sandbox')
  })

  test('is offered for tables, bundles and models', () => {
    const types = /^MimeType=(.*)$/m.exec(desktopEntries[0] ?? '')?.[1]?.split(';')
    expect(types).toEqual(expect.arrayContaining(['text/csv', 'application/x-topology-lab', 'application/x-onnx']))
  })

  test('holds the compiled parts of its own system alone', () => {
    expect(named(/\.node$/).map((name) => name.replace(/^.*node_modules\//, ''))).toEqual([
      expect.stringContaining('@duckdb/node-bindings-linux-'),
      `better-sqlite3/prebuilds/linux-${process.arch}.node`
    ])
  })

  test('holds what it runs, and neither sources nor maps nor tests', () => {
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(['package.json', 'out/main/desktop.js', 'out/renderer/index.html'])
    )
    expect(named(/\.(m?ts|map|svelte|c|cc|cpp|h|gyp)$/)).toEqual([])
    expect(named(/(^|\/)(tests?|docs|examples?|benchmarks?)\//)).toEqual([])
  })

  test('brings the licence of every package, also of those that come without their own', () => {
    const packages = named(/(^|\/)node_modules\/(@[^/]+\/)?[^/@]+\/package\.json$/)
    expect(packages.length).toBeGreaterThan(2)
    const without = packages.filter((name) => {
      const folder = name.slice(0, -'package.json'.length)
      return ![...files.keys()].some((file) => file.startsWith(folder) && /\/licen[cs]e[^/]*$/i.test(file))
    })
    const shipped = without.map((name) => name.replace(/^.*node_modules\/|\/package\.json$/g, ''))
    expect(shipped.filter((name) => !files.has(`resources/licenses/${name}.txt`))).toEqual([])
  })

  test('stays small: without Electron 94 MB before other systems were left out, of which DuckDB takes 68, the forest 4', () => {
    expect(Math.round(unpackedBytes / 1e6)).toBeLessThanOrEqual(87)
  })
})
