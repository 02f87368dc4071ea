/** Aligned tables and figures for people. */
import { writeErrorShare } from '#contract/error-words.ts'

export interface TableColumn<Row> {
  readonly title: string
  readonly text: (row: Row) => string
  /** Numbers stand right. */
  readonly right?: boolean
}

/** Lays rows out in columns two spaces apart, with a head; no line ends in spaces. */
export function formatTable<Row>(rows: readonly Row[], columns: readonly TableColumn<Row>[]): string {
  const texts = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ text }) => text(row)))]
  const widths = columns.map((_, index) => Math.max(...texts.map((line) => line[index]?.length ?? 0)))
  const pad = (text: string, index: number) =>
    columns[index]?.right ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0)
  return texts.map((line) => line.map(pad).join('  ').trimEnd()).join('\n')
}

/** Lays out names and their values, one a line. */
export function formatFacts(facts: readonly (readonly [name: string, value: string | null])[]): string {
  const shown = facts.filter((fact): fact is readonly [string, string] => fact[1] !== null)
  const width = Math.max(...shown.map(([name]) => name.length))
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
}

/** Writes a number with three significant digits; what is missing or not finite is a dash. */
export function formatFigure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '-'
  const rounded = Number(value.toPrecision(3))
  const size = Math.abs(rounded)
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(2)
  // Whole numbers keep their digits; below one thousand the third digit stays also where it is a zero.
  return size >= 1000 ? String(rounded) : value.toPrecision(3)
}

/** How the errors of a measure are written: shares of wrong classes as percent. */
export function errorWriter(measure: 'error' | 'rmse' | 'loss'): (error: number | null) => string {
  return (error) => (measure === 'error' && error !== null ? writeErrorShare(error) : formatFigure(error))
}

/** Writes a share from 0 to 1 as a percentage. */
export function formatShare(value: number | null | undefined): string {
  return value === null || value === undefined || !Number.isFinite(value) ? '-' : `${formatFigure(value * 100)} %`
}

/** Writes a count with a space between thousands. */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ')
}

/** Writes a duration in the two units that matter. */
export function formatSeconds(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return '-'
  if (seconds < 60) return `${formatFigure(seconds)} s`
  const whole = Math.round(seconds)
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)]
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`
}
