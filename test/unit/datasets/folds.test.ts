/** Folds for cross-validation: every row judges once, every fold is like the others, and equal rows stay together. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Random } from '#engine/random.ts'
import { dealFolds, foldProblem, readRowsToDeal, type RowsToDeal } from '#lab/datasets/folds.ts'
import { proposeSettings } from '#lab/datasets/proposal.ts'
import { splitRows } from '#lab/datasets/split.ts'
import { importFiles, openDuckDb, temporaryFolder } from '#test/unit/datasets/support.ts'

const duckDb = openDuckDb()

/** Made-up rows of classes with these many members, in random order, of which some are equal to an earlier one. */
function rowsOf(sizes: readonly number[], random: Random, isStratified = true, equalShare = 0): RowsToDeal {
  const of = Uint32Array.from(sizes.flatMap((size, name) => Array.from({ length: size }, () => name)))
  random.shuffle(of)
  const firsts = Uint32Array.from(of, (name, place) => {
    const twin = of.indexOf(name)
    return random.uniform() < equalShare ? twin : place
  })
  return {
    rows: Uint32Array.from(of, (_, place) => 2 * place),
    classes: { names: sizes.map((_, name) => `class ${name}`), of },
    isStratified,
    firsts
  }
}

const countsOf = (folds: Uint8Array, count: number, isCounted: (place: number) => boolean = () => true) => {
  const counts = Array.from({ length: count }, () => 0)
  folds.forEach((fold, place) => {
    if (isCounted(place)) counts[fold] = (counts[fold] ?? 0) + 1
  })
  return counts
}
const spreadOf = (counts: readonly number[]) => Math.max(...counts) - Math.min(...counts)

describe('dealing', () => {
  it('makes folds that differ by one row at most, and by one of each class, whatever the rows', () => {
    const random = new Random(1)
    for (let round = 0; round < 200; round++) {
      const count = 2 + random.below(19)
      const sizes = Array.from({ length: 1 + random.below(5) }, () => count + random.below(60))
      const rows = rowsOf(sizes, random)
      expect(foldProblem(rows, count, 'kind')).toBeNull()
      const folds = dealFolds(rows, count, round)
      expect(folds).toHaveLength(rows.rows.length)
      expect(spreadOf(countsOf(folds, count))).toBeLessThanOrEqual(1)
      sizes.forEach((_, name) => {
        expect(spreadOf(countsOf(folds, count, (place) => rows.classes?.of[place] === name))).toBeLessThanOrEqual(1)
      })
      expect(dealFolds(rows, count, round)).toEqual(folds)
    }
  })

  it('deals otherwise by another seed, and heeds no class where the split does not', () => {
    const rows = rowsOf([40, 40], new Random(2))
    expect(dealFolds(rows, 5, 1)).not.toEqual(dealFolds(rows, 5, 2))
    const plain = { ...rows, isStratified: false }
    expect(dealFolds(plain, 5, 1)).toEqual(dealFolds({ ...plain, classes: null }, 5, 1))
  })

  it('keeps equal rows in one fold where they are kept together', () => {
    const rows = rowsOf([60, 30], new Random(3), true, 0.3)
    const folds = dealFolds(rows, 5, 1)
    rows.firsts.forEach((first, place) => expect(folds[place]).toBe(folds[first]))
  })
})

describe('too few rows', () => {
  it('names the class and the mend', () => {
    const problem = foldProblem(rowsOf([50, 3], new Random(1)), 5, 'kind')
    expect(problem).toBe(
      '5 folds need at least 5 rows of every class; "class 1" of kind has 3 rows in training and validation part. ' +
        'Take 3 folds or fewer.'
    )
    expect(foldProblem(rowsOf([50, 3], new Random(1)), 3, 'kind')).toBeNull()
    expect(foldProblem(rowsOf([50, 1], new Random(1)), 2, 'kind')).toMatch(/has 1 row in .* Take one validation part/)
  })

  it('counts rows that stay together as one', () => {
    const rows: RowsToDeal = { ...rowsOf([12], new Random(1)), classes: null, firsts: new Uint32Array(12) }
    expect(foldProblem(rows, 2, 'y')).toBe(
      '2 folds need at least 2 rows; training and validation part have 1 (equal ones count as one).'
    )
  })
})

it('reads classes and equal rows from the table, as the split of the experiment treats them', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'twins.csv')
  const lines = Array.from({ length: 60 }, (_, row) => `${row % 30},${(row % 30) * 2},${row % 3 === 0 ? 'a' : 'b'}`)
  await writeFile(path, `x,y,kind\n${lines.join('\n')}\n`)
  const imported = await importFiles(duckDb, path, {}, folder)
  const { settings } = proposeSettings(imported, { target: 'kind' })
  const { split } = settings
  if (split.kind !== 'fractions') throw new Error('The proposed split is by fractions.')
  for (const together of [true, false]) {
    const own = { ...settings, split: { ...split, together } }
    const { train, validation } = await splitRows(duckDb, imported.file, own)
    const rows = Uint32Array.from([...train, ...validation]).sort()
    const dealt = await readRowsToDeal(duckDb, imported.file, own, rows)
    expect(dealt.classes?.names).toEqual(['a', 'b'])
    expect([...(dealt.classes?.of ?? [])]).toEqual(Array.from(rows, (row) => (row % 3 === 0 ? 0 : 1)))
    expect([...dealt.firsts].map((place) => rows[place])).toEqual(
      Array.from(rows, (row) => (together && row >= 30 ? row - 30 : row))
    )
  }
})
