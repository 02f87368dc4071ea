/** Input columns as axes: where each lies among the inputs, its range, and the way between its units and the encoded ones. */
import type { Axis, InputColumn } from '#contract/understand.ts'
import type { ColumnEncoding, FittedPreparation } from '#contract/preparation.ts'
import { encodeColumn, inputCount } from '#lab/datasets/encode.ts'

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

/** Names the levels of a category in the order of its inputs. */
export function levelsOf({ levels, other }: Extract<ColumnEncoding, { kind: 'categorical' }>): string[] {
  return other ? [...levels, 'other'] : levels
}

/**
 * Describes a column as it is in some encoded rows.
 * Shapes: inputs (rows, width) row-major.
 */
export function describeColumn({ encoding, offset }: Slot, inputs: Float32Array, width: number): InputColumn {
  const { column: name } = encoding
  if (encoding.kind === 'categorical') {
    return { kind: 'categorical', name, levels: levelsOf(encoding), typical: encoding.fill }
  }
  let minimum = Infinity
  let maximum = -Infinity
  for (let at = offset; at < inputs.length; at += width) {
    const value = inputs[at] ?? 0
    if (value < minimum) minimum = value
    if (value > maximum) maximum = value
  }
  const back = (value: number) => tidy(value * encoding.scale + encoding.offset, encoding.scale)
  return { kind: 'numeric', name, minimum: back(minimum), maximum: back(maximum), typical: encoding.fill }
}

/** The typical row: medians and most frequent levels, encoded. */
export function typicalRow(slots: readonly Slot[], width: number): Float32Array {
  const row = new Float32Array(width)
  for (const { encoding, offset } of slots) {
    const typical = encoding.kind === 'numeric' ? Float64Array.of(encoding.fill) : [encoding.fill]
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
  if (encoding.kind === 'numeric') encodeColumn(encoding, Float64Array.from(values), encoded, 0, count)
  else levels?.forEach((_, place) => (encoded[place * count + place] = 1))
  return encoded
}

/** Where an encoded row lies along a column: the number, or the place of its level (-1 for none of them). */
export function placeOf({ encoding, offset }: Slot, row: Float32Array): number {
  if (encoding.kind === 'numeric') return (row[offset] ?? 0) * encoding.scale + encoding.offset
  return row.subarray(offset, offset + levelsOf(encoding).length).indexOf(1)
}

/** Writes the value of an encoded row in a column, as a person reads it. */
export function writeValue(slot: Slot, row: Float32Array): string {
  const place = placeOf(slot, row)
  const { encoding } = slot
  if (encoding.kind === 'numeric') return String(tidy(place, encoding.scale))
  return levelsOf(encoding)[place] ?? 'none of the levels'
}

/** Takes away what float32 has added: a value is told to a millionth of the column's scale. */
function tidy(value: number, scale: number): number {
  const digits = Math.ceil(Math.log10(Math.max(Math.abs(value), Number.MIN_VALUE) / Math.abs(scale))) + 6
  return Number(value.toPrecision(Math.min(15, Math.max(1, digits))))
}
