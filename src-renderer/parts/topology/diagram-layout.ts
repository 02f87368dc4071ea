/** Where the columns, units and links of a network diagram stand. Pure geometry; the component draws it. */
import { topologyLimits } from '#engine/network/topology.ts'

export interface DiagramColumn {
  readonly x: number
  readonly units: number
  /** Centres of the units that are drawn: all of a small layer, both ends of a large one. */
  readonly ys: readonly number[]
  /** Middle of the gap of a large layer; null where every unit is drawn. */
  readonly gapY: number | null
  /** Where the column's lower edge is taken hold of. */
  readonly edgeY: number
}

export interface DiagramSize {
  readonly width: number
  readonly height: number
  /** Space at each side, to the centre of the outermost column. */
  readonly margin: number
}

const mostDrawn = 9
const drawnAtEachEnd = 4
/** Space above and below the units, for half a unit and the edge. */
const padding = 16
/** How far a dragged edge goes for one unit more of a small layer, and for twice the units of a large one. */
const dragPerUnit = 8
const dragPerDoubling = 28
/** Where one pace passes into the other: near the 5.05 units at which both are equally fast, so that no drag jumps. */
const unitByUnit = 7

/**
 * Lays out columns of units from left to right, centred.
 * Shapes: one column per entry of `sizes`, inputs first, output layer last.
 */
export function layoutDiagram(sizes: readonly number[], { width, height, margin }: DiagramSize): DiagramColumn[] {
  const step = sizes.length > 1 ? (width - 2 * margin) / (sizes.length - 1) : 0
  const pitch = (height - 2 * padding) / (mostDrawn - 1)
  return sizes.map((units, index) => {
    const collapsed = units > mostDrawn
    const places = collapsed ? mostDrawn : units
    const top = height / 2 - ((places - 1) * pitch) / 2
    const all = Array.from({ length: places }, (_, place) => top + place * pitch)
    const ys = collapsed ? all.filter((_, place) => place !== drawnAtEachEnd) : all
    const edgeY = (all.at(-1) ?? top) + padding / 2
    return { x: margin + index * step, units, ys, gapY: collapsed ? height / 2 : null, edgeY }
  })
}

/** The path of all links between two neighbouring columns, as SVG: curves that leave and arrive level. */
export function linkPath(from: DiagramColumn, to: DiagramColumn): string {
  const middle = (from.x + to.x) / 2
  return from.ys
    .flatMap((y1) => to.ys.map((y2) => `M${from.x} ${y1}C${middle} ${y1} ${middle} ${y2} ${to.x} ${y2}`))
    .join('')
}

/** The index a layer lands on that is dropped at `x`: the hidden column nearest to it. */
export function nearestHidden(columns: readonly DiagramColumn[], x: number): number {
  const hidden = columns.slice(1, -1)
  let nearest = 0
  hidden.forEach((column, index) => {
    if (Math.abs(column.x - x) < Math.abs((hidden[nearest]?.x ?? 0) - x)) nearest = index
  })
  return nearest
}

/**
 * The units of a layer whose edge was dragged by `distance` pixels, down for more: one at a time in a small layer,
 * by doubling beyond, so that any size is within reach of the hand.
 */
export function unitsAfterDrag(units: number, distance: number): number {
  const at = edgeOf(units) + distance
  const edge = unitByUnit * dragPerUnit
  const size = at <= edge ? at / dragPerUnit : unitByUnit * 2 ** ((at - edge) / dragPerDoubling)
  return Math.min(topologyLimits.units, Math.max(1, Math.round(size)))
}

function edgeOf(units: number): number {
  if (units <= unitByUnit) return units * dragPerUnit
  return unitByUnit * dragPerUnit + dragPerDoubling * Math.log2(units / unitByUnit)
}
