/** Input columns as axes: where each lies among the inputs, its range, and the way between its units and the encoded ones. */
import type { Axis, InputColumn } from '#contract/understand.ts'
import type { ColumnEncoding, FittedPreparation } from '#contract/preparation.ts'
import { writeClock, writeDate } from '#words/time-texts.ts'
import { encodeColumn, inputCount } from '#lab/datasets/encode.ts'
import { stepsOf } from '#lab/datasets/preparation-steps.ts'

/** A column with its first place among the inputs. */
export interface Slot {
  readonly encoding: ColumnEncoding
  readonly offset: number
  readonly count: number
}

/** How much an axis reaches beyond the training part at each end, as a share of its range. */
const beyond = 0.05

/** Lists where each column lies among the inputs. */
export function slotsOf({ columns }: FittedPreparation): Slot[] {
  let offset = 0
  return columns.map((encoding) => {
    const slot = { encoding, offset, count: inputCount(encoding) }
    offset += slot.count
    return slot
  })
}

type LeveledEncoding = Extract<ColumnEncoding, { readonly levels: readonly string[] }>

/** Names the levels of a category: in the order of its inputs, or of their codes. */
export function levelsOf(encoding: LeveledEncoding): string[] {
  return encoding.kind === 'categorical' && encoding.other ? [...encoding.levels, 'other'] : encoding.levels
}

function hasLevels(encoding: ColumnEncoding): encoding is LeveledEncoding {
  return 'levels' in encoding
}

/** How many hours a day has, which is the range of a time of day. */
const dayHours = 24

/**
 * Describes a column as it is in some encoded rows.
 * Shapes: inputs (rows, width) row-major.
 */
export function describeColumn({ encoding, offset }: Slot, inputs: Float32Array, width: number): InputColumn {
  const { column: name } = encoding
  if (hasLevels(encoding)) return { kind: 'categorical', name, levels: levelsOf(encoding), typical: encoding.fill }
  const typical = encoding.fill
  if (encoding.kind === 'time') return { kind: 'numeric', name, minimum: 0, maximum: dayHours, typical }
  if (encoding.kind === 'date') {
    return { kind: 'numeric', name, minimum: encoding.minimum, maximum: encoding.maximum, typical }
  }
  let minimum = Infinity
  let maximum = -Infinity
  for (let at = offset; at < inputs.length; at += width) {
    const value = inputs[at] ?? 0
    if (value < minimum) minimum = value
    if (value > maximum) maximum = value
  }
  const back = (value: number) => tidy(value * encoding.scale + encoding.offset, encoding.scale)
  return { kind: 'numeric', name, minimum: back(minimum), maximum: back(maximum), typical }
}

/** The typical row: medians and most frequent levels, encoded. */
export function typicalRow(slots: readonly Slot[], width: number): Float32Array {
  const row = new Float32Array(width)
  for (const { encoding, offset } of slots) {
    const typical = hasLevels(encoding) ? [encoding.fill] : Float64Array.of(encoding.fill)
    encodeColumn(encoding, typical, row, offset, width)
  }
  return row
}

/** Chooses the places along a column: evenly over its range and a little beyond, or one a level. */
export function axisOf(column: InputColumn, resolution: number): Axis {
  if (column.kind === 'categorical') {
    return { column: column.name, values: column.levels.map((_, place) => place), levels: column.levels }
  }
  const { minimum, maximum } = column
  // A column without a range still needs an axis that has one.
  const room = maximum > minimum ? (maximum - minimum) * beyond : Math.max(1, Math.abs(minimum)) * beyond
  const [start, end] = [minimum - room, maximum + room]
  const values = Array.from({ length: resolution }, (_, step) => start + ((end - start) * step) / (resolution - 1))
  return { column: column.name, values, levels: null }
}

/** Encodes the places along an axis. Shapes: returns (places, count of the slot) row-major. */
export function encodeAxis({ encoding, count }: Slot, { values, levels }: Axis): Float32Array {
  const encoded = new Float32Array(values.length * count)
  if (encoding.kind === 'categorical') levels?.forEach((_, place) => (encoded[place * count + place] = 1))
  else encodeColumn(encoding, hasLevels(encoding) ? encoding.levels : Float64Array.from(values), encoded, 0, count)
  return encoded
}

/** Where an encoded row lies along a column: the number, or the place of its level (-1 for none of them). */
export function placeOf({ encoding, offset }: Slot, row: Float32Array): number {
  const first = row[offset] ?? 0
  switch (encoding.kind) {
    case 'numeric':
      return first * encoding.scale + encoding.offset
    case 'categorical':
      return row.subarray(offset, offset + levelsOf(encoding).length).indexOf(1)
    case 'ordinal':
      return Math.round(first * encoding.scale + encoding.offset)
    case 'frequency':
      return nearest(encoding.shares, first * encoding.scale + encoding.offset)
    case 'time': {
      const turns = Math.atan2(first, row[offset + 1] ?? 0) / (2 * Math.PI)
      return dayHours * (turns - Math.floor(turns))
    }
    case 'date':
      return dayOf(encoding, row.subarray(offset))
  }
}

/** The day that the inputs of a date were made of; its year's or the typical one where they do not tell. */
function dayOf({ parts, fill }: Extract<ColumnEncoding, { kind: 'date' }>, inputs: Float32Array): number {
  let at = 0
  for (const { part, offset, scale } of parts) {
    const value = (inputs[at] ?? 0) * scale + offset
    if (part === 'days') return value
    if (part === 'year') return Date.UTC(Math.round(value), 6, 1) / 86_400_000
    at += 2
  }
  return fill
}

function nearest(values: readonly number[], wanted: number): number {
  let best = -1
  values.forEach((value, place) => {
    if (best < 0 || Math.abs(value - wanted) < Math.abs((values[best] ?? 0) - wanted)) best = place
  })
  return best
}

/** Writes the value of an encoded row in a column, as a person reads it. */
export function writeValue(slot: Slot, row: Float32Array): string {
  const place = placeOf(slot, row)
  const { encoding } = slot
  if (hasLevels(encoding)) return levelsOf(encoding)[place] ?? 'none of the levels'
  const { reads } = stepsOf(encoding)
  if (reads === 'date') return writeDate(place)
  if (reads === 'clock') return writeClock(place)
  return String(tidy(place, encoding.kind === 'numeric' ? encoding.scale : 1))
}

/** Takes away what float32 has added: a value is told to a millionth of the column's scale. */
function tidy(value: number, scale: number): number {
  const digits = Math.ceil(Math.log10(Math.max(Math.abs(value), Number.MIN_VALUE) / Math.abs(scale))) + 6
  return Number(value.toPrecision(Math.min(15, Math.max(1, digits))))
}
