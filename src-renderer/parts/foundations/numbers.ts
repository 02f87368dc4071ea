/** How stations write numbers, in text and in formulas. */

/** Three digits behind the point at most, a true minus sign. */
export function say(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '\u2013' : value > 0 ? '\u221e' : '\u2212\u221e'
  return plain(value).replace('-', '\u2212')
}

/** A number in the little room of a node: so many digits, and a single one where it needs a power of ten. */
export function sayShort(value: number, digits: number): string {
  const size = Math.abs(value)
  const small = size !== 0 && (size < 1e-3 || size >= 1e4)
  return small && Number.isFinite(value)
    ? value.toExponential(0).replaceAll('-', '\u2212').replace('+', '')
    : say(Number(value.toPrecision(digits)))
}

/** The same for TeX, where a negative number behind an operator stands in brackets. */
export function tex(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '\\infty' : value < 0 ? '-\\infty' : '?'
  const text = plain(value)
  const [mantissa = text, exponent] = text.split('e')
  return exponent === undefined ? mantissa : `${mantissa} \\cdot 10^{${Number(exponent)}}`
}

/** A number that stands behind a sign: in brackets where it is negative. */
export function texTerm(value: number): string {
  return value < 0 ? `(${tex(value)})` : tex(value)
}

function plain(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2)
  const text = String(Number(value.toFixed(size >= 100 ? 1 : 3)))
  return text === '-0' ? '0' : text
}
