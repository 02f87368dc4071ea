/** Files as damage, other programs and careless hands leave them: bytes changed, lost, doubled and moved. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from '#engine/random.ts'

export interface Seed {
  readonly name: string
  readonly bytes: Buffer
}

/** The files of a folder that are small enough to be changed thousands of times. */
export function seedsIn(folder: string): Seed[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile() && statSync(join(folder, name)).size < 200_000)
    .toSorted()
    .map((name) => ({ name: name.replaceAll(/[\\/]/g, '-'), bytes: readFileSync(join(folder, name)) }))
}

/** Bytes that mean something in one format or another. */
const telling = [
  '"',
  "'",
  ',',
  ';',
  '\t',
  '\n',
  '\r',
  '\0',
  '{',
  '[',
  '-',
  '.',
  '\u00ff',
  '\\',
  ':',
  '#',
  '9'.repeat(40)
]

type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer

const mutations: readonly Mutation[] = [
  // A few bytes are others.
  (bytes, random) => {
    const copy = Buffer.from(bytes)
    for (let count = 1 + random.below(8); count > 0; count--) copy[random.below(copy.length)] = random.below(256)
    return copy
  },
  // The end is lost.
  (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  // A part is lost.
  (bytes, random) => {
    const [from, to] = stretch(bytes, random)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
  },
  // A part is there twice.
  (bytes, random) => {
    const [from, to] = stretch(bytes, random)
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)])
  },
  // Something stands in between.
  (bytes, random) => {
    const at = random.below(bytes.length + 1)
    const text = telling[random.below(telling.length)] ?? ''
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(text, 'latin1'), bytes.subarray(at)])
  },
  // A sign is another everywhere.
  (bytes, random) => {
    const [from = '', to = ''] = [telling[random.below(telling.length)], telling[random.below(telling.length)]]
    return Buffer.from(bytes.toString('latin1').replaceAll(from, to).slice(0, 400_000), 'latin1')
  },
  // The beginning of one and the end of another.
  (bytes, random, other) =>
    Buffer.concat([bytes.subarray(0, random.below(bytes.length + 1)), other.subarray(random.below(other.length + 1))])
]

function stretch(bytes: Buffer, random: Random): [number, number] {
  const from = random.below(bytes.length)
  return [from, Math.min(bytes.length, from + 1 + random.below(Math.max(1, Math.floor(bytes.length / 4))))]
}

/** A changed file; its name is that of the seed, or that of another kind. */
export function mutate(seeds: readonly Seed[], random: Random): Seed {
  const pick = () => seeds[random.below(seeds.length)] ?? { name: 'empty.csv', bytes: Buffer.alloc(0) }
  const { name, bytes } = pick()
  let changed = bytes
  for (let count = 1 + random.below(3); count > 0 && changed.length > 0; count--) {
    changed = mutations[random.below(mutations.length)]?.(changed, random, pick().bytes) ?? changed
  }
  return { name: random.below(10) === 0 ? pick().name : name, bytes: changed }
}
