/** A few of the changed files that `test/fuzz/tables.ts` tries by the thousand. */
import { expect, test } from 'vitest'
import { Random } from '#engine/random.ts'
import { importChanged } from '#test/fuzz/import.ts'
import { mutate, seedsIn } from '#test/fuzz/mutate.ts'
import { fixtures, openDuckDb } from '#test/unit/datasets/support.ts'

const duckDb = openDuckDb()

test('changed files are read, or refused in a sentence', async () => {
  const seeds = seedsIn(fixtures)
  const random = new Random(7)
  for (let file = 0; file < 40; file++) {
    const changed = mutate(seeds, random)
    expect(await importChanged(duckDb, changed), changed.name).not.toMatchObject({ kind: 'fault' })
  }
}, 120_000)
