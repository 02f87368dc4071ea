/** How numbers, times and sizes are written: three significant digits, units, the same everywhere. */

/** Made once: making it costs far more than writing with it, and a table writes thousands of numbers. */
const counts = new Intl.NumberFormat('en-US')
const missing = '\u2013'

/** Writes a measured number with three significant digits; what is not finite as a dash. */
export function formatFigure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size < 1e-3 || size >= 1e6) return value.toExponential(2).replace('e+', 'e')
  if (size >= 1000) return counts.format(Math.round(value))
  return value.toPrecision(3)
}

/** Writes a share of 1 as percent; the sign never stands on a line of its own. */
export function formatShare(value: number | null | undefined): string {
  const percent = formatPercent(value)
  return percent === missing ? missing : `${percent}\u00a0%`
}

/** Writes a share in per cent without its unit, for tables that name it once. */
export function formatPercent(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing
  return (value * 100).toFixed(1)
}

/** Writes a count with thousands separators. */
export function formatCount(value: number): string {
  return counts.format(value)
}

/** Writes a large count or rate in three digits with k, M or G. */
export function formatRate(value: number): string {
  for (const [size, letter] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k']
  ] as const) {
    if (value >= size) return `${Number((value / size).toPrecision(3))}${letter}`
  }
  return `${Math.round(value)}`
}

/** Writes a duration in its two largest units. */
export function formatSeconds(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return missing
  if (seconds > 0 && seconds < 0.001) return `${Number((seconds * 1000).toPrecision(2))} ms`
  if (seconds < 0.95) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 60) return `${Number(seconds.toPrecision(2))} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

/** Writes a duration that is only guessed, in its largest unit. */
export function formatRoughSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3600)} h`
}

/** Writes a range of guessed durations: `3 to 5 min`, `40 s to 2 min`, or one of them where they look alike. */
export function formatRoughRange(low: number, high: number): string {
  const [from, to] = [formatRoughSeconds(low), formatRoughSeconds(high)]
  if (from === to) return to
  const [amount, unit] = from.split(' ')
  return to.endsWith(` ${unit}`) ? `${amount} to ${to}` : `${from} to ${to}`
}

/** Writes a size in bytes with a unit. */
export function formatBytes(bytes: number): string {
  for (const [size, unit] of [
    [2 ** 30, 'GB'],
    [2 ** 20, 'MB'],
    [2 ** 10, 'kB']
  ] as const) {
    if (bytes >= size) return `${Number((bytes / size).toPrecision(3))} ${unit}`
  }
  return `${bytes} bytes`
}

/** Writes a time as date and minute in the person's own way. */
export function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
}

/** Writes a count with its noun: `1 run`, `2 runs`. */
export function formatNumbered(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`
}
