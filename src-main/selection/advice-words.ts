/** The advice on topologies in words. Pure. */
import type { Comparison, Help } from '#lab/selection/comparison.ts'
import type { ComplexityPoint } from '#lab/selection/complexity.ts'
import type { Suggestion } from '#lab/selection/suggestion.ts'
import { listSome } from '#words/lists.ts'
import { formatCount } from '#words/numbers.ts'
import { nameTopology } from '#words/topologies.ts'

/** How errors and their differences are written: shares as percent and points. */
export interface ErrorWords {
  readonly error: (error: number | null) => string
  /** A number alone, for ranges. */
  readonly difference: (difference: number) => string
  /** What follows a difference: ` points`, or nothing for numbers in units of the target. */
  readonly unit: string
}

/** What was judged by, as sentences name it. */
export interface JudgedBy {
  /** Rows of the validation part; null over folds. */
  readonly rows: number
  readonly folds: number | null
  /** Rows that would judge if folds did; null where that is no way. */
  readonly foldableRows: number | null
  readonly tried: number
  /** The model that sees no input, as it is called; null where it is not compared. */
  readonly constant: string | null
}

/** Writes `2.0 points (0.3 to 3.7)`. */
export function describeDifference(
  { centre, low, high }: Pick<Comparison, 'centre' | 'low' | 'high'>,
  words: ErrorWords
): string {
  return `${words.difference(centre)}${words.unit} (${words.difference(low)} to ${words.difference(high)})`
}

/** Writes what the suggestion costs: `8 is worse than 16 by 2.0 points (0.3 to 3.7) and 7 times smaller.` */
export function describePrice({ best, suggested, comparisons, zone }: Suggestion, words: ErrorWords): string | null {
  if (!suggested || suggested === best) return null
  const beside = comparisons.get(suggested.key)
  const [name, other] = [nameTopology(suggested), nameTopology(best)]
  const size = describeSize(suggested, best)
  if (!beside) return `${name} is ${size} than ${other}; one seed a topology says nothing of the noise.`
  const judged = {
    worse: `That is more than the ${words.difference(zone)}${words.unit} that make no difference.`,
    as_good: 'It is as good for sure.',
    open: `Whether that is more than the ${words.difference(zone)}${words.unit} that make no difference is open.`
  }[beside.answer]
  return `${name} is worse than ${other} by ${describeDifference(beside, words)} and ${size}. ${judged}`
}

function describeSize({ parameters: own }: ComplexityPoint, { parameters: other }: ComplexityPoint): string {
  const ratio = other / own
  if (ratio >= 1.95) return `${ratio < 9.5 ? Number(ratio.toFixed(1)) : Math.round(ratio)} times smaller`
  const percent = Math.round((1 - own / other) * 100)
  return percent > 0 ? `${percent} % smaller` : 'no smaller'
}

/** Says what is suggested, why, and what speaks against being sure of it. */
export function describeSuggestion(suggestion: Suggestion, words: ErrorWords, by: JudgedBy): string {
  return [...chosenSentences(suggestion, words, by), ...openSentences(suggestion)].join(' ')
}

function chosenSentences(suggestion: Suggestion, words: ErrorWords, { constant, folds, tried }: JudgedBy): string[] {
  const { best, suggested, signal, luck, zone } = suggestion
  if (signal === 'none') {
    return [
      `No signal found: no topology has a lower error than the ${constant ?? 'model that sees no input'} on these rows.`,
      'Nothing is suggested. The inputs may tell nothing of the target, or too little for so few rows.'
    ]
  }
  const name = nameTopology(best)
  if (tried < 2) {
    return [`${name} is the only topology so far: a smaller and a larger one would show whether it is the right size.`]
  }
  if (best.repeats < 2) return [`${name} is the best so far, but one seed a topology says nothing of the noise.`]
  const over = folds === null ? '' : ` over ${folds} folds`
  const lowest = `${name} has the lowest mean error${over}, ${words.error(best.validation.mean)}`
  const price = describePrice(suggestion, words)
  const margin =
    luck.mean > 0 ? `, and being the lowest of ${tried} explains ${words.difference(luck.mean)}${words.unit} more` : ''
  const chosen =
    suggested === best || price === null
      ? [
          `${lowest}; every simpler one is worse by more than the ${words.difference(zone)}${words.unit} that make no difference${margin}.`
        ]
      : [`${lowest}.`, price]
  if (signal !== 'open' || constant === null) return chosen
  return [...chosen, `Whether it is better than the ${constant} at all, these rows can't tell.`]
}

function openSentences({ contested, unconverged, decided, best, suggested, comparisons }: Suggestion): string[] {
  if (decided) return []
  const slow = unconverged.map((point) => nameTopology(point))
  const open = contested
    .filter((point) => point !== best && point !== suggested && comparisons.get(point.key)?.answer !== 'worse')
    .map((point) => (point.constant === null ? nameTopology(point) : `the ${nameTopology(point)}`))
  return [
    ...(slow.length > 0
      ? [
          `Not decided: ${listSome(slow, 5)} ${slow.length === 1 ? 'was' : 'were'} still learning when the last epoch ended ${slow.length === 1 ? 'it' : 'them'}.`
        ]
      : []),
    ...(open.length > 0 && slow.length === 0 ? [`Not decided: ${listSome(open, 5)} may be as good.`] : [])
  ]
}

/** Says what would tell. */
export function describeHelp(help: Help, point: string, other: string, by: JudgedBy): string {
  const pair = `${point} and ${other}`
  const rows = Math.ceil(by.rows * help.factor)
  const count = (value: number) => formatCount(Number(value.toPrecision(2)))
  switch (help.by) {
    case 'seeds':
      return `About ${help.seeds} further ${help.seeds === 1 ? 'seed' : 'seeds'} of each would tell ${pair} apart.`
    case 'folds':
      return (
        `Folds would tell ${pair} apart: all ${count(by.foldableRows ?? rows)} rows of training and validation part judge then, ` +
        `in place of ${formatCount(by.rows)}; further seeds would not.`
      )
    case 'rows':
      return (
        `More rows would tell ${pair} apart: about ${count(rows)} that judge, in place of ${formatCount(by.rows)}. ` +
        'Further seeds would not.'
      )
    case 'nothing':
      return `${point} lies so near the edge of what makes a difference to ${other} that no number of rows or seeds in reach would tell.`
  }
}
