/** The pictures of the layers are the import graph: each room stands one floor above the highest it imports. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, relative, resolve, sep } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const imports = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: Record<string, string> })
  .imports

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|svelte)$/.test(name))
    .map((name) =>
      relative(root, join(root, folder, name))
        .split(sep)
        .join('/')
    )
}

/** The room of a file; null for one that belongs to none. */
type RoomOf = (path: string) => string | null

/** src-engine and src-renderer are a room each; of src-main each folder is one, and each file that is in none. */
const roomOf: RoomOf = (path) => {
  const [area = '', room = ''] = path.split('/')
  return area === 'src-main' ? room : area
}

/** Of the engine each folder is a room; what stands beside them is for all. */
const engineRoomOf: RoomOf = (path) => posix.dirname(path).split('/').slice(1).join('/') || null

function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].flatMap(([, specifier = '']) => {
    if (specifier.startsWith('.')) return [posix.join(posix.dirname(path), specifier)]
    const [alias, target] = Object.entries(imports).find(([key]) => specifier.startsWith(key.slice(0, -1))) ?? []
    return alias && target ? [specifier.replace(alias.slice(0, -1), target.slice(2, -1))] : []
  })
}

function importGraph(areas: readonly string[], roomOfFile: RoomOf): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>()
  for (const path of areas.flatMap(sourcesBelow)) {
    const room = roomOfFile(path)
    if (room === null) continue
    const known = graph.get(room) ?? new Set<string>()
    graph.set(room, known)
    for (const imported of importsOf(path).map(roomOfFile))
      if (imported !== null && imported !== room) known.add(imported)
  }
  return graph
}

/** The rooms by floors, the highest first. Throws where rooms import each other in a circle. */
function floorsOf(graph: Map<string, Set<string>>): string[][] {
  const heights = new Map<string, number>()
  const heightOf = (room: string, above: readonly string[]): number => {
    if (above.includes(room)) throw new Error(`A circle of rooms: ${[...above, room].join(' -> ')}.`)
    const height =
      heights.get(room) ??
      1 + Math.max(-1, ...[...(graph.get(room) ?? [])].map((each) => heightOf(each, [...above, room])))
    heights.set(room, height)
    return height
  }
  const floors: string[][] = []
  for (const room of graph.keys()) (floors[heightOf(room, [])] ??= []).push(room)
  return floors.map((floor) => floor.sort()).reverse()
}

test.each([
  ['README.md', ['src-engine', 'src-main', 'src-renderer'], roomOf],
  ['src-engine/README.md', ['src-engine'], engineRoomOf]
] as const)('%s draws the rooms on the floors that their imports put them on', (file, areas, roomOfFile) => {
  const [, picture = ''] = /```layers\n([\s\S]*?)```/.exec(readFileSync(join(root, file), 'utf8')) ?? []
  const drawn = picture
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).sort())
  expect(drawn).toEqual(floorsOf(importGraph(areas, roomOfFile)))
})
