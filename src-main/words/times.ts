/** How durations and times are written. */
import { missing } from '#words/numbers.ts'

/** Writes a duration in two digits, or from a minute on in its two largest units. */
export function formatSeconds(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return missing
  if (seconds > 0 && seconds < 0.001) return `${Number((seconds * 1000).toPrecision(2))} ms`
  if (seconds < 0.95) return `${Math.round(seconds * 1000)} ms`
  const short = Number(seconds.toPrecision(2))
  if (short < 60) return `${short} s`
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

/** Writes a time as date and minute in the person's own way. */
export function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
}

/** Writes a time as date and minute, the same on every computer. */
export function formatUtc(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
