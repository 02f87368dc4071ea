/** The suggestion: which topology, at what price, and how sure. */
import { describe, expect, it } from 'vitest'
import {
  describeHelp,
  describePrice,
  describeSuggestion,
  type ErrorWords,
  type JudgedBy
} from '#lab/selection/advice-words.ts'
import { complexityPoints } from '#lab/selection/complexity.ts'
import { suggest } from '#lab/selection/suggestion.ts'
import { commonRows, foldGroup, group, made, plainFacts, suggestAmong } from '#test/unit/selection/points.ts'

const words: ErrorWords = {
  error: (error) => (error ?? NaN).toFixed(3),
  difference: (value) => value.toFixed(3),
  unit: ''
}
const by: JudgedBy = { rows: 200, folds: null, foldableRows: 800, tried: 3, constant: null }
const names = (points: readonly { key: string }[] = []) => points.map(({ key }) => key)

const hard = commonRows(200, 1)

describe('the suggestion', () => {
  it('is the simplest topology within the zone of the lowest, and tells its price', async () => {
    const result = await suggestAmong([made(4, 1.5, hard), made(8, 1.01, hard), made(64, 1, hard)])
    expect(result).toMatchObject({ best: { key: '64' }, suggested: { key: '8' }, decided: true })
    expect(result?.zone).toBeCloseTo(0.02, 3)
    if (!result) throw new Error('a suggestion expected')
    expect(describePrice(result, words)).toMatch(
      /^8 is worse than 64 by 0\.01\d \(0\.00\d to 0\.01\d\) and 8 times smaller\. It is as good for sure\.$/
    )
  })

  it('is the lowest itself where every simpler one costs more than the zone', async () => {
    const result = await suggestAmong([made(4, 1.5, hard), made(8, 1.2, hard), made(64, 1, hard)])
    expect(result).toMatchObject({ suggested: { key: '64' }, decided: true, contested: [], help: null })
    if (!result) throw new Error('a suggestion expected')
    expect(describePrice(result, words)).toBeNull()
    expect(describeSuggestion(result, words, by)).toMatch(
      /^64 has the lowest mean error, 1\.000; every simpler one is worse by more than the 0\.020 that make no difference/
    )
  })

  it('moves at once with the zone', async () => {
    const all = [made(4, 1.04, hard), made(8, 1.01, hard), made(64, 1, hard)]
    const at = async (zone: number) => (await suggestAmong(all, { zone }))?.suggested?.key
    expect(await at(0)).toBe('64')
    expect(await at(0.02)).toBe('8')
    expect(await at(0.05)).toBe('4')
  })

  it('takes off the luck of having been the lowest of many alike', async () => {
    // 9 topologies that are equally good but for the rows each has for itself: the lowest of them is lucky.
    const alike = Array.from({ length: 9 }, (_, at) => made(at + 1, 1, hard, { seeds: 2, noise: 1, seed: 4 }))
    const result = await suggestAmong(alike, { zone: 0 })
    const [lowest, simplest] = [result?.best.validation.mean ?? NaN, result?.suggested?.validation.mean ?? NaN]
    expect(result?.luck.mean).toBeGreaterThan(0.02)
    expect(simplest).toBeGreaterThan(lowest)
    expect(simplest - lowest).toBeLessThanOrEqual(result?.luck.mean ?? NaN)
    // A run alone is luckier than the mean of its seeds.
    expect(result?.luck.single).toBeGreaterThan(result?.luck.mean ?? NaN)
  })

  it('is open where the rows can not tell, and says that rows would, not seeds', async () => {
    const noisy = { noise: 1 }
    const rows = commonRows(60, 1)
    const result = await suggestAmong([made(4, 1.15, rows, noisy), made(64, 1, rows, noisy)])
    expect(result).toMatchObject({ decided: false })
    expect(names(result?.contested)).toContain('4')
    expect(result?.comparisons.get('4')?.answer).toBe('open')
    expect(['rows', 'folds']).toContain(result?.help?.help.by)
  })

  it('is open where the seeds can not tell, and says how many more would', async () => {
    // Seeds that move all rows alike: 4 is worse by 0.1 in the mean, its seeds lie 0.15 apart.
    const shifts = [-0.15, 0, 0.15]
    const seeds = (centre: number) => shifts.map((shift) => hard.map((row) => centre + row * 0.01 + shift * centre))
    const result = await suggestAmong([
      { units: 4, seeds: seeds(1.1).map((rows, at) => rows.map((row) => row + (at === 1 ? 0.1 : 0))) },
      { units: 64, seeds: [seeds(1)[2] ?? [], seeds(1)[0] ?? [], seeds(1)[1] ?? []] }
    ])
    expect(result).toMatchObject({ decided: false, help: { help: { by: 'seeds' } } })
    expect(result?.help?.help.seeds).toBeGreaterThan(1)
  })

  it('decides nothing over a topology that was still learning, and says which', async () => {
    const all = [made(4, 1.5, hard), made(8, 1.2, hard), made(64, 1, hard), made(128, 1.1, hard)]
    const result = await suggestAmong(all, { unconverged: new Set(['4', '128']) })
    expect(result).toMatchObject({ decided: false, suggested: { key: '64' } })
    // A larger one that is worse does not matter.
    expect(names(result?.unconverged)).toEqual(['4'])
    expect(names(result?.contested)).toEqual(['4', '64'])
    if (!result) throw new Error('a suggestion expected')
    expect(describeSuggestion(result, words, by)).toMatch(
      /Not decided: 4 was still learning when the last epoch ended it\.$/
    )
  })

  it('decides nothing while rows are still being worked out', async () => {
    const all = [made(8, 1.2, hard), made(64, 1, hard)]
    expect(await suggestAmong(all)).toMatchObject({ decided: true })
    expect(await suggestAmong(all, { isPending: true })).toMatchObject({ decided: false })
  })

  it('is none without points, and undecided where nothing else was tried', async () => {
    expect(await suggest(plainFacts([]))).toBeNull()
    const alone = await suggestAmong([made(8, 1, hard)])
    expect(alone).toMatchObject({ suggested: { key: '8' }, decided: false })
    if (!alone) throw new Error('a suggestion expected')
    expect(describeSuggestion(alone, words, { ...by, tried: 1 })).toMatch(/^8 is the only topology so far/)
  })

  it('does not decide on one seed, nor is led astray by a topology with a single lucky seed', async () => {
    const single = await suggest(plainFacts(complexityPoints([group(4, [0.25]), group(8, [0.2])])))
    expect(single).toMatchObject({ decided: false, help: { help: { by: 'seeds', seeds: 4 } } })
    const lucky = await suggest(plainFacts(complexityPoints([group(8, [0.2, 0.21, 0.19]), group(16, [0.1])])))
    expect(lucky).toMatchObject({ best: { key: '8' }, decided: false })
    expect(names(lucky?.contested)).toEqual(['8', '16'])
  })
})

describe('the signal', () => {
  const constant = (centre: number) => ({ ...made(0, centre, hard, { noise: 0 }), key: 'constant' })

  it('is found where a network is surely better than the model that sees no input', async () => {
    const all = [constant(2), made(8, 1, hard)]
    expect(await suggestAmong(all, { constant: 'constant' })).toMatchObject({
      signal: 'found',
      suggested: { key: '8' }
    })
  })

  it('is none where no network is better, and nothing is suggested then', async () => {
    const all = [constant(1), made(8, 1.1, hard), made(64, 1.2, hard)]
    const result = await suggestAmong(all, { constant: 'constant' })
    expect(result).toMatchObject({ signal: 'none', suggested: null, decided: false })
    if (!result) throw new Error('a suggestion expected')
    expect(describeSuggestion(result, words, { ...by, constant: 'mean' })).toMatch(
      /^No signal found: no topology has a lower error than the mean on these rows\./
    )
  })

  it('is open where a network looks better, which the rows can not tell from chance; it is suggested all the same', async () => {
    const rows = commonRows(30, 1)
    const all = [{ ...made(0, 1.2, rows, { noise: 1 }), key: 'constant' }, made(8, 1, rows, { noise: 1, seed: 5 })]
    const result = await suggestAmong(all, { constant: 'constant' })
    expect(result).toMatchObject({ signal: 'open', suggested: { key: '8' }, decided: false })
    if (!result) throw new Error('a suggestion expected')
    expect(describeSuggestion(result, words, { ...by, constant: 'mean' })).toContain(
      "Whether it is better than the mean at all, these rows can't tell."
    )
  })

  it('never suggests the model that sees no input', async () => {
    const result = await suggestAmong([constant(1.001), made(8, 1, hard)], { constant: 'constant', zone: 0.05 })
    expect(result?.suggested?.key ?? '8').toBe('8')
  })
})

describe('over folds', () => {
  it('compares fold by fold, and asks for rows, not for seeds, where folds can not tell', async () => {
    const folds = [0.1, 0.3, 0.2, 0.25, 0.15]
    const wobble = [0.01, -0.02, 0.03, -0.01, 0.02]
    const points = complexityPoints([
      foldGroup(
        4,
        folds.map((error, fold) => error + 0.03 + (wobble[fold] ?? 0) * 2)
      ),
      foldGroup(8, folds)
    ])
    const result = await suggest({ ...plainFacts(points), folds: 5, foldFactor: null })
    expect(result).toMatchObject({ decided: false, help: { help: { by: 'rows', seeds: 0 } } })
    expect(names(result?.contested)).toEqual(['4', '8'])
    // The same fold differences would be surer if they were as independent as those of seeds.
    expect(result?.comparisons.get('4')?.error).toBeGreaterThan(
      (await suggest(plainFacts(points)))?.comparisons.get('4')?.error ?? NaN
    )
  })
})

describe('what would help', () => {
  it('is said in words', () => {
    const told = (help: Parameters<typeof describeHelp>[0]) => describeHelp(help, '8', '16', by)
    expect(told({ by: 'seeds', seeds: 6, factor: 1 })).toBe('About 6 further seeds of each would tell 8 and 16 apart.')
    expect(told({ by: 'rows', seeds: 0, factor: 12 })).toBe(
      'More rows would tell 8 and 16 apart: about 2,400 that judge, in place of 200. Further seeds would not.'
    )
    expect(told({ by: 'folds', seeds: 0, factor: 3 })).toContain(
      'all 800 rows of training and validation part judge then'
    )
    expect(told({ by: 'nothing', seeds: 0, factor: 1 })).toContain('no number of rows or seeds in reach')
  })
})
