/**
 * The pointer and the keys over the complexity chart: which point is meant, which gap could be filled, how far an end is
 * dragged. Knows places in pixels of the frame, no element; what is decided goes to the ports.
 */
import type { ComplexityPoint } from '#contract/selection.ts'
import { type PlacedPoint, type Stretch, stretchAt } from '#renderer/parts/complexity/chart-layout.ts'
import type { ChartPicture } from '#renderer/parts/complexity/chart-picture.svelte.ts'
import { mostAtOnce } from '#renderer/parts/complexity/further-trials.ts'
import { nameTopology } from '#words/topologies.ts'

type Direction = 'up' | 'down'

/** Pixels of a drag that stand for a further topology. */
const dragStep = 32

interface Ports {
  /** Shows the runs of a point, alone or beside what is shown. */
  readonly select: (point: ComplexityPoint, adds: boolean) => void
  readonly fill: (from: ComplexityPoint, to: ComplexityPoint) => void
  readonly extend: (end: ComplexityPoint, direction: Direction, count: number) => void
}

interface Drag {
  readonly from: PlacedPoint
  readonly direction: Direction
  readonly x: number
  /** Where it began. */
  readonly startX: number
}

export class ChartPointer {
  pointed = $state.raw<PlacedPoint | null>(null)
  /** The piece of a line that a click would fill or go on from. */
  stretch = $state.raw<Stretch | null>(null)
  drag = $state.raw<Drag | null>(null)
  /** The point that the Tab key reaches, by its key. */
  #reached = $state<string | null>(null)
  #hasDragged = false
  #picture: ChartPicture
  #ports: Ports

  constructor(picture: ChartPicture, ports: Ports) {
    this.#picture = picture
    this.#ports = ports
  }

  /** How many further topologies the drag asks for. */
  readonly dragCount = $derived.by(() => {
    if (!this.drag) return 0
    const way = (this.drag.x - this.drag.startX) * (this.drag.direction === 'up' ? 1 : -1)
    return Math.min(mostAtOnce, Math.max(0, Math.round(way / dragStep)))
  })

  /** Where the topologies would stand that the drag asks for. */
  readonly ghosts = $derived.by(() => {
    const { drag } = this
    if (!drag) return []
    const way = drag.direction === 'up' ? dragStep : -dragStep
    return Array.from({ length: this.dragCount }, (_, step) => ({ x: drag.from.x + way * (step + 1), y: drag.from.y }))
  })

  readonly tabStop = $derived.by(() => {
    const { inOrder } = this.#picture
    const isThere = inOrder.some(({ point }) => point.key === this.#reached)
    return isThere ? this.#reached : inOrder[0]?.point.key
  })

  /** Takes the point that the pointer or the focus is on, or null where it is on none. */
  pointAt(placed: PlacedPoint | null): void {
    this.pointed = placed
    this.#picture.pointedLine = placed?.family.key ?? null
    this.stretch = null
  }

  /** The point with the focus is the one that Tab comes back to. */
  focusOn(placed: PlacedPoint | null): void {
    this.pointAt(placed)
    if (placed) this.#reached = placed.point.key
  }

  /** The point that an arrow key goes to from another: along its line, then on; up and down to the nearest of the next line. */
  targetOf(key: string, placed: PlacedPoint): PlacedPoint | undefined {
    const { inOrder, layout } = this.#picture
    const line = this.#lineOf(placed)
    const rank = line.indexOf(placed)
    const order = inOrder.indexOf(placed)
    const lines = [...new Set(layout.points.map(({ family }) => family))]
    const beside = (step: number) => {
      const other = lines[lines.indexOf(placed.family) + step]
      return layout.points
        .filter(({ family }) => family === other)
        .toSorted((a, b) => Math.abs(a.x - placed.x) - Math.abs(b.x - placed.x))[0]
    }
    switch (key) {
      case 'ArrowRight':
        return line[rank + 1] ?? inOrder[order + 1]
      case 'ArrowLeft':
        return line[rank - 1] ?? inOrder[order - 1]
      case 'ArrowUp':
        return beside(-1)
      case 'ArrowDown':
        return beside(1)
      case 'Home':
        return inOrder[0]
      case 'End':
        return inOrder.at(-1)
      default:
        return undefined
    }
  }

  /** Follows the pointer over the frame. */
  move(x: number, y: number): void {
    if (this.drag) this.drag = { ...this.drag, x }
    else this.stretch = this.pointed ? null : stretchAt(this.#picture.layout, x, y)
  }

  /** Begins a drag at an end of a line, which leads away from it; false where none can begin. */
  grab(placed: PlacedPoint): boolean {
    const line = this.#lineOf(placed)
    const direction = placed === line.at(-1) ? 'up' : placed === line[0] ? 'down' : null
    if (direction === null || placed.point.depth === 0) return false
    this.drag = { from: placed, direction, startX: placed.x, x: placed.x }
    return true
  }

  /** Ends a drag and asks for what it was drawn out to. */
  release(): void {
    const { drag, dragCount } = this
    this.#hasDragged = dragCount > 0
    this.drag = null
    if (drag && this.#hasDragged) this.#ports.extend(drag.from.point, drag.direction, dragCount)
  }

  /** Takes a click on a point; that which ends a drag means nothing more. */
  choose(placed: PlacedPoint, adds: boolean): void {
    if (!this.#hasDragged) this.#ports.select(placed.point, adds)
    this.#hasDragged = false
  }

  /** Takes a click beside all points: fills the gap, or goes on past the end, that it is in. */
  ask(): void {
    const { pointed, stretch } = this
    if (pointed || !stretch) return
    if (stretch.kind === 'gap') return this.#ports.fill(stretch.from.point, stretch.to.point)
    const count = Math.max(1, Math.round(Math.abs(stretch.x - stretch.end.x) / dragStep))
    this.#ports.extend(stretch.end.point, stretch.direction, count)
  }

  /** What a click there would do, as a hint beside the pointer. */
  get hint(): string | null {
    const { drag, dragCount, stretch } = this
    if (drag) return dragCount > 0 ? `${dragCount} more` : null
    if (!stretch) return null
    if (stretch.kind === 'gap')
      return `Fill between ${nameTopology(stretch.from.point)} and ${nameTopology(stretch.to.point)}`
    return `Go on ${stretch.direction === 'up' ? 'past' : 'below'} ${nameTopology(stretch.end.point)}`
  }

  #lineOf({ family }: PlacedPoint): PlacedPoint[] {
    return this.#picture.layout.points.filter((other) => other.family === family)
  }
}
