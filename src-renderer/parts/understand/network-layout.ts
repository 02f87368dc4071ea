/** Where the units of a trained network stand in its picture, in the manner of the topology's diagram. Pure geometry. */
import type { NetworkPicture } from '#contract/understand.ts'

export interface PlacedColumn {
  readonly x: number
  /** Middles of the drawn units. */
  readonly ys: readonly number[]
}

export interface NetworkLayout {
  readonly columns: readonly PlacedColumn[]
  /** Side of a unit's square. */
  readonly size: number
  /** Where the captions of the columns begin. */
  readonly captionY: number
}

/** Room for the names of inputs at the left and of classes at the right, and for captions beneath. */
const room = { left: 128, right: 96, top: 6, bottom: 38 }
const largest = 34
const gap = 6

/** How many units of a layer fit into a picture of this height. */
export function fittingUnits(height: number): number {
  return Math.min(16, Math.max(3, Math.floor((height - room.top - room.bottom) / (20 + gap))))
}

/** Places the columns from left to right, each centred. */
export function layoutNetwork(
  { columns }: Pick<NetworkPicture, 'columns'>,
  width: number,
  height: number
): NetworkLayout {
  const most = Math.max(1, ...columns.map(({ drawn }) => drawn.length))
  const captionY = height - room.bottom + 6
  const pitch = Math.min(largest + gap, (captionY - room.top - 2) / most)
  const size = Math.max(8, pitch - gap)
  const step = columns.length > 1 ? (width - room.left - room.right) / (columns.length - 1) : 0
  const middle = (room.top + captionY) / 2
  return {
    size,
    captionY,
    columns: columns.map(({ drawn }, index) => ({
      x: room.left + index * step,
      ys: drawn.map((_, place) => middle + (place - (drawn.length - 1) / 2) * pitch)
    }))
  }
}
