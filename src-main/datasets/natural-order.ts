/** The order of levels and classes: numbers by size, texts by their letters; the same on every machine. */

/** Sorts names: numbers first, by size; texts after them, by code unit. */
export function sortNaturally(names: readonly string[]): string[] {
  return names.toSorted((a, b) => {
    const [first, second] = [numberOf(a), numberOf(b)]
    if (first !== null && second !== null && first !== second) return first - second
    if ((first === null) !== (second === null)) return first === null ? 1 : -1
    return a < b ? -1 : a > b ? 1 : 0
  })
}

function numberOf(name: string): number | null {
  const value = Number(name)
  return name.trim() === '' || Number.isNaN(value) ? null : value
}
