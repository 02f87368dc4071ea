/** Where the columns, units and links of a network diagram stand. Pure geometry; the component draws it. */

export interface DiagramColumn {
  readonly x: number
  readonly units: number
  /** Centres of the units that are drawn: all of a small layer, both ends of a large one. */
  readonly ys: readonly number[]
  /** Middle of the gap of a large layer; null where every unit is drawn. */
  readonly gapY: number | null
}

export interface DiagramSize {
  readonly width: number
  readonly height: number
  /** Space at each side, to the centre of the outermost column. */
  readonly margin: number
}

const mostDrawn = 7
const drawnAtEachEnd = 3

/**
 * Lays out columns of units from left to right, centred.
 * Shapes: one column per entry of `sizes`, inputs first, output layer last.
 */
export function layoutDiagram(sizes: readonly number[], { width, height, margin }: DiagramSize): DiagramColumn[] {
  const step = sizes.length > 1 ? (width - 2 * margin) / (sizes.length - 1) : 0
  const pitch = (height - 24) / mostDrawn
  return sizes.map((units, index) => {
    const collapsed = units > mostDrawn
    const places = collapsed ? mostDrawn : units
    const top = height / 2 - ((places - 1) * pitch) / 2
    const all = Array.from({ length: places }, (_, place) => top + place * pitch)
    const ys = collapsed ? all.filter((_, place) => place !== drawnAtEachEnd) : all
    return { x: margin + index * step, units, ys, gapY: collapsed ? height / 2 : null }
  })
}

/** The path of all links between two neighbouring columns, as SVG. */
export function linkPath(from: DiagramColumn, to: DiagramColumn): string {
  return from.ys.flatMap((y1) => to.ys.map((y2) => `M${from.x} ${y1}L${to.x} ${y2}`)).join('')
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
