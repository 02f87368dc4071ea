/** What is pointed out before an experiment, each with the mend that makes it go away; and what is no reason for alarm. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Random } from '#engine/random.ts'
import type { ExperimentSettings, Finding, Split } from '#contract/experiments.ts'
import { mended } from '#contract/mended.ts'
import { encodeTargets } from '#lab/datasets/encode.ts'
import { inspectQuestion } from '#lab/datasets/findings/inspect.ts'
import { fitPreparation } from '#lab/datasets/preparation.ts'
import { proposeSettings } from '#lab/datasets/proposal.ts'
import { difference, findSpellings, plainForm } from '#lab/datasets/spellings.ts'
import { splitRows } from '#lab/datasets/split.ts'
import { importFiles, openDuckDb, temporaryFolder } from '#test/unit/datasets/support.ts'

const duckDb = openDuckDb()

/** A table of these lines and its settings as proposed for the last column of the header. */
async function tableOf(header: string, line: (row: number, random: Random) => string, rows = 240) {
  const folder = await temporaryFolder()
  const path = join(folder, 'table.csv')
  const random = new Random(17)
  const lines = Array.from({ length: rows }, (_, row) => line(row, random))
  await writeFile(path, `${[header, ...lines].join('\n')}\n`)
  const imported = await importFiles(duckDb, path, {}, folder)
  const { settings } = proposeSettings(imported, { target: header.split(',').at(-1) })
  const inspect = (changed: ExperimentSettings = settings) => inspectQuestion(duckDb, imported.file, imported, changed)
  return { imported, settings, inspect }
}

const kinds = (findings: readonly Finding[]) => findings.map(({ kind, columns }) => `${kind} ${columns.join()}`.trim())

/** The one finding, and what is left once its mend was taken. */
async function mendedBy(settings: ExperimentSettings, inspect: (changed: ExperimentSettings) => Promise<Finding[]>) {
  const [found] = await inspect(settings)
  if (!found?.mend) throw new Error('Nothing that can be mended was found.')
  const changed = mended(settings, found.mend)
  return { found, mend: found.mend, changed, left: await inspect(changed) }
}

describe('the target spread over columns of 0 and 1', () => {
  const noise = (random: Random) => random.normal().toFixed(7)
  const bit = (is: boolean) => (is ? 1 : 0)

  test('is found by its siblings', async () => {
    const { settings, inspect } = await tableOf('size,kind_plum,kind_pear,kind_fig', (_, random) => {
      const kind = random.below(3)
      return `${noise(random)},${[0, 1, 2].map((own) => bit(own === kind)).join(',')}`
    })
    const { found, mend, left } = await mendedBy(settings, inspect)
    expect(found).toMatchObject({ kind: 'one_hot', columns: ['kind_plum', 'kind_pear'] })
    expect(found.message).toMatch(/^"kind_plum", "kind_pear" and "kind_fig" look like one category spread over columns/)
    expect(mend.option).toBe('--ignore kind_plum --ignore kind_pear')
    expect(left).toEqual([])
  })

  test('is found where the siblings have other names, and where one of them is left out', async () => {
    const whole = await tableOf('x,plum,pear,fig', (_, random) => {
      const kind = random.below(3)
      return `${noise(random)},${[0, 1, 2].map((own) => bit(own === kind)).join(',')}`
    })
    expect(kinds(await whole.inspect())).toEqual(['one_hot plum,pear'])
    const part = await tableOf('x,kindPear,kindFig', (_, random) => {
      const kind = random.below(3)
      return `${noise(random)},${[1, 2].map((own) => bit(own === kind)).join(',')}`
    })
    expect(kinds(await part.inspect())).toEqual(['one_hot kindPear'])
  })

  test('is found as columns of the classes of a category', async () => {
    const { settings, inspect } = await tableOf('x,is plum,is pear,tall,fruit', (_, random) => {
      const kind = random.below(3)
      return `${noise(random)},${bit(kind === 0)},${bit(kind === 1)},${random.below(2)},${['plum', 'pear', 'fig'][kind]}`
    })
    const { found, left } = await mendedBy(settings, inspect)
    expect(found).toMatchObject({ kind: 'one_hot', columns: ['is plum', 'is pear'] })
    expect(left).toEqual([])
  })

  test('is not seen in flags that are only seldom 1 together', async () => {
    const { inspect } = await tableOf('x,has_garage,has_pool,has_view', (row, random) => {
      return `${noise(random)},${bit(row % 9 === 1)},${bit(row % 11 === 2)},${bit(random.below(6) === 0)}`
    })
    expect(await inspect()).toEqual([])
  })
})

describe('classes in several spellings', () => {
  test('are one word but for case, blanks, a closing dot or the Unicode form', () => {
    const same = ['Yes', 'yes', ' YES ', 'yes.', 'y\u200bes', 'ｙｅｓ']
    expect(new Set(same.map(plainForm))).toEqual(new Set(['yes']))
    expect(plainForm('caf\u00e9')).toBe(plainForm('cafe\u0301'))
    expect(plainForm('New  York')).toBe(plainForm('new york'))
    expect(plainForm('3.5')).not.toBe(plainForm('35'))
    expect(plainForm('resume')).not.toBe(plainForm('r\u00e9sum\u00e9'))
    expect(findSpellings([['a', 3], ['A', 5], ['b', 1], ['.', 2], ['..', 1]])).toEqual([{ kept: 'A', others: ['a'] }]) // prettier-ignore
    expect([difference('a', 'A'), difference('a b', 'a  b'), difference('a', 'a.')]).toEqual([
      'upper and lower case',
      'blanks',
      'a closing dot'
    ])
    expect(difference('caf\u00e9', 'cafe\u0301')).toBe('the Unicode form')
  })

  test('are joined with one click: in the parts, in the classes, and in rows that come later', async () => {
    const written = ['ripe', 'Ripe', 'ripe.', 'green']
    const { imported, settings, inspect } = await tableOf('x,state', (row, random) => {
      const state = row % 4
      return `${random.normal().toFixed(7)},${written[row % 16 === 1 || row % 16 === 2 ? state : state === 3 ? 3 : 0]}`
    })
    const { found, changed, left } = await mendedBy(settings, inspect)
    expect(found.message).toBe(
      '"state" writes the same class in several ways: "ripe" also as "Ripe", "ripe.". They differ in ' +
        'upper and lower case, a closing dot only, and each would be learned as a class of its own. Join them.'
    )
    expect(left).toEqual([])
    const parts = await splitRows(duckDb, imported.file, changed)
    expect([parts.train.length, parts.validation.length, parts.test.length]).toEqual([144, 48, 48])
    const fitted = await fitPreparation(duckDb, imported.file, changed, parts.train)
    expect(fitted.classes).toEqual(['green', 'ripe'])
    expect([...encodeTargets(fitted, ['ripe', 'Ripe', 'ripe.', 'green', 'unripe', null])]).toEqual([
      1,
      1,
      1,
      0,
      NaN,
      NaN
    ])
  })

  test('of an input become one level', async () => {
    const { imported, settings, inspect } = await tableOf('town,x,y', (row, random) => {
      const town = ['Ulm', 'ulm', 'Gera'][row % 3]
      return `${town},${random.normal().toFixed(7)},${random.normal().toFixed(7)}`
    })
    const { found, changed } = await mendedBy(settings, inspect)
    expect(kinds([found])).toEqual(['spellings town'])
    const { train } = await splitRows(duckDb, imported.file, changed)
    expect((await fitPreparation(duckDb, imported.file, changed, train)).inputs).toEqual([
      'town = Gera',
      'town = Ulm',
      'x'
    ])
  })
})

describe('near copies of the target', () => {
  test('a number with a little noise on the target, and a code with a few rows of another class, are told', async () => {
    const number = await tableOf('x,billed,cost', (_, random) => {
      const cost = 100 + 40 * random.normal()
      return `${random.normal().toFixed(7)},${(1.2 * cost + random.normal()).toFixed(3)},${cost.toFixed(3)}`
    })
    expect(kinds(await number.inspect())).toEqual(['near_copy billed'])
    const code = await tableOf(
      'x,ward,ill',
      (row, random) => {
        const ward = row % 8
        const ill = row === 72 ? 'no' : ward < 3 ? 'yes' : 'no'
        return `${random.normal().toFixed(7)},W${ward},${ill}`
      },
      800
    )
    const { found, left } = await mendedBy(code.settings, code.inspect)
    expect(kinds([found])).toEqual(['near_copy ward'])
    expect(left).toEqual([])
  })

  test('a number that parts the classes is told, and so is one whose being there tells them', async () => {
    const score = await tableOf('x,score,passed', (_, random) => {
      const value = random.normal()
      return `${random.normal().toFixed(7)},${value.toFixed(4)},${value > 0.3 ? 'yes' : 'no'}`
    }, 600) // prettier-ignore
    expect(kinds(await score.inspect())).toEqual([])
    const boat = await tableOf('x,boat,saved', (row, random) => {
      const saved = row % 5 < 2
      return `${random.normal().toFixed(7)},${saved ? `B${row % 7}` : ''},${saved ? 'yes' : 'no'}`
    })
    expect(kinds(await boat.inspect())).toEqual(['target_copy boat'])
  })

  test('a column that goes far with the target is none', async () => {
    const { inspect } = await tableOf('x,area,price', (_, random) => {
      const price = 100 + 40 * random.normal()
      return `${random.normal().toFixed(7)},${(price + 8 * random.normal()).toFixed(3)},${price.toFixed(3)}`
    })
    expect(await inspect()).toEqual([])
  })
})

describe('rows that belong together', () => {
  const drawn: Split = { kind: 'fractions', train: 60, validation: 20, test: 20, seed: 1, stratified: true }

  test('are told where rows of one subject are drawn into several parts', async () => {
    const { settings, inspect } = await tableOf('userId,x,liked', (row, random) => {
      return `${(row * 7) % 48},${random.normal().toFixed(7)},${random.below(2) ? 'yes' : 'no'}`
    })
    expect(settings.split.kind).toBe('groups')
    expect(await inspect()).toEqual([])
    const { found, mend, changed, left } = await mendedBy({ ...settings, split: drawn }, inspect)
    expect(kinds([found])).toEqual(['groups userId'])
    expect(found.message).toMatch(/^\d+ of 48 values of "userId" have rows in several parts/)
    expect(mend.option).toBe('--group-by userId')
    expect(changed.split).toEqual(settings.split)
    expect(left).toEqual([])
  })

  test('are not told of one row for each subject, nor of parts that a column names and keeps', async () => {
    const single = await tableOf('patient,x,ill', (row, random) => {
      return `P${row},${random.normal().toFixed(7)},${random.below(2) ? 'yes' : 'no'}`
    })
    expect(await single.inspect()).toEqual([])
    const named = await tableOf('part,patient,x,ill', (row, random) => {
      const patient = row % 30
      return `${patient < 20 ? 'train' : 'test'},P${patient},${random.normal().toFixed(7)},${random.below(2) ? 'yes' : 'no'}`
    })
    const ignored = named.settings.columns.map((column) =>
      column.name === 'patient' ? { ...column, role: 'ignored' as const } : column
    )
    expect(kinds(await named.inspect({ ...named.settings, columns: ignored }))).toEqual(['groups patient'])
    const split = { ...named.settings.split, validationShare: 0 } as Split
    expect(await named.inspect({ ...named.settings, columns: ignored, split })).toEqual([])
  })

  test('are told where rows in the order of time are drawn at random', async () => {
    const { settings, inspect } = await tableOf('when,x,load', (row, random) => {
      const when = new Date(Date.UTC(2022, 0, 1) + row * 3_600_000).toISOString().slice(0, 16)
      return `${when},${random.normal().toFixed(7)},${(Math.sin(row / 20) + random.normal() / 20).toFixed(3)}`
    })
    expect(settings.split.kind).toBe('order')
    const { found, changed, left } = await mendedBy({ ...settings, split: drawn }, inspect)
    expect(kinds([found])).toEqual(['order when'])
    expect(changed.split).toEqual(settings.split)
    expect(left).toEqual([])
  })

  test('are told of a series without a time, but not of a table that was sorted', async () => {
    let level = 0
    const series = await tableOf('x,level', (row, random) => {
      level = row === 0 ? 0 : level + random.normal()
      return `${random.normal().toFixed(7)},${level.toFixed(3)}`
    })
    const { found, mend, left } = await mendedBy(series.settings, series.inspect)
    expect(kinds([found])).toEqual(['order level'])
    expect(mend.option).toBe('--in-order')
    expect(left).toEqual([])
    const sorted = await tableOf('area,x,price', (row, random) => {
      return `${row},${random.normal().toFixed(7)},${(row / 3 + random.normal()).toFixed(3)}`
    })
    const asInput = sorted.settings.columns.map((column) =>
      column.name === 'area' ? { ...column, role: 'input' as const, treatAs: 'numeric' as const } : column
    )
    expect(
      kinds(await sorted.inspect({ ...sorted.settings, columns: asInput })).filter((kind) => kind.startsWith('order'))
    ).toEqual([])
  })
})

describe('columns that tell the part', () => {
  test('are told: a number beyond what training saw, and levels that training never had', async () => {
    const { settings, inspect } = await tableOf('part,counter,batch,x,y', (row, random) => {
      const part = row < 160 ? 'train' : 'test'
      return `${part},${1000 + 3 * row},B${Math.floor(row / 20)},${random.normal().toFixed(7)},${random.normal().toFixed(7)}`
    })
    const split = { ...settings.split, validationShare: 0 } as Split
    const { found, changed, left } = await mendedBy({ ...settings, split }, inspect)
    expect(kinds([found, ...left])).toEqual(['tells_part counter', 'tells_part batch'])
    expect(found.message).toContain('lie beyond those of training')
    expect(left[0]?.message).toContain('none of its values for validation and test occurs in training')
    expect(left[0]?.mend && (await inspect(mended(changed, left[0].mend)))).toEqual([])
  })

  test('are not looked for where rows are drawn at random', async () => {
    const { inspect } = await tableOf('counter,x,y', (row, random) => {
      return `${1000 + 3 * row},${random.normal().toFixed(7)},${random.normal().toFixed(7)}`
    })
    expect(await inspect()).toEqual([])
  })
})
