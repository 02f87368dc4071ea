/** Spellings of one word: what differs in case, blanks, a closing dot or the Unicode form alone. */

/** Signs that are seen by nobody: joiners, marks of direction, soft hyphens, the mark of a file's byte order. */
const unseen = /[\u00ad\u200b-\u200f\u2060\ufeff]/g

/** The form in which all spellings of a word are equal. */
export function plainForm(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(unseen, '')
    .replaceAll(/[\u2010-\u2015\u2212]/g, '-')
    .replaceAll(/[\u2018\u2019]/g, "'")
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/\s*\.+$/, '')
}

/** Levels of which some are spelled in several ways. */
export interface Spellings {
  /** The most frequent spelling of a level, with the others. */
  readonly kept: string
  readonly others: readonly string[]
}

/** Groups levels, each with its count of rows, by what they are but for their spelling; those of one spelling are left out. */
export function findSpellings(levels: readonly (readonly [string, number])[]): Spellings[] {
  const alike = Map.groupBy(levels, ([level]) => plainForm(level))
  return [...alike].flatMap(([plain, found]) => {
    if (found.length < 2 || plain === '') return []
    const [kept, ...others] = found.toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([level]) => level)
    return kept === undefined ? [] : [{ kept, others }]
  })
}

/** In what two spellings of one word differ, in words. */
export function difference(a: string, b: string): string {
  const steps: readonly (readonly [string, (text: string) => string])[] = [
    ['the Unicode form', (text) => text.normalize('NFC')],
    ['blanks', (text) => text.normalize('NFC').replaceAll(/\s+/g, ' ').trim()],
    ['upper and lower case', (text) => text.toLowerCase()],
    ['a closing dot', (text) => text.replace(/\s*\.+$/, '')]
  ]
  return steps.find(([, form]) => form(a) === form(b))?.[0] ?? 'their spelling'
}
