/** How numbers are written for a person, the same in window, terminal, reports and sentences. JSON and CSV have raw numbers. */

/** Written for what is missing or not finite. */
export const missing = '\u2013'

/** Made once: making it costs far more than writing with it, and a table writes thousands of numbers. */
const counts = new Intl.NumberFormat('en-US')

/**
 * Writes a measured number with three significant digits, and all digits before the point: `0.0823`, `97.4`, `12,346`;
 * below 0.0001 and from ten millions on as `1.23e-5`.
 */
export function formatFigure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing
  if (value === 0) return '0'
  const size = Math.abs(Number(value.toPrecision(3)))
  if (size < 1e-4 || size >= 1e7) return value.toExponential(2).replace('e+', 'e')
  return size >= 1000 ? counts.format(Math.round(value)) : value.toPrecision(3)
}

/** Writes a number in so many digits without zeros at its end, as one of an axis or of a bound: `0.5`, `28.11`. */
export function formatPlain(value: number, digits = 3): string {
  return String(Number(value.toPrecision(digits)))
}

/** Writes a share of 1 as percent, as formatPercent() does; sign and number stay together where a line breaks. */
export function formatShare(value: number | null | undefined): string {
  const percent = formatPercent(value)
  return percent === missing ? missing : `${percent}\u00a0%`
}

/**
 * Writes a share in per cent without its unit, for tables that name it once: one decimal, and so many that a share below
 * 1 % has two digits, as differences and noises are.
 */
export function formatPercent(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing
  if (value === 0) return '0'
  const percent = value * 100
  const decimals = Math.min(6, Math.max(1, 1 - Math.floor(Math.log10(Math.abs(percent)))))
  return percent.toFixed(decimals)
}

/** Writes a share that was set, not measured: `25 %`. */
export function formatSetShare(value: number): string {
  return `${formatPlain(value * 100)}\u00a0%`
}

/** Writes a count with thousands separators. */
export function formatCount(value: number): string {
  return counts.format(value)
}

/** Writes a count with its noun: `1 run`, `2 runs`. */
export function formatNumbered(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`
}

/** Writes a large count or rate in three digits with k, M or G. */
export function formatRate(value: number): string {
  return scaled(value, ['G', 'M', 'k']) ?? `${Math.round(value)}`
}

/** Writes a size in bytes with its unit; 1 kB is 1000 bytes. */
export function formatBytes(bytes: number): string {
  return scaled(bytes, [' GB', ' MB', ' kB']) ?? formatNumbered(bytes, 'byte')
}

/** Writes a value from a thousand on in three digits with the unit for 1e9, 1e6 or 1e3; null below. */
function scaled(value: number, units: readonly string[]): string | null {
  const rounded = Number(value.toPrecision(3))
  const size = [1e9, 1e6, 1e3].find((each) => value >= 1000 && rounded >= each)
  return size === undefined ? null : `${rounded / size}${units[3 - Math.log10(size) / 3]}`
}
