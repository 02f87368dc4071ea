/**
 * Imports changed files of all kinds: `node test/fuzz/tables.ts [files] [seed] [folder]` (10,000, 1 and the fixtures where
 * they are left out; a folder gives files of another place). Each is read or refused in a sentence within 20 s; a file
 * that ends otherwise is kept in the temporary folder and named. The same seed draws the same files.
 */
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Random } from '#engine/random.ts'
import { createDuckDb } from '#lab/datasets/duckdb.ts'
import { importChanged } from '#test/fuzz/import.ts'
import { mutate, seedsIn } from '#test/fuzz/mutate.ts'

const [files = 10_000, seed = 1] = process.argv.slice(2, 4).map(Number)
const seeds = seedsIn(process.argv[4] ?? resolve(import.meta.dirname, '../fixtures/tables'))
const random = new Random(seed)
const duckDb = createDuckDb({ log: () => undefined })
const counts = { read: 0, refused: 0, fault: 0 }
for (let file = 0; file < files; file++) {
  const changed = mutate(seeds, random)
  const ending = await importChanged(duckDb, changed)
  counts[ending.kind]++
  if (ending.kind === 'fault') {
    const kept = join(tmpdir(), `fuzz-${seed}-${file}-${changed.name}`)
    writeFileSync(kept, changed.bytes)
    console.log(`${kept}: ${ending.why}`)
  }
  if ((file + 1) % 500 === 0)
    console.log(`${file + 1}: ${counts.read} read, ${counts.refused} refused, ${counts.fault} faults`)
}
await duckDb.close()
console.log(`${counts.read} read, ${counts.refused} refused, ${counts.fault} faults`)
process.exit(counts.fault > 0 ? 1 : 0)
