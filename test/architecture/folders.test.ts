/** The folders of the window import each other one way: what they are made of can be told from below upwards. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, resolve, sep } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../src-renderer')

/** All components and modules, as paths below the window's own folder. */
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|svelte)$/.test(name))
  .map((name) => relative(root, join(root, name)).split(sep).join('/'))

/** What a file imports of the window; a page that is loaded once it is opened, as `import()` does, is left out. */
function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  return [...text.matchAll(/(?:from|import)\s+'([^']+)'/g)].flatMap(([, specifier = '']) => {
    if (specifier.startsWith('#renderer/')) return [specifier.slice('#renderer/'.length)]
    return specifier.startsWith('.') ? [posix.join(posix.dirname(path), specifier)] : []
  })
}

/** The folder of a file, two levels deep: an area of parts/ holds its own folders together. */
const folderOf = (path: string) => dirname(path).split('/').slice(0, 2).join('/')

function folderGraph(files: readonly string[], read: (path: string) => readonly string[]): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>()
  for (const path of files) {
    const folder = folderOf(path)
    const known = graph.get(folder) ?? new Set<string>()
    graph.set(folder, known)
    for (const imported of read(path).map(folderOf)) if (imported !== folder) known.add(imported)
  }
  return graph
}

/** The first circle of folders there is, or null. */
function circleOf(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] | null {
  const done = new Set<string>()
  const walk = (folder: string, way: readonly string[]): string[] | null => {
    const at = way.indexOf(folder)
    if (at >= 0) return [...way.slice(at), folder]
    if (done.has(folder)) return null
    done.add(folder)
    for (const next of graph.get(folder) ?? []) {
      const circle = walk(next, [...way, folder])
      if (circle) return circle
    }
    return null
  }
  for (const folder of graph.keys()) {
    const circle = walk(folder, [])
    if (circle) return circle
  }
  return null
}

test('no folders of the window import each other in a circle, components included', () => {
  expect(sources.some((path) => path.endsWith('.svelte'))).toBe(true)
  expect(circleOf(folderGraph(sources, importsOf))).toBeNull()
})

test('a planted circle of folders is found', () => {
  const planted: Record<string, string[]> = {
    'state/app.svelte.ts': ['charts/downsample.ts'],
    'charts/Plot.svelte': ['parts/common/Term.svelte'],
    'parts/common/Section.svelte': ['state/app.svelte.ts']
  }
  const circle = circleOf(folderGraph(Object.keys(planted), (path) => planted[path] ?? []))
  expect(circle).toEqual(['state', 'charts', 'parts/common', 'state'])
})

test('the state of the window is classes with runes; what is worked out without any is in pure', () => {
  const [inState, inPure] = ['state', 'pure'].map((folder) =>
    sources.filter((path) => path.startsWith(`${folder}/`) && !path.endsWith('.svelte'))
  )
  expect(inState?.filter((path) => !path.endsWith('.svelte.ts'))).toEqual([])
  expect(inPure?.filter((path) => path.endsWith('.svelte.ts'))).toEqual([])
  expect(inState?.length).toBeGreaterThan(20)
})
