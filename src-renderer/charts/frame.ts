/**
 * The frame of a chart: grid, line at zero, marks and names of the axes, as plain lines and texts. Frame.svelte draws it
 * into an SVG, drawFrame with a pen; so all charts have the same one.
 */
import type { Axis, Tick } from '#renderer/charts/axis.ts'
import type { Pen } from '#renderer/charts/pen.ts'

/** Where the plot lies in the picture, in pixels. */
export interface Area {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface FrameSpec {
  readonly area: Area
  readonly x: Pick<Axis, 'ticks'> & Partial<Axis>
  readonly y: Pick<Axis, 'ticks'> & Partial<Axis>
  /** Names of the axes; left out where there is no room for them. */
  readonly xTitle?: string
  readonly yTitle?: string
  /** Marks at the outer edge in place of a grid, over a coloured ground. */
  readonly isEdge?: boolean
  /** Room below the plot before the marks of the x axis. */
  readonly gap?: number
}

export interface FrameLine {
  readonly kind: 'grid' | 'zero' | 'edge'
  readonly x1: number
  readonly x2: number
  readonly y1: number
  readonly y2: number
}

export interface FrameText {
  readonly kind: 'tick' | 'title'
  readonly text: string
  readonly x: number
  /** Of the middle of the text. */
  readonly y: number
  readonly anchor: 'start' | 'middle' | 'end'
}

/** What a frame needs around its plot. */
export const frameRoom = { left: 56, right: 16, top: 24, bottom: 40 } as const

/** A character's width, about; names that have no room are cut. */
const characterWidth = 6.4

/** The area of a picture of this size; `more` where its charts need other room. */
export function areaOf(width: number, height: number, more: Partial<Record<keyof Area, number>> = {}): Area {
  const room = { ...frameRoom, ...more }
  return {
    left: room.left,
    right: Math.max(room.left + 40, width - room.right),
    top: room.top,
    bottom: Math.max(room.top + 40, height - room.bottom)
  }
}

/** What the texts beside the y axis need at the left. */
export function roomFor(ticks: readonly Tick[]): number {
  return Math.ceil(14 + characterWidth * Math.max(3, ...ticks.map(({ label }) => label.length)))
}

/** The lines of a frame, those of the grid first. */
export function linesOf({ area, x, y, isEdge }: FrameSpec): FrameLine[] {
  const { left, right, top, bottom } = area
  const kind = isEdge ? 'edge' : 'grid'
  return [
    ...y.ticks.map(
      ({ at }) => ({ kind, x1: isEdge ? left - 4 : left, x2: isEdge ? left : right, y1: at, y2: at }) as const
    ),
    ...x.ticks.map(
      ({ at }) =>
        ({
          kind,
          x1: at,
          x2: at,
          y1: isEdge ? bottom : top,
          y2: isEdge ? bottom + 4 : bottom
        }) as const
    ),
    ...(typeof y.zero === 'number' ? [{ kind: 'zero', x1: left, x2: right, y1: y.zero, y2: y.zero } as const] : []),
    ...(typeof x.zero === 'number' ? [{ kind: 'zero', x1: x.zero, x2: x.zero, y1: top, y2: bottom } as const] : [])
  ]
}

/** The texts of a frame. */
export function textsOf({ area, x, y, xTitle, yTitle, gap = 0 }: FrameSpec): FrameText[] {
  const { left, right, top, bottom } = area
  const share = (right - left) / Math.max(1, x.ticks.length)
  return [
    ...y.ticks.map(
      ({ label, at }) => ({ kind: 'tick', text: cut(label, left - 8), x: left - 8, y: at, anchor: 'end' }) as const
    ),
    ...x.ticks.map(
      ({ label, at }) =>
        ({ kind: 'tick', text: cut(label, share), x: at, y: bottom + gap + 13, anchor: 'middle' }) as const
    ),
    ...(xTitle === undefined
      ? []
      : [
          {
            kind: 'title',
            text: cut(xTitle, right),
            x: (left + right) / 2,
            y: bottom + gap + 31,
            anchor: 'middle'
          } as const
        ]),
    ...(yTitle === undefined
      ? []
      : [{ kind: 'title', text: cut(yTitle, right), x: 2, y: Math.max(8, top - 14), anchor: 'start' } as const])
  ]
}

/** Shortens a text that has no room. */
function cut(text: string, room: number): string {
  const most = Math.max(2, Math.floor(room / characterWidth))
  return text.length <= most ? text : `${text.slice(0, most - 1)}\u2026`
}

const anchors = { start: 'left', middle: 'center', end: 'right' } as const

export interface FrameColors {
  readonly grid: string
  readonly zero: string
  readonly tick: string
  readonly title: string
}

/** Draws a frame with a pen, whose texts stand on their middle. */
export function drawFrame(pen: Pen, spec: FrameSpec, colors: FrameColors): void {
  pen.lineWidth = 1
  pen.setLineDash([])
  for (const { kind, x1, x2, y1, y2 } of linesOf(spec)) {
    pen.strokeStyle = kind === 'grid' ? colors.grid : colors.zero
    pen.beginPath()
    pen.moveTo(x1, y1)
    pen.lineTo(x2, y2)
    pen.stroke()
  }
  for (const { kind, text, x, y, anchor } of textsOf(spec)) {
    pen.fillStyle = colors[kind]
    pen.textAlign = anchors[anchor]
    pen.fillText(text, x, y)
  }
}
