/** How a text was read, in few words each, as a person is shown them. */
import type { Layout } from '#lab/datasets/import/text/layout.ts'
import type { Parting } from '#lab/datasets/import/text/records.ts'
import { formatCount } from '#words/numbers.ts'

const signNames: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'vertical bar',
  ' ': 'blank'
}

/** What parts the cells, in words. */
export function nameOfParting(parting: Parting): string {
  if (parting.kind === 'blanks') return 'blanks'
  if (parting.kind === 'widths') return 'fixed places'
  return signNames[parting.sign] ?? `"${parting.sign}"`
}

/** Parting, line of the names, comments, quotes; what is as usual is not said. */
export function textFacts({ format, namesLine, width, names }: Layout): string[] {
  const facts = width > 1 ? [nameOfParting(format.parting)] : ['one column']
  if (namesLine !== null) facts.push(`header in line ${formatCount(namesLine)}`)
  else facts.push(names.length > 0 ? 'header in a comment' : 'no header')
  if (format.isWrapped) facts.push('whole rows in quotes')
  else if (format.quote === "'") facts.push('single quotes')
  if (format.comment !== '') facts.push(`comments begin with ${format.comment}`)
  return facts
}
