/** What a person should know of a checked file before it is predicted, in sentences: the same in window and terminal. */
import type { CheckedTable, ColumnRemark } from '#contract/predictions.ts'

/** Names shown of a long list. */
const named = 6

/** Tells what is absent, unused, unseen or outside; an empty list where the file is just as the training rows were. */
export function describeCheck(table: CheckedTable): string[] {
  const { absent, unused, remarks, target, targetRows, rows } = table
  const one = absent.length === 1
  return [
    ...(absent.length > 0
      ? [
          `The file has no ${list(absent)}: ${one ? 'it counts' : 'they count'} as missing in every row, so the value of the training rows stands in.`
        ]
      : []),
    ...(['unreadable', 'unseen', 'outside'] as const).flatMap((kind) =>
      describeAlike(remarks.filter((remark) => remark.kind === kind))
    ),
    ...(unused.length > 0 ? [`Not read by the network, and kept in the result: ${list(unused)}.`] : []),
    ...(target === 'sealed'
      ? ['It is the table of the experiment itself, with the rows of the sealed test part, so no figures are given.']
      : []),
    ...(target === 'known' && targetRows < rows
      ? [`${count(targetRows)} of ${count(rows)} rows have a target that the network knows; the figures are of those.`]
      : [])
  ]
}

/** One sentence a column while they are few, else one of them all: a picture has hundreds of columns. */
function describeAlike(remarks: readonly ColumnRemark[]): string[] {
  const [first] = remarks
  if (!first || remarks.length <= named) return remarks.map(describeRemark)
  const what = {
    unreadable: 'values that are no numbers and count as missing',
    unseen: 'categories without an input of their own',
    outside: 'values outside what training saw'
  }[first.kind]
  return [`${count(remarks.length)} columns have ${what}, such as ${describeRemark(first)}`]
}

function describeRemark(remark: ColumnRemark): string {
  const { column, rows } = remark
  if (remark.kind === 'unreadable') {
    return `${column}: ${countRows(rows)} no number, such as "${remark.example.slice(0, 40)}"; they count as missing.`
  }
  if (remark.kind === 'outside') {
    return `${column}: ${countRows(rows)} a value outside what training saw, ${figure(remark.minimum)} to ${figure(remark.maximum)}.`
  }
  const values = remark.values.map((value) => `"${value.slice(0, 40)}"`)
  const more = remark.distinct > values.length ? ` and ${count(remark.distinct - values.length)} more` : ''
  return `${column}: ${countRows(rows)} a category without an input of its own: ${values.join(', ')}${more}.`
}

function countRows(rows: number): string {
  return rows === 1 ? '1 row has' : `${count(rows)} rows have`
}

function list(names: readonly string[]): string {
  if (names.length > named) return `${names.slice(0, named).join(', ')} and ${names.length - named} more columns`
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function count(value: number): string {
  return value.toLocaleString('en')
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)))
}
