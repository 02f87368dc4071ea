/** Lines below the names that are no rows: units, kinds and roles of the columns. */
import { countKinds, kindOf } from '#lab/datasets/import/text/cells.ts'

/** At most so many lines; loggers and Orange write two. */
const mostLines = 3

const unit =
  /^[([]?(%|\u2030|\u00b0 ?[CFK]?|deg(rees)?\.?( ?[CFK])?|[kcmdhMGT\u00b5\u03bcnu]?(m|g|s|A|V|W|Wh|J|Hz|Pa|N|K|l|L|B|bar|mol|cal|eV|rad|Ohm|\u03a9|F|H|T|lx|t)([\u00b2\u00b32-4^]*)|min|h|hr?s?|d|days?|yrs?|years?|in|ft|yd|mi|mph|kn|lbs?|oz|psi|rpm|ppm|ppb|dB|px|pt|pH|USD|EUR|GBP|CHF|\$|\u20ac|\u00a3|-|1|n\/a)([ /*\u00b7^.]+[\w\u00b2\u00b3\u00b5-]+)*[)\]]?$/

/** How many of the first rows are such lines. */
export function countUnitLines(names: readonly string[], rows: readonly (readonly string[])[]): number {
  const below = rows.slice(mostLines)
  const sample = below.length >= 3 ? below : rows.slice(1)
  if (sample.length < 2) return 0
  const columns = names.map((_, column) => sample.map((row) => row[column] ?? ''))
  const numeric = columns.map((cells) => {
    const { number, values } = countKinds(cells)
    return values > 0 && number >= 0.9 * values
  })
  const levels = columns.map((cells) => new Set(cells))
  if (!numeric.includes(true)) return 0
  let lines = 0
  for (const row of rows.slice(0, Math.min(mostLines, rows.length - 2))) {
    const isFirst = lines === 0
    if (!isUnitLine(row, numeric, levels, isFirst) || isTransposed(names, row, numeric)) break
    lines++
  }
  return lines
}

function isUnitLine(
  row: readonly string[],
  numeric: readonly boolean[],
  levels: readonly ReadonlySet<string>[],
  isFirst: boolean
): boolean {
  const above = row.filter((_, column) => numeric[column])
  const beside = row.flatMap((cell, column) => (numeric[column] || cell === '' ? [] : [{ cell, column }]))
  // Texts that occur among the values below make it a row like the others.
  if (beside.some(({ cell, column }) => levels[column]?.has(cell))) return false
  const texts = above.filter((cell) => kindOf(cell) === 'text' || unit.test(cell))
  if (above.some((cell) => kindOf(cell) === 'number' && !unit.test(cell)) || above.some((cell) => /^[0-9]/.test(cell)))
    return false
  if (!isFirst) return texts.length > 0 || (beside.length > 0 && above.every((cell) => cell === ''))
  const units = texts.filter((cell) => unit.test(cell)).length
  return (texts.length >= 2 && 2 * texts.length >= above.length) || (units > 0 && units === texts.length)
}

/** Names of one form over texts that differ, and are no units: samples stand in the columns, with their classes in a row. */
export function isTransposed(names: readonly string[], row: readonly string[], numeric: readonly boolean[]): boolean {
  const columns = names.flatMap((name, column) => (numeric[column] ? [{ name, cell: row[column] ?? '' }] : []))
  const texts = columns.filter(({ cell }) => kindOf(cell) === 'text')
  if (columns.length < 4 || texts.length < 0.8 * columns.length || texts.some(({ cell }) => unit.test(cell)))
    return false
  const forms = new Map<string, number>()
  for (const { name } of columns) {
    const form = name.replaceAll(/[0-9]+/g, '9')
    forms.set(form, (forms.get(form) ?? 0) + 1)
  }
  const alike = Math.max(...forms.values())
  return alike >= 0.8 * columns.length && new Set(texts.map(({ cell }) => cell)).size > 1
}

const orangeKinds = /^(c|d|s|t|continuous|discrete|string|time|basket|meta)?$/i
const orangeRoles = /^(class|meta|m|i|ignore|weight|w|c)?(\s+\S+=\S+)*$/i

/** Whether the two lines below the names are those of Orange: kinds and roles of the columns. */
export function isOrange(lines: readonly (readonly string[])[]): boolean {
  const [kinds, roles] = lines
  const hasKind = kinds?.some((cell) => cell !== '')
  return (
    Boolean(hasKind) &&
    kinds?.every((cell) => orangeKinds.test(cell)) === true &&
    roles?.every((cell) => orangeRoles.test(cell)) === true
  )
}
