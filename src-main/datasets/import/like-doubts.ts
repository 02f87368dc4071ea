/** Doubts that many columns share are told once, with one choice for all of them. */
import { joinOptions, type Doubt } from '#contract/reading.ts'
import { listSome } from '#words/lists.ts'

/** Fewer are told column by column. */
const fewest = 5
/** Columns named in one sentence. */
const named = 4

/** A doubt on a column, and the sentence on it without the column's name. */
export interface ColumnDoubtTold {
  readonly doubt: Doubt
  readonly why: string
}

/** Joins doubts that differ in nothing but their column, their figures and their examples; others stay, in their order. */
export function joinLikeDoubts(told: readonly ColumnDoubtTold[]): Doubt[] {
  const groups = new Map<string, ColumnDoubtTold[]>()
  for (const entry of told) {
    const key = JSON.stringify([entry.why.replaceAll(/"[^"]*"|\d[\d,.]*/g, '#'), entry.doubt.taken, entry.doubt.other])
    groups.set(key, [...(groups.get(key) ?? []), entry])
  }
  return [...groups.values()].flatMap((group) =>
    group.length < fewest ? group.map(({ doubt }) => doubt) : [join(group)]
  )
}

function join(group: readonly ColumnDoubtTold[]): Doubt {
  const [first] = group
  if (!first) throw new Error('No doubt was given.')
  const columns = group.map(({ doubt }) => `"${doubt.column}"`)
  const options = group.every(({ doubt }) => doubt.options !== null)
    ? group.reduce((all, { doubt }) => joinOptions(all, doubt.options ?? {}), {})
    : null
  return {
    ...first.doubt,
    column: null,
    why: `In ${listSome(columns, named, 'column')}, as in ${columns[0]}: ${first.why}`,
    count: group.reduce((sum, { doubt }) => sum + doubt.count, 0),
    options
  }
}
