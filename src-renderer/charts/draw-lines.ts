/** Draws what a line chart shows, on a canvas and in the same way to SVG. The axes are not drawn here. */
import type { Band, Line, LineChartSpec, Mark, Plot } from '#renderer/charts/line-chart-spec.ts'
import { placersOf } from '#renderer/charts/line-chart-spec.ts'
import { font, fontSize, type Pen } from '#renderer/charts/pen.ts'

/** Fills the room between two lines over the same x, each band in its own colour, faint. */
export function drawBands(pen: Pen, plot: Plot, bands: readonly Band[]): void {
  const { x, y } = placersOf(plot)
  for (const { color, points } of bands) {
    pen.globalAlpha = 0.15
    pen.fillStyle = color
    pen.beginPath()
    for (let at = 0; at < points.length; at += 3) lineOrMove(pen, at, x(points[at] ?? 0), y(points[at + 2] ?? 0))
    for (let at = points.length - 3; at >= 0; at -= 3) pen.lineTo(x(points[at] ?? 0), y(points[at + 1] ?? 0))
    pen.closePath()
    pen.fill()
  }
  pen.globalAlpha = 1
}

/** Draws lines in their order, the last on top; a line of one point is a dot. */
export function drawLines(pen: Pen, plot: Plot, lines: readonly Line[]): void {
  const { x, y } = placersOf(plot)
  for (const { color, dash, width, alpha, points } of lines) {
    pen.globalAlpha = alpha
    pen.strokeStyle = color
    pen.lineWidth = width
    pen.setLineDash([...dash])
    pen.beginPath()
    for (let at = 0; at < points.length; at += 2) lineOrMove(pen, at, x(points[at] ?? 0), y(points[at + 1] ?? 0))
    pen.stroke()
    // A curve of a single epoch is a point.
    if (points.length === 2) dot(pen, x(points[0] ?? 0), y(points[1] ?? 0), { radius: 2.5, fill: color, ring: color })
  }
  pen.globalAlpha = 1
  pen.setLineDash([])
}

function lineOrMove(pen: Pen, at: number, x: number, y: number): void {
  if (at === 0) pen.moveTo(x, y)
  else pen.lineTo(x, y)
}

/** Draws what is pointed out, such as the best epoch, where it lies within the plot; its name keeps off its line. */
export function drawMarks(
  pen: Pen,
  plot: Plot,
  marks: readonly Mark[],
  colors: Readonly<Record<'surface' | 'text-2', string>>
): void {
  const { x, y } = placersOf(plot)
  pen.font = font
  for (const mark of marks) {
    const [left, top] = [x(mark.x), y(mark.y)]
    const isInside = left >= plot.left - 1 && left <= plot.right + 1 && top >= plot.top - 1 && top <= plot.bottom + 1
    if (!isInside) continue
    if (mark.hasLine) {
      pen.setLineDash([2, 3])
      pen.strokeStyle = mark.color
      pen.lineWidth = 1
      pen.globalAlpha = 0.6
      pen.beginPath()
      pen.moveTo(left, plot.top)
      pen.lineTo(left, plot.bottom)
      pen.stroke()
      pen.globalAlpha = 1
      pen.setLineDash([])
    }
    dot(pen, left, top, { radius: mark.hasLine ? 4 : 3, fill: mark.color, ring: colors.surface })
    if (mark.label === '') continue
    const isRight = left > (plot.left + plot.right) / 2
    pen.textAlign = isRight ? 'right' : 'left'
    pen.fillStyle = colors['text-2']
    // At the other end of the line that falls from it: curves run at the height of their mark.
    const isHigh = top < (plot.top + plot.bottom) / 2
    drawText(pen, mark.label, left + (isRight ? -6 : 6), isHigh ? plot.bottom - 8 : plot.top + 7, colors.surface)
  }
}

/** Labels at the ends of the lines, pushed apart where they would cover each other. */
export function drawLabels(
  pen: Pen,
  plot: Plot,
  lines: LineChartSpec['lines'],
  colors: Readonly<Record<'surface', string>>
): void {
  const { x, y } = placersOf(plot)
  const rowHeight = 14
  const labels = lines
    .filter(({ label }) => label !== '')
    .filter(({ points }) => points.length > 0)
    .map(({ label, color, points }) => {
      const top = y(points.at(-1) ?? 0)
      const left = Math.min(plot.right, x(points.at(-2) ?? 0))
      return { label, color, left, top: Math.min(plot.bottom, Math.max(plot.top, top)) }
    })
    .sort((a, b) => a.top - b.top)
  labels.forEach((label, index) => {
    const covers = (other: (typeof labels)[number]) => Math.abs(other.left - label.left) < fontSize * 4
    for (const above of labels.slice(0, index).filter(covers)) label.top = Math.max(label.top, above.top + rowHeight)
  })
  const lowest = labels.reduce((most, { top }) => Math.max(most, top), 0)
  if (lowest > plot.bottom) for (const label of labels) label.top -= lowest - plot.bottom
  pen.font = font
  pen.textAlign = 'left'
  for (const { label, color, left, top } of labels) {
    pen.fillStyle = color
    drawText(pen, label, left + 6, top, colors.surface)
  }
}

/** A name over lines: the surface shows around its letters, so that no line strikes it out. */
function drawText(pen: Pen, text: string, x: number, y: number, surface: string): void {
  pen.strokeStyle = surface
  pen.lineWidth = 4
  pen.lineJoin = 'round'
  pen.strokeText(text, x, y)
  pen.fillText(text, x, y)
}

/** A filled circle with a ring, as a polygon that every pen can draw. */
function dot(pen: Pen, x: number, y: number, look: { radius: number; fill: string; ring: string }): void {
  const corners = 16
  pen.beginPath()
  for (let corner = 0; corner < corners; corner++) {
    const angle = (2 * Math.PI * corner) / corners
    lineOrMove(pen, corner, x + look.radius * Math.cos(angle), y + look.radius * Math.sin(angle))
  }
  pen.closePath()
  pen.fillStyle = look.fill
  pen.fill()
  pen.lineWidth = 1.5
  pen.strokeStyle = look.ring
  pen.stroke()
}
