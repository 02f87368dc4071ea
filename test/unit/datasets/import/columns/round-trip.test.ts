/** What the grammar reads is what its inverse wrote: numbers in national forms and dates in ten, in random tables. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openDuckDb } from '#test/unit/datasets/support.ts'
import { readColumns } from '#test/unit/datasets/import/columns/support.ts'

const duckDb = openDuckDb()

/** Decimal sign, sign of groups, sizes of groups from the right, and what stands around the number. */
interface NationalForm {
  readonly name: string
  readonly decimal: string
  readonly group: string
  readonly isIndian?: boolean
  readonly around: (number: string, isNegative: boolean) => string
}

const minus = (number: string, isNegative: boolean) => (isNegative ? `-${number}` : number)

const forms: readonly NationalForm[] = [
  { name: 'English', decimal: '.', group: ',', around: minus },
  { name: 'German', decimal: ',', group: '.', around: minus },
  { name: 'French', decimal: ',', group: '\u202f', around: minus },
  { name: 'Swedish', decimal: ',', group: '\u00a0', around: (n, is) => (is ? `\u2212${n}` : n) },
  { name: 'Swiss', decimal: '.', group: '\u2019', around: minus },
  { name: 'Austrian', decimal: ',', group: ' ', around: minus },
  { name: 'Indian', decimal: '.', group: ',', isIndian: true, around: (n, is) => `${is ? '-' : ''}\u20b9${n}` },
  { name: 'plain', decimal: '.', group: '', around: minus },
  { name: 'Spanish', decimal: ',', group: '', around: (n, is) => `${minus(n, is)} \u20ac` },
  { name: 'American money', decimal: '.', group: ',', around: (n, is) => (is ? `($${n})` : `$${n}`) },
  { name: 'SI', decimal: '.', group: '\u2009', around: (n, is) => `${minus(n, is)} km` },
  { name: 'Turkish percent', decimal: ',', group: '.', around: (n, is) => `${is ? '-' : ''}%${n}` }
]

function write(value: number, { decimal, group, isIndian, around }: NationalForm, places: number): string {
  const [whole = '', fraction] = Math.abs(value).toFixed(places).split('.')
  const lakh = isIndian ? whole.replace(/(\d)(?=(\d\d)+\d$)/g, `$1${group}`) : whole.replace(/\B(?=(\d{3})+$)/g, group)
  return around(fraction === undefined ? lakh : `${lakh}${decimal}${fraction}`, value < 0)
}

const column = fc.record({
  form: fc.constantFrom(...forms),
  // Three places in all values, or none at all, are those that say nothing of the sign; other tests are about them.
  places: fc.constantFrom(1, 2, 4),
  values: fc.array(fc.integer({ min: -499_999_999, max: 499_999_999 }), { minLength: 12, maxLength: 30 })
})

test('numbers in twelve national forms come back as they were written', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(column, { minLength: 36, maxLength: 36 }), async (columns) => {
      const rows = Math.min(...columns.map(({ values }) => values.length))
      const written = columns.map(({ form, places, values }) =>
        values
          .slice(0, rows)
          .map((value) => ({ text: write(value, form, places), value: Number(value.toFixed(places)) }))
      )
      const cells = Object.fromEntries(written.map((cells, index) => [`n${index}`, cells.map(({ text }) => text)]))
      const read = await readColumns(duckDb, cells)
      written.forEach((cells, index) => {
        const label = `${columns[index]?.form.name}: ${cells.map(({ text }) => text).join(' | ')}`
        expect(read[`n${index}`]?.values.map(Number), label).toEqual(cells.map(({ value }) => value + 0))
      })
    }),
    { numRuns: 2, seed: 16, endOnFailure: true }
  )
})

const two = (value: number) => String(value).padStart(2, '0')
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const dateForms: Readonly<Record<string, (year: number, month: number, day: number) => string>> = {
  iso: (y, m, d) => `${y}-${two(m)}-${two(d)}`,
  strokes: (y, m, d) => `${y}/${m}/${d}`,
  points: (y, m, d) => `${two(d)}.${two(m)}.${y}`,
  short: (y, m, d) => `${d}.${m}.${two(y % 100)}`,
  american: (y, m, d) => `${m}/${d}/${y}`,
  british: (y, m, d) => `${two(d)}/${two(m)}/${y}`,
  hyphens: (y, m, d) => `${two(d)}-${two(m)}-${y}`,
  named: (y, m, d) => `${d} ${months[m - 1]} ${y}`,
  namedFirst: (y, m, d) => `${months[m - 1]} ${d}, ${y}`,
  oracle: (y, m, d) => `${two(d)}-${months[m - 1]?.toUpperCase()}-${two(y % 100)}`
}

test('dates in ten forms come back as they were written', { timeout: 120_000 }, async () => {
  const day = fc.date({ min: new Date('1971-01-01'), max: new Date('2065-12-31'), noInvalidDate: true })
  await fc.assert(
    fc.asyncProperty(fc.array(day, { minLength: 10, maxLength: 20 }), async (days) => {
      // Days beyond the twelfth tell the order of day and month.
      const shown = [...days, new Date('2024-03-31'), new Date('2024-12-13')]
      const cells = Object.fromEntries(
        Object.entries(dateForms).map(([name, form]) => [
          name,
          shown.map((date) => form(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()))
        ])
      )
      const read = await readColumns(duckDb, cells)
      const expected = shown.map((date) => date.toISOString().slice(0, 10))
      for (const name of Object.keys(dateForms)) {
        expect(read[name]?.type, name).toBe('date')
        expect(read[name]?.values.map(String), `${name}: ${cells[name]?.join(' | ')}`).toEqual(expected)
      }
    }),
    { numRuns: 2, seed: 16, endOnFailure: true }
  )
})
