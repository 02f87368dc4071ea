/**
 * What a fitted preparation does with a row, step by step, as plain data: the one description that the lab itself follows
 * (encode.ts) and from which every export writes its code. A raw value is first read as what its column holds; a missing
 * one is replaced; then each step makes inputs of it.
 */
import type { DatePart } from '#contract/datasets.ts'
import type { ColumnEncoding, FittedPreparation } from '#contract/preparation.ts'

/**
 * What a raw value is.
 * - `number`: itself; - `date`: days since 1970-01-01, the time of day as a fraction; - `clock`: h:mm or h:mm:ss in hours;
 * - `text`: the place of its level: -1 where there is none, the count of the levels for any other.
 */
export type Reads = 'number' | 'date' | 'clock' | 'text'

/** Where on a circle a value lies, as a share of the round from 0 to below 1. */
export type Circle = 'month' | 'weekday' | 'day-of-date' | 'day-of-clock'

export type Step =
  /**
   * One input: z = (v - offset) / scale, of the value itself or of the calendar year of its day; clipped smoothly it is
   * z / sqrt(1 + (z / 3)^2).
   */
  | {
      readonly make: 'scaled'
      readonly of: 'value' | 'year'
      readonly offset: number
      readonly scale: number
      readonly smoothClip?: true
    }
  /** Two inputs: the sine and the cosine of 2 pi times the place on a circle. */
  | { readonly make: 'circle'; readonly of: Circle }
  /** An input for each level, and one for any other value where `other` says so: 1 at the place of the value, else 0. */
  | { readonly make: 'one-hot'; readonly levels: number; readonly other: boolean }
  /** One input: the code at the place of the value; its last one is of any other value. 0 for the place -1. */
  | { readonly make: 'coded'; readonly codes: readonly number[] }
  /** One input: 1 where the value was missing, else 0. */
  | { readonly make: 'missing' }

interface Common {
  readonly column: string
  readonly steps: readonly Step[]
}

export interface NumberSteps extends Common {
  readonly reads: 'number' | 'date' | 'clock'
  /** Stands for a missing value, and for a number that is not finite. */
  readonly fill: number
}

export interface TextSteps extends Common {
  readonly reads: 'text'
  readonly levels: readonly string[]
  /** Other spellings, each with the place of the level it is taken for. */
  readonly aliases: readonly (readonly [string, number])[]
  /** The place that stands for a missing value; -1 for none. */
  readonly fill: number
}

export type ColumnSteps = NumberSteps | TextSteps

/** Describes what a preparation does with each column, in the order of the inputs. */
export function describePreparation({ columns }: Pick<FittedPreparation, 'columns'>): ColumnSteps[] {
  return columns.map(stepsOf)
}

/** Describes what is done with one column. */
export function stepsOf(encoding: ColumnEncoding): ColumnSteps {
  const { column } = encoding
  const after: Step[] = encoding.indicator ? [{ make: 'missing' }] : []
  switch (encoding.kind) {
    case 'numeric': {
      const { reads = 'number', fill, offset, scale, smoothClip } = encoding
      const scaled = { make: 'scaled', of: 'value', offset, scale, ...(smoothClip && { smoothClip }) } as const
      return { column, reads, fill, steps: [scaled, ...after] }
    }
    case 'date': {
      const { fill, parts } = encoding
      return { column, reads: 'date', fill, steps: [...parts.map(stepOfPart), ...after] }
    }
    case 'time':
      return { column, reads: 'clock', fill: encoding.fill, steps: [{ make: 'circle', of: 'day-of-clock' }, ...after] }
    case 'categorical': {
      const { levels, other } = encoding
      return { ...textOf(encoding), steps: [{ make: 'one-hot', levels: levels.length, other }, ...after] }
    }
    case 'ordinal': {
      const { levels, fill, offset, scale } = encoding
      const code = (place: number) => (place - offset) / scale
      const codes = [...levels.map((_, place) => code(place)), code(Math.max(0, levels.indexOf(fill)))]
      return { ...textOf(encoding), steps: [{ make: 'coded', codes }, ...after] }
    }
    case 'frequency': {
      const { shares, offset, scale } = encoding
      const codes = [...shares, 0].map((share) => (share - offset) / scale)
      return { ...textOf(encoding), steps: [{ make: 'coded', codes }, ...after] }
    }
  }
}

const circles = { month: 'month', weekday: 'weekday', hour: 'day-of-date' } as const

function stepOfPart({ part, offset, scale }: { part: DatePart; offset: number; scale: number }): Step {
  if (part === 'days') return { make: 'scaled', of: 'value', offset, scale }
  if (part === 'year') return { make: 'scaled', of: 'year', offset, scale }
  return { make: 'circle', of: circles[part] }
}

function textOf({
  column,
  levels,
  fill,
  aliases
}: Extract<ColumnEncoding, { kind: 'categorical' | 'ordinal' | 'frequency' }>): Omit<TextSteps, 'steps'> {
  const places = new Map(levels.map((level, place) => [level, place]))
  const others = new Map(truthSpellings(levels))
  for (const [other, level] of Object.entries(aliases ?? {})) {
    const place = places.get(level)
    // A spelling of a level that has no input of its own is as unknown as that is.
    if (place !== undefined) others.set(other, place)
  }
  return {
    column,
    reads: 'text',
    levels,
    aliases: [...others].filter(([other]) => !places.has(other)),
    fill: fill === null ? -1 : (places.get(fill) ?? (levels.length > 0 ? 0 : -1))
  }
}

const truths = [
  ['false', 'true'],
  ['no', 'yes'],
  ['n', 'y'],
  ['f', 't'],
  ['0', '1']
] as const

/**
 * Where the levels are no more than two truth values: how programs and files write those, each with the place of the level
 * that it means. `True` of a data frame is the level `true` of a table, and 1 is as well.
 */
function truthSpellings(levels: readonly string[]): [string, number][] {
  const plain = levels.map((level) => level.toLowerCase())
  const pair = truths.find((words) => plain.every((level) => (words as readonly string[]).includes(level)))
  if (!pair || plain.length === 0 || new Set(plain).size < plain.length) return []
  return plain.flatMap((level, place) => {
    const means = level === pair[1] ? 1 : 0
    const words = [...new Set([pair[means], truths[0][means], truths[4][means]])]
    return words.flatMap((word) =>
      [word, word.toUpperCase(), `${word.charAt(0).toUpperCase()}${word.slice(1)}`].map((text): [string, number] => [
        text,
        place
      ])
    )
  })
}

/** Counts the inputs that a step makes. */
export function inputsOfStep(step: Step): number {
  if (step.make === 'one-hot') return step.levels + (step.other ? 1 : 0)
  return step.make === 'circle' ? 2 : 1
}

/** Names the inputs that one column becomes, such as `sex = male` or `born month sine`. */
export function inputNames(encoding: ColumnEncoding): string[] {
  const { column } = encoding
  return [...ownNames(encoding), ...(encoding.indicator ? [`${column} missing`] : [])]
}

function ownNames(encoding: ColumnEncoding): string[] {
  const { column } = encoding
  const onCircle = (name: string) => [`${name} sine`, `${name} cosine`]
  switch (encoding.kind) {
    case 'numeric':
      return [column]
    case 'ordinal':
      return [`${column} in order`]
    case 'frequency':
      return [`${column} frequency`]
    case 'time':
      return onCircle(column)
    case 'date':
      return encoding.parts.flatMap(({ part }) =>
        part === 'days' || part === 'year' ? [`${column} ${part}`] : onCircle(`${column} ${part}`)
      )
    case 'categorical': {
      const { levels, other } = encoding
      return [...levels.map((level) => `${column} = ${level}`), ...(other ? [`${column} = other`] : [])]
    }
  }
}
