/** How names are listed in a sentence. */
import { formatNumbered } from '#words/numbers.ts'

/** Writes `a, b and c`, or with another word before the last. */
export function listOf(names: readonly string[], word: 'and' | 'or' = 'and'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`
}

/** Writes them in at most so many parts: a long list ends with how many more there are, `a, b and 3 more columns`. */
export function listSome(names: readonly string[], most: number, noun?: string): string {
  const more = names.length - most + 1
  if (more < 2) return listOf(names)
  return listOf([...names.slice(0, most - 1), noun ? formatNumbered(more, `more ${noun}`) : `${more} more`])
}
