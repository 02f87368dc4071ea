/** What the shape of the repository promises: its folders, its lock file, the size of the desktop host, the kernels. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const code = ['.ts', '.mjs', '.svelte', '.js', '.cjs']

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => code.includes(extname(path)) && statSync(join(root, path)).isFile())
}

const text = (path: string) => readFileSync(join(root, path), 'utf8')

test('there are the folders of the design and no others', () => {
  const tracked = ['.ci', 'findings', 'resources', 'src-engine', 'src-main', 'src-renderer', 'test']
  const untracked = ['.git', 'node_modules', 'out', 'release', 'test-results', 'playwright-report']
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const names = folders.map(({ name }) => name).filter((name) => !untracked.includes(name))
  expect(names.sort()).toEqual(tracked)
})

test('the desktop host stays small enough to be read against the security checklist in one sitting', () => {
  const lines = filesBelow('src-main/desktop').flatMap((path) =>
    text(path)
      .split('\n')
      .filter((line) => line.trim())
  )
  expect(lines.length).toBeLessThanOrEqual(270)
})

test('Electron is imported in desktop/ alone', () => {
  const importing = [...filesBelow('src-main'), ...filesBelow('src-engine'), ...filesBelow('src-renderer')].filter(
    (path) => /from 'electron|import\('electron|require\('electron|import 'electron/.test(text(path))
  )
  expect(importing.length).toBeGreaterThan(0)
  for (const path of importing) expect(path).toContain(join('src-main', 'desktop'))
})

test('chance comes from the seeded generator, without exceptions to the rule', () => {
  const sources = ['src-engine', 'src-main', 'src-renderer'].flatMap(filesBelow)
  expect(sources.filter((path) => text(path).includes('Math.random'))).toEqual([])
  expect(sources.filter((path) => /eslint-disable.*no-restricted/.test(text(path)))).toEqual([])
})

test('numbers are written for a person in words/ alone, so that no two faces write one number in two ways', () => {
  const sources = ['src-main', 'src-renderer'].flatMap(filesBelow)
  const writing = sources.filter((path) => /toLocaleString|NumberFormat/.test(text(path)))
  expect(writing.filter((path) => !path.startsWith(join('src-main', 'words')))).toEqual([])
})

test('nothing reads a folder of the machine it was written on', () => {
  const sources = ['src-engine', 'src-main', 'src-renderer', 'test'].flatMap(filesBelow)
  const own = join('test', 'architecture', 'repository.test.ts')
  expect(sources.filter((path) => path !== own && /\/work\/|shared\/data|\.\.\/shared/.test(text(path)))).toEqual([])
})

test('the lock file names no registry, so that any mirror serves', () => {
  const lock = text('package-lock.json')
  expect(lock).not.toContain('"resolved"')
  expect(lock).toContain('"integrity"')
  expect(lock).not.toMatch(/https?:\/\/[^"]*\.tgz/)
})

test('the kernels share one memory: no data of their own that a second instance would write again', () => {
  const sections = sectionsOf(readFileSync(join(root, 'out', 'wasm', 'kernels.wasm')))
  const names = { memory: 5, start: 8, data: 11 }
  expect(sections.has(names.data)).toBe(false)
  expect(sections.has(names.start)).toBe(false)
  // The memory is imported; a section of its own would declare another one.
  expect(sections.has(names.memory)).toBe(false)
})

/** Lists the ids of a module's sections: each is an id, a length in LEB128, and so many bytes. */
function sectionsOf(module: Uint8Array): Set<number> {
  const ids = new Set<number>()
  for (let offset = 8; offset < module.length;) {
    ids.add(module[offset++] ?? -1)
    let length = 0
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = module[offset++] ?? 0
      length |= (byte & 0x7f) << shift
      more = byte >= 0x80
    }
    offset += length
  }
  return ids
}
