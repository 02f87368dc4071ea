/** What stands below a table: notes and sources, which have few cells, and totals, which call themselves so. */

/** Words for a total in a dozen languages, alone or before something else, as in "Total 2021". */
const total =
  /^(grand[ -]?total|sub[ -]?total|total(s|e|en|i|t|es)?|sum(s|me|ma|a|mary)?|gesamt(summe|ergebnis)?|insgesamt|ensemble|somme|totaal|yhteens\u00e4|celkem|razem|og\u00f3\u0142em|\u0438\u0442\u043e\u0433\u043e|\u0432\u0441\u0435\u0433\u043e|\u5408\u8ba1|\u603b\u8ba1|\u5408\u8a08|\ud569\uacc4|toplam)(?!\p{L}).{0,20}$/iu

/** Whether a last line is no row: fewer cells than the rows have, or a note in the first of many. */
export function isFooter(cells: readonly string[], width: number): boolean {
  if (width < 2) return false
  if (cells.length < width) return true
  const filled = cells.filter((cell) => cell !== '')
  return width >= 3 && filled.length === 1 && cells[0] !== '' && !/^[-+]?[\d.,]+$/.test(cells[0] ?? '')
}

/** Whether the last row is a total: its first text says so, and no other row does. */
export function isTotal(cells: readonly string[], labels: readonly string[]): boolean {
  const label = cells.find((cell) => cell !== '') ?? ''
  const numbers = cells.filter((cell) => /^[^\p{L}]*[0-9][^\p{L}]*$/u.test(cell))
  return total.test(label.replace(/[:.]$/, '')) && numbers.length > 0 && !labels.some((other) => total.test(other))
}
