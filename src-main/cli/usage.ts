/** Wrong usage (exit code 2), and the readers of option values that tell it. */
import { describeRange, isWithin, type Range } from '#engine/setting.ts'
import { type LayerTemplate, readTemplate } from '#engine/network/topology-text.ts'

/** The person wrote a command that can't be understood; the message is one sentence. */
export class UsageError extends Error {}

/** Percent of the rows in each part. */
export interface SplitShares {
  readonly train: number
  readonly validation: number
  readonly test: number
}

/** Reads `60/20/20`. Errors: throws UsageError where the three do not sum to 100. */
export function readSplit(text: string): SplitShares {
  const shares = text.split('/').map((part) => (/^\d+(\.\d+)?$/.test(part) ? Number(part) : NaN))
  const [train = NaN, validation = NaN, test = NaN] = shares
  const isWhole = shares.length === 3 && Math.abs(train + validation + test - 100) < 1e-9 && train > 0
  if (isWhole) return { train, validation, test }
  throw new UsageError(
    `--split takes the percentages of training, validation and test part, which sum to 100, such as 60/20/20; ` +
      `"${text}" does not.`
  )
}

/** Reads a whole number from `minimum` on. Errors: throws UsageError. */
export function readWhole(option: string, minimum: number, maximum = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = toNumber(text)
    if (Number.isInteger(value) && value >= minimum && value <= maximum) return value
    throw new UsageError(`${option} takes a whole number from ${minimum} to ${maximum}; "${text}" is none.`)
  }
}

/** Reads a number within bounds. Errors: throws UsageError. */
export function readRange(option: string, range: Range) {
  return (text: string): number => {
    const value = toNumber(text)
    if (isWithin(range, value)) return value
    throw new UsageError(`${option} takes a number ${describeRange(range)}; "${text}" is none.`)
  }
}

/** Reads a number above 0. Errors: throws UsageError. */
export function readNumber(option: string) {
  return (text: string): number => {
    const value = toNumber(text)
    if (value > 0 && value < Infinity) return value
    throw new UsageError(`${option} takes a number above 0; "${text}" is none.`)
  }
}

/** Reads a number of percent, 0 and 100 included. Errors: throws UsageError. */
export function readPercent(option: string) {
  return (text: string): number => {
    const value = toNumber(text)
    if (value >= 0 && value <= 100) return value
    throw new UsageError(`${option} takes a number of percent from 0 to 100; "${text}" is none.`)
  }
}

/** Reads `--hidden`; sizes that follow the data wait for them. Errors: throws UsageError. */
export function readHidden(text: string): LayerTemplate[] {
  try {
    return readTemplate(text)
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--hidden: ${error.message}`)
    throw error
  }
}

/** Reads `--delimiter`: one sign, or `tab`. Errors: throws UsageError. */
export function readDelimiter(text: string): string {
  if (text === 'tab' || text === '\\t') return '\t'
  if ([...text].length === 1 && !/["'\r\n]/.test(text)) return text
  throw new UsageError(`--delimiter takes one sign that is no quote, or tab; "${text}" is neither.`)
}

/** Reads `--name`. Errors: throws UsageError for an empty one. */
export function readName(text: string): string {
  if (text.trim() !== '') return text.trim()
  throw new UsageError('--name takes a name that is not empty; leave it out for the name of the file.')
}

/** Gathers the values of an option that may be repeated. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value]
}

function toNumber(text: string): number {
  return text.trim() === '' ? NaN : Number(text)
}
