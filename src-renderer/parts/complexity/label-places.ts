/**
 * Finds places for the names in a chart: each has several, best first, and takes the one where it covers the lines and
 * the names before it least. Pure geometry; widths are those of the system's font at 12 pixels, as near as a count of
 * characters tells them.
 */

export interface Spot {
  readonly x: number
  /** The middle of the first line. */
  readonly y: number
  readonly anchor: 'start' | 'middle' | 'end'
}

export interface Label {
  readonly lines: readonly string[]
  /** Where it may stand, the best first. */
  readonly spots: readonly Spot[]
  readonly isBold?: boolean
  /** Stands in its best place, whatever it covers. */
  readonly isNeeded?: boolean
}

export interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

type Place = readonly [x: number, y: number]

export const lineHeight = 14
const characterWidth = 6.8
const boldWidth = 8
/** Side of the square cells in which it is noted that a line passes: many lines in one hide no more than one does. */
const cellSide = 6
/** What is worse: names over one another or over lines, each in square pixels, or a later spot. */
const costs = { overlap: 2, cell: 40, outside: 1e4, rank: 12 }
/** A name that costs more tells less than it hides. */
const mostCost = 250

/** About as wide as a text is drawn, in pixels. */
export function widthOfText(text: string, isBold = false): number {
  return text.length * (isBold ? boldWidth : characterWidth)
}

/** Breaks a name with settings, `1 layer, epochs 100, tanh`, into lines of at most `room` pixels where its parts allow. */
export function breakName(name: string, room: number): string[] {
  const lines: string[] = []
  for (const part of name.split(', ')) {
    const last = lines.at(-1)
    if (last !== undefined && widthOfText(`${last}, ${part}`) <= room) lines[lines.length - 1] = `${last}, ${part}`
    else lines.push(part)
  }
  return lines.map((line, index) => (index < lines.length - 1 ? `${line},` : line))
}

/**
 * Places names in the order of their weight, over these lines and within this box: one spot each, or null for one that
 * would cover too much wherever it stands, unless it is needed.
 */
export function placeLabels(
  labels: readonly Label[],
  lines: readonly (readonly Place[])[],
  within: Box
): readonly (Spot | null)[] {
  const passed = cellsOf(lines)
  const taken: Box[] = []
  return labels.map((label) => {
    const weighed = label.spots.map((spot, rank) => {
      const box = boxOf(label, spot)
      return { spot, box, cost: costOf(box, taken, passed, within) + rank * costs.rank }
    })
    const best = weighed.toSorted((a, b) => a.cost - b.cost)[0]
    if (!best || (best.cost > mostCost && label.isNeeded !== true)) return null
    taken.push(best.box)
    return best.spot
  })
}

function boxOf({ lines, isBold }: Label, { x, y, anchor }: Spot): Box {
  const width = Math.max(...lines.map((line) => widthOfText(line, isBold)))
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2
  const top = y - lineHeight / 2
  return { left, right: left + width, top, bottom: top + lines.length * lineHeight }
}

function costOf(box: Box, taken: readonly Box[], passed: Cells, within: Box): number {
  const covered = taken.reduce((sum, other) => sum + sharedArea(box, other), 0)
  const crossed = cellsUnder(box, passed)
  const outside =
    Math.max(0, within.left - box.left) +
    Math.max(0, box.right - within.right) +
    Math.max(0, within.top - box.top) +
    Math.max(0, box.bottom - within.bottom)
  return costs.overlap * covered + costs.cell * crossed + costs.outside * outside
}

function sharedArea(one: Box, other: Box): number {
  const width = Math.min(one.right, other.right) - Math.max(one.left, other.left)
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top)
  return Math.max(0, width) * Math.max(0, height)
}

/** The cells that lines pass through: columns by row. */
type Cells = ReadonlyMap<number, ReadonlySet<number>>

const cellAt = (position: number) => Math.floor(position / cellSide)

function cellsOf(lines: readonly (readonly Place[])[]): Cells {
  const rows = new Map<number, Set<number>>()
  const pass = (x: number, y: number) => {
    const row = cellAt(y)
    const columns = rows.get(row)
    if (columns) columns.add(cellAt(x))
    else rows.set(row, new Set([cellAt(x)]))
  }
  for (const line of lines) {
    line.forEach(([x, y], index) => {
      const [nextX, nextY] = line[index + 1] ?? [x, y]
      const steps = Math.max(1, Math.ceil(Math.hypot(nextX - x, nextY - y) / cellSide))
      for (let step = 0; step < steps; step++) pass(x + ((nextX - x) * step) / steps, y + ((nextY - y) * step) / steps)
    })
  }
  return rows
}

function cellsUnder({ left, right, top, bottom }: Box, cells: Cells): number {
  let count = 0
  for (let row = cellAt(top); row <= cellAt(bottom); row++) {
    const columns = cells.get(row)
    if (!columns) continue
    for (let column = cellAt(left); column <= cellAt(right); column++) if (columns.has(column)) count++
  }
  return count
}
