/** Two letters for each name, for lists too narrow for the names. Pure. */

/**
 * Abbreviates names, so that no two look alike: the first two letters, else the first with the initial of a later word,
 * else with a number. The first in the list has the first choice.
 */
export function monograms(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    const found = candidates(name).find((letters) => !taken.has(letters)) ?? numbered(name, taken)
    taken.add(found)
    return found
  })
}

function candidates(name: string): string[] {
  const words = name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  const [first = ''] = words
  const letters = [...first]
  const initials = words.slice(1).map((word) => [...word][0] ?? '')
  return [letters.slice(0, 2).join(''), ...initials.map((initial) => `${letters[0]}${initial}`)].filter(Boolean)
}

function numbered(name: string, taken: ReadonlySet<string>): string {
  const initial = [...name.toLowerCase()].find((letter) => /[\p{L}\p{N}]/u.test(letter)) ?? '#'
  for (let number = 2; ; number++) if (!taken.has(`${initial}${number}`)) return `${initial}${number}`
}
