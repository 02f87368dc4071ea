/** Makes the names of a table's columns usable: none empty, none twice, none with line ends. */

/** Longer ones help nobody and break every list they stand in. */
const longestName = 120

export interface ColumnNames {
  readonly names: string[]
  readonly warnings: string[]
}

/**
 * Cleans names as they came. Empty ones are numbered from 1, and names that differ in case alone count as the same,
 * because DuckDB and Parquet readers see them so.
 */
export function cleanNames(raw: readonly string[]): ColumnNames {
  const taken = new Set<string>()
  const warnings: string[] = []
  const cleaned = raw.map((name) => name.replaceAll(/\s+/g, ' ').trim().slice(0, longestName))
  // A name that is there already is never given to the double of another.
  const reserved = new Set(cleaned.map((name) => name.toLowerCase()))
  const names = cleaned.map((name, index) => {
    const wanted = name === '' ? `column ${index + 1}` : name
    let unique = wanted
    for (let copy = 2; taken.has(unique.toLowerCase()); copy++) {
      const next = `${wanted} ${copy}`
      if (!reserved.has(next.toLowerCase())) unique = next
    }
    taken.add(unique.toLowerCase())
    if (name === '') warnings.push(`Column ${index + 1} has no name; it is called "${unique}".`)
    else if (unique !== name) warnings.push(`Two columns are called "${name}"; column ${index + 1} is now "${unique}".`)
    return unique
  })
  return { names, warnings }
}
