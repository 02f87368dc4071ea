/** Draws a surface or a line, with its axes and points, on a canvas. Knows no state: the same spec draws the same picture. */
import type { Axis, Surface } from '#contract/understand.ts'
import { tickRoom, writeTick } from '#renderer/charts/axis.ts'
import { drawFrame } from '#renderer/charts/frame.ts'
import { font } from '#renderer/charts/pen.ts'
import {
  classColor,
  classToken,
  cssColor,
  mix,
  parseColor,
  type PictureColors,
  rampColor,
  type Range,
  rangeOf,
  type Rgb,
  signColor
} from '#renderer/parts/understand/colors.ts'
import { classBorders, type Line, valueLines } from '#renderer/parts/understand/contours.ts'
import { type Frame, shareOf, shareOfValue, stretchOf, ticksOf } from '#renderer/parts/understand/plot-frame.ts'
import { drawMark } from '#renderer/parts/understand/marks.ts'

export interface PictureSpec {
  readonly surface: Surface
  /** Names of the classes; null for a number. */
  readonly classes: readonly string[] | null
  /** Whether it is what one unit gives. */
  readonly isUnit: boolean
  /** What a number's name is, for the y axis of a line. */
  readonly target: string
  /** The range of the colours, or of a line's y axis, for a number. */
  readonly range: Range
  readonly colors: PictureColors
  /** Leaves the names of axes and most ticks out, for pictures side by side. */
  readonly isCompact: boolean
  readonly hovered: { readonly column: number; readonly row: number } | null
}

const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [8, 3, 2, 3]]
/** Above this many classes their rows of marks beneath a line would leave no room for it. */
const mostRugs = 6
const rugHeight = 9

/** Where the plot itself lies on a canvas of this size. */
export function frameOf({ surface, classes, isCompact, isUnit }: PictureSpec, width: number, height: number): Frame {
  const hasRugs = surface.y === null && classes !== null && !isUnit && classes.length <= mostRugs
  const rugs = hasRugs ? classes.length * rugHeight + 6 : 0
  const [left, top] = isCompact ? [44, 8] : [56, 26]
  const bottom = (isCompact ? 22 : 40) + rugs
  return { left, top, width: Math.max(10, width - left - 10), height: Math.max(10, height - top - bottom) }
}

/** Draws the picture; the canvas has `scale` pixels a unit. */
export function paint(
  canvas: HTMLCanvasElement,
  spec: PictureSpec,
  width: number,
  height: number,
  scale: number
): void {
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  const context = canvas.getContext('2d')
  if (!context) return
  context.scale(scale, scale)
  context.fillStyle = spec.colors.surface
  context.fillRect(0, 0, width, height)
  context.font = font
  const frame = frameOf(spec, width, height)
  if (spec.surface.y === null) paintLine(context, spec, frame)
  else paintSurface(context, spec, frame)
}

function paintSurface(context: CanvasRenderingContext2D, spec: PictureSpec, frame: Frame): void {
  const { surface, colors } = spec
  const { x, y } = surface
  if (!y) return
  within(context, frame, () => {
    paintGround(context, spec, frame)
    if (!x.levels && !y.levels) paintBorders(context, spec, frame)
    if (surface.points) paintPoints(context, spec, frame, y)
    if (spec.hovered) {
      const at = toPixels(frame, shareOf(x, spec.hovered.column), shareOf(y, spec.hovered.row))
      crosshair(context, colors['text-2'], frame, at)
    }
  })
  paintAxes(context, spec, frame, y)
}

/** The colours of all places; smooth between numbers, in cells between levels. */
function paintGround(context: CanvasRenderingContext2D, spec: PictureSpec, frame: Frame): void {
  const { x, y } = spec.surface
  if (!y) return
  const colorAt = colorsOf(spec)
  const [columns, rows] = [x.values.length, y.values.length]
  if (x.levels || y.levels) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const [left, right] = stretchOf(x, column)
        const [bottom, top] = stretchOf(y, row)
        context.fillStyle = cssColor(colorAt(row * columns + column))
        const from = toPixels(frame, left, top)
        // Half a pixel more, so that no seam shows between cells.
        context.fillRect(from.x, from.y, (right - left) * frame.width + 0.5, (top - bottom) * frame.height + 0.5)
      }
    }
    return
  }
  const small = document.createElement('canvas')
  small.width = columns
  small.height = rows
  const image = new ImageData(columns, rows)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      image.data.set([...colorAt(row * columns + column), 255], ((rows - 1 - row) * columns + column) * 4)
    }
  }
  small.getContext('2d')?.putImageData(image, 0, 0)
  // A value belongs to the middle of its pixel; the outermost ones lie on the frame.
  const cellWidth = frame.width / (columns - 1)
  const cellHeight = frame.height / (rows - 1)
  const { left, top, width, height } = frame
  context.imageSmoothingQuality = 'high'
  context.drawImage(small, left - cellWidth / 2, top - cellHeight / 2, width + cellWidth, height + cellHeight)
}

/** The colour of each place by its number in `values`. */
function colorsOf({ surface, classes, isUnit, range, colors }: PictureSpec): (place: number) => Rgb {
  const ground = parseColor(colors.surface)
  const { values, outputs } = surface
  if (isUnit) {
    const all = rangeOf(values)
    const largest = Math.max(Math.abs(all.low), Math.abs(all.high))
    const [above, below] = [parseColor(colors['class-1']), parseColor(colors['class-2'])]
    return (place) => signColor(values[place] ?? 0, largest, ground, above, below)
  }
  if (classes) {
    const tones = classes.map((_, index) => parseColor(colors[classToken(index)]))
    return (place) => classColor(values.subarray(place * outputs, (place + 1) * outputs), tones, ground)
  }
  const [from, to] = rampOf(colors)
  return (place) => rampColor(values[place] ?? 0, range, from, to)
}

/** The ends of the colours of a number. */
export function rampOf(colors: PictureColors): readonly [Rgb, Rgb] {
  return [parseColor(colors.surface), mix(parseColor(colors.surface), parseColor(colors.accent), 0.85)]
}

function paintBorders(context: CanvasRenderingContext2D, spec: PictureSpec, frame: Frame): void {
  const { surface, classes, isUnit, colors } = spec
  const [columns, rows] = [surface.x.values.length, surface.y?.values.length ?? 0]
  const at = ([x, y]: readonly [number, number]) => toPixels(frame, x / (columns - 1), y / (rows - 1))
  const trace = (lines: readonly Line[]) => {
    context.beginPath()
    for (const line of lines) {
      line.forEach((step, index) => {
        const { x, y } = at(step)
        if (index === 0) context.moveTo(x, y)
        else context.lineTo(x, y)
      })
    }
    context.stroke()
  }
  context.strokeStyle = colors['text-2']
  context.lineWidth = 1.25
  if (classes && !isUnit) return trace(classBorders(surface.values, surface.outputs, columns, rows))
  context.lineWidth = 0.75
  for (const { value, lines } of valueLines(surface.values, columns, rows, spec.isCompact ? 4 : 7)) {
    trace(lines)
    if (!spec.isCompact)
      labelLine(
        context,
        spec,
        frame,
        writeTick(value),
        lines.map((line) => line.map(at))
      )
  }
}

/** Writes a value on the longest stretch of its line that lies well within the frame. */
function labelLine(
  context: CanvasRenderingContext2D,
  { colors }: PictureSpec,
  frame: Frame,
  label: string,
  lines: readonly (readonly { x: number; y: number }[])[]
): void {
  const isInside = ({ x, y }: { x: number; y: number }) =>
    x > frame.left + 18 && x < frame.left + frame.width - 18 && y > frame.top + 10 && y < frame.top + frame.height - 10
  const inside = lines.map((line) => line.filter(isInside)).sort((a, b) => b.length - a.length)[0]
  const middle = inside && inside.length > 6 ? inside[Math.floor(inside.length / 2)] : undefined
  if (!middle) return
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.lineWidth = 3
  context.strokeStyle = colors.surface
  context.strokeText(label, middle.x, middle.y)
  context.fillStyle = colors.text
  context.fillText(label, middle.x, middle.y)
  context.strokeStyle = colors['text-2']
  context.lineWidth = 0.75
}

function paintPoints(
  context: CanvasRenderingContext2D,
  spec: PictureSpec,
  frame: Frame,
  y: NonNullable<Surface['y']>
): void {
  const { surface, classes, colors, range, isCompact } = spec
  const { points, x } = surface
  if (!points) return
  const size = isCompact || points.rows.length > 400 ? 2.5 : 3.5
  const [from, to] = rampOf(colors)
  points.rows.forEach((row, point) => {
    const across = shareOfValue(x, (points.x[point] ?? 0) + (x.levels ? shift(row, 1) : 0))
    const up = shareOfValue(y, (points.y[point] ?? 0) + (y.levels ? shift(row, 2) : 0))
    const at = toPixels(frame, across, up)
    const target = points.targets[point] ?? 0
    const fill = classes ? colors[classToken(target)] : cssColor(rampColor(target, range, from, to))
    context.fillStyle = fill
    context.strokeStyle = classes ? colors.surface : colors['text-2']
    context.lineWidth = classes ? 1 : 0.75
    drawMark(context, classes ? target : 0, at.x, at.y, size)
    if (classes && points.predictions[point] !== target) {
      context.strokeStyle = colors.text
      context.lineWidth = 1.5
      context.beginPath()
      context.arc(at.x, at.y, size + 3, 0, 2 * Math.PI)
      context.stroke()
    }
  })
}

/** Spreads the points of a level over its band, always the same way: within 0.3 of its middle. */
function shift(row: number, axis: number): number {
  const hash = Math.imul(row + axis * 7919, 2654435761) >>> 0
  return (hash / 2 ** 32 - 0.5) * 0.6
}

function paintLine(context: CanvasRenderingContext2D, spec: PictureSpec, frame: Frame): void {
  const { surface, classes, isUnit, colors, hovered } = spec
  const { x, values, outputs, points } = surface
  const isShare = classes !== null && !isUnit
  const own = rangeOf([...values, ...(points && !isShare ? points.targets : [])])
  const range = isShare
    ? { low: 0, high: 1 }
    : { low: Math.min(own.low, spec.range.low), high: Math.max(own.high, spec.range.high) }
  const room = isShare ? 0 : (range.high - range.low || 1) * 0.04
  const vertical = {
    column: isUnit ? 'what the unit gives' : isShare ? 'probability, %' : spec.target,
    values: isShare ? [0, 100] : [range.low - room, range.high + room],
    levels: null
  }
  const up = (value: number) => shareOfValue(vertical, isShare ? value * 100 : value)
  within(context, frame, () => {
    if (points && !isShare) {
      context.fillStyle = colors['text-3']
      context.strokeStyle = colors.surface
      context.lineWidth = 0.75
      points.rows.forEach((row, point) => {
        const across = shareOfValue(x, (points.x[point] ?? 0) + (x.levels ? shift(row, 1) : 0))
        const at = toPixels(frame, across, up(points.targets[point] ?? 0))
        drawMark(context, 0, at.x, at.y, 3)
      })
    }
    for (let output = 0; output < outputs; output++) {
      context.strokeStyle = isShare ? colors[classToken(output)] : colors.accent
      context.lineWidth = 2
      context.setLineDash([...(dashes[output % dashes.length] ?? [])])
      context.beginPath()
      x.values.forEach((_, step) => {
        const height = up(values[step * outputs + output] ?? 0)
        const [start, end] = x.levels ? stretchOf(x, step) : [shareOf(x, step), shareOf(x, step)]
        const from = toPixels(frame, start, height)
        if (step === 0 || x.levels) context.moveTo(from.x, from.y)
        else context.lineTo(from.x, from.y)
        if (x.levels) context.lineTo(toPixels(frame, end, height).x, from.y)
      })
      context.stroke()
      context.setLineDash([])
    }
    if (hovered) {
      const at = toPixels(frame, shareOf(x, hovered.column), 0)
      context.strokeStyle = colors['text-2']
      context.lineWidth = 1
      context.beginPath()
      context.moveTo(at.x, frame.top)
      context.lineTo(at.x, frame.top + frame.height)
      context.stroke()
    }
  })
  const rugs = isShare && points && classes.length <= mostRugs ? classes.length * rugHeight + 6 : 0
  if (rugs > 0 && points) paintRugs(context, spec, frame)
  paintAxes(context, spec, frame, vertical, rugs)
}

/** Beneath a line of probabilities: where the rows of each class lie, a row of marks a class. */
function paintRugs(context: CanvasRenderingContext2D, { surface, colors }: PictureSpec, frame: Frame): void {
  const { points, x } = surface
  points?.rows.forEach((row, point) => {
    const target = points.targets[point] ?? 0
    const across = shareOfValue(x, (points.x[point] ?? 0) + (x.levels ? shift(row, 1) : 0))
    context.fillStyle = colors[classToken(target)]
    context.strokeStyle = colors.surface
    context.lineWidth = 0.5
    drawMark(context, target, frame.left + across * frame.width, frame.top + frame.height + 8 + target * rugHeight, 3)
  })
}

function paintAxes(
  context: CanvasRenderingContext2D,
  { surface: { x }, colors, isCompact }: PictureSpec,
  { left, top, width, height }: Frame,
  y: Axis,
  gap = 0
): void {
  const area = { left, right: left + width, top, bottom: top + height }
  const across = ticksOf(x, area.left, area.right, tickRoom.across)
  const up = ticksOf(y, area.bottom, area.top, isCompact ? 2 * tickRoom.up : tickRoom.up)
  context.strokeStyle = colors['line-strong']
  context.lineWidth = 1
  context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1)
  context.textBaseline = 'middle'
  const names = isCompact ? {} : { xTitle: x.column, yTitle: y.column }
  const tones = { grid: colors['line-strong'], zero: colors['line-strong'], tick: colors['text-2'], title: colors.text }
  drawFrame(context, { area, x: { ticks: across }, y: { ticks: up }, isEdge: true, gap, ...names }, tones)
}

/** Shortens a text that has no room. */
export function clip(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text
  let length = text.length - 1
  while (length > 1 && context.measureText(`${text.slice(0, length)}\u2026`).width > room) length--
  return `${text.slice(0, length)}\u2026`
}

function line(context: CanvasRenderingContext2D, fromX: number, fromY: number, toX: number, toY: number): void {
  context.beginPath()
  context.moveTo(fromX, fromY)
  context.lineTo(toX, toY)
  context.stroke()
}

function crosshair(context: CanvasRenderingContext2D, color: string, frame: Frame, { x, y }: { x: number; y: number }) {
  context.strokeStyle = color
  context.lineWidth = 1
  line(context, x, frame.top, x, frame.top + frame.height)
  line(context, frame.left, y, frame.left + frame.width, y)
}

/** Draws with everything outside of the frame left out. */
function within(context: CanvasRenderingContext2D, { left, top, width, height }: Frame, draw: () => void): void {
  context.save()
  context.beginPath()
  context.rect(left, top, width, height)
  context.clip()
  draw()
  context.restore()
}

function toPixels({ left, top, width, height }: Frame, across: number, up: number): { x: number; y: number } {
  return { x: left + across * width, y: top + (1 - up) * height }
}
