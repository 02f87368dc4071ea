/** What a person should know of a checked file before it is predicted, in sentences: the same in window and terminal. */
import type { CheckedTable, ColumnRemark, WrittenPredictions } from '#contract/predictions.ts'
import { listSome } from '#words/lists.ts'
import { formatCount, formatFigure, formatPlain, formatShare } from '#words/numbers.ts'

/** Names shown of a long list. */
const named = 6

/** Tells what is absent, unused, unseen or outside; an empty list where the file is just as the training rows were. */
export function describeCheck(table: CheckedTable): string[] {
  const { absent, unused, remarks, target, targetRows, sealedRows, rows } = table
  const one = absent.length === 1
  return [
    ...(absent.length > 0
      ? [
          `The file has no ${listSome(absent, named + 1, 'column')}: ${one ? 'it counts' : 'they count'} as missing in every row, so the value of the training rows stands in.`
        ]
      : []),
    ...(['unreadable', 'unseen', 'outside'] as const).flatMap((kind) =>
      describeAlike(remarks.filter((remark) => remark.kind === kind))
    ),
    ...(unused.length > 0
      ? [`Not read by the network, and kept in the result: ${listSome(unused, named + 1, 'column')}.`]
      : []),
    ...(target === 'sealed'
      ? [
          `${countRows(sealedRows)} of the sealed test part of the experiment, and most others are of its table too, so no figures are given. Open the test part of the run first.`
        ]
      : []),
    ...(target === 'known' && sealedRows > 0
      ? [
          `${countRows(sealedRows)} of the sealed test part of the experiment: left out of the figures until it is opened.`
        ]
      : []),
    ...(target === 'known' && targetRows < rows
      ? [
          `${formatCount(targetRows)} of ${formatCount(rows)} rows have a target that the network knows; the figures are of those.`
        ]
      : [])
  ]
}

function countRows(rows: number): string {
  return rows === 1 ? '1 row is one of the rows' : `${formatCount(rows)} rows are rows`
}

/** What the values are, with one of something and with many; and what can be done about them. */
const kinds = {
  unreadable: {
    one: 'a value that is no number',
    many: 'values that are no numbers',
    mend: 'Such a value counts as missing: correct it in the file, or the value of the training rows stands in.'
  },
  unseen: {
    one: 'a category without an input of its own',
    many: 'categories without an input of their own',
    mend: 'The network has learned nothing of such a category: correct the spelling, or train on rows that have it.'
  },
  outside: {
    one: 'a value outside what training saw',
    many: 'values outside what training saw',
    mend: 'There the network can only guess: check units and typing, or train on rows like these.'
  }
} as const

/** One sentence a column while they are few, else one of them all, for a picture has hundreds of columns; then the mend. */
function describeAlike(remarks: readonly ColumnRemark[]): string[] {
  const [first] = remarks
  if (!first) return []
  const { many, mend } = kinds[first.kind]
  const sentences =
    remarks.length <= named
      ? remarks.map((remark) => `${remark.column}: ${describeRemark(remark)}.`)
      : [`${formatCount(remarks.length)} columns have ${many}. In ${first.column}, for one, ${describeRemark(first)}.`]
  return sentences.map((sentence, index) => (index === sentences.length - 1 ? `${sentence} ${mend}` : sentence))
}

function describeRemark(remark: ColumnRemark): string {
  const { kind, rows } = remark
  const { one, many } = kinds[kind]
  const what = rows === 1 ? `1 row has ${one}` : `${formatCount(rows)} rows have ${many}`
  if (kind === 'unreadable') {
    const where = remark.row === undefined ? '' : ` in row ${formatCount(remark.row)}`
    return `${what}, such as "${remark.example.slice(0, 40)}"${where}`
  }
  if (kind === 'outside') return `${what} (${formatPlain(remark.minimum, 4)} to ${formatPlain(remark.maximum, 4)})`
  const values = remark.values.map((value) => `"${value.slice(0, 40)}"`)
  const more = remark.distinct > values.length ? ` and ${formatCount(remark.distinct - values.length)} more` : ''
  return `${what}: ${values.join(', ')}${more}`
}

/** Tells what an interval is and promises, in a sentence or two. */
export function describeInterval(interval: NonNullable<WrittenPredictions['interval']>): string {
  const { level, rows, held } = interval
  const what =
    interval.kind === 'number'
      ? `${formatFigure(interval.halfWidth)} to either side`
      : `all classes with a probability of ${formatFigure(interval.least)} or more`
  const checked = held === null ? '' : ` It held in ${formatShare(held)} of the rows whose target is known.`
  return (
    `${what}, to hold the truth in ${formatShare(level)} of new rows like the ${formatCount(rows)} of the validation part, on ` +
    `average and not for every kind of row; these rows chose the epoch, so a little less may hold.${checked}`
  )
}
