/**
 * Lines as a Svelte attachment of a canvas. Chart.js lays out and draws the axes; the lines are drawn here, because a
 * thousand of them have to follow a finger: as plain arrays, in one path each, and in the same way to SVG.
 * The chart is made once; what it shows follows the reactive spec it is given.
 */
import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  type Plugin,
  PointElement,
  type Scale
} from 'chart.js'
import type { Attachment } from 'svelte/attachments'
import { type Pen, SvgPen } from '#renderer/charts/pen.ts'
import { formatFigure, formatRate } from '#renderer/state/format.ts'
import { readTokens } from '#renderer/theme/theme.svelte.ts'

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale)

export interface Line {
  readonly id: string
  /** Drawn at the end of the line; empty for none. */
  readonly label: string
  readonly color: string
  readonly dash: readonly number[]
  readonly width: number
  readonly alpha: number
  /** x and y in turn, in the order they are drawn. */
  readonly points: Float64Array
  /** Of y, where it is known without the points. */
  readonly extent?: Extent
}

/** The lowest and the highest of some values. */
export interface Extent {
  readonly low: number
  readonly high: number
}

/** The room between two lines over the same x. */
export interface Band {
  readonly color: string
  /** x, low and high in turn. */
  readonly points: Float64Array
}

/** A point that is pointed out, such as the best epoch. */
export interface Mark {
  readonly x: number
  readonly y: number
  readonly color: string
  readonly label: string
  /** Whether a line falls from it to the axis. */
  readonly hasLine: boolean
}

export interface Axis {
  readonly title: string
  readonly minimum: number
  readonly maximum: number
  readonly logarithmic: boolean
  readonly format?: (value: number) => string
}

export interface LineChartSpec {
  /** Drawn in this order. */
  readonly lines: readonly Line[]
  readonly bands: readonly Band[]
  readonly marks: readonly Mark[]
  readonly x: Axis
  readonly y: Axis
}

/** Where the plot lies in its canvas, in pixels, and what its edges stand for. */
export interface Plot {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly x: Axis
  readonly y: Axis
}

export interface LineChartListener {
  /** The plot was laid out anew. */
  readonly onplot: (plot: Plot) => void
  /** Gives the pictures of the chart as it stands. */
  readonly onready: (pictures: { readonly svg: (title: string) => string }) => void
}

/**
 * Points of lines that are drawn within a frame. More are drawn over the frames that follow, so that a thousand lines
 * never hold up the hand: what moves is seen at once in part, and whole when it rests.
 */
const drawnAtOnce = 8000

type Colors = Record<'grid' | 'text-3' | 'text-2' | 'surface', string>

const font = { family: 'system-ui, sans-serif', size: 12 }
const colorNames = ['grid', 'text-3', 'text-2', 'surface'] as const

/** Draws a spec on a canvas. */
export function lineChart(spec: () => LineChartSpec, listener: LineChartListener): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    let current: LineChartSpec | null = null
    let colors = readTokens(colorNames)
    let frame = 0
    const plugin: Plugin<'line'> = {
      id: 'lines',
      afterLayout(chart) {
        if (!current) return
        const { left, right, top, bottom } = chart.chartArea
        listener.onplot({ left, right, top, bottom, x: current.x, y: current.y })
      },
      beforeDatasetsDraw(chart) {
        cancelAnimationFrame(frame)
        if (current) drawFrom(0, chart, current)
      }
    }

    /** Draws from the n-th line on, as many as a frame has time for; marks and labels lie over the last. */
    function drawFrom(first: number, chart: Chart<'line'>, shown: LineChartSpec) {
      const { ctx: context, chartArea: area } = chart
      context.save()
      context.beginPath()
      // A line at the edge keeps its whole width.
      context.rect(area.left, area.top - 2, area.right - area.left + 1, area.bottom - area.top + 4)
      context.clip()
      if (first === 0) drawBands(context, chart, shown)
      let points = 0
      let last = first
      while (last < shown.lines.length && points < drawnAtOnce) points += (shown.lines[last++]?.points.length ?? 0) / 2
      drawLines(context, chart, shown, shown.lines.slice(first, last))
      context.restore()
      if (last < shown.lines.length) {
        frame = requestAnimationFrame(() => drawFrom(last, chart, shown))
        return
      }
      context.save()
      context.textBaseline = 'middle'
      drawMarks(context, chart, shown, colors)
      drawLabels(context, chart, shown)
      context.restore()
    }
    const chart = new Chart(canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [plugin],
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: []
      }
    })
    listener.onready({ svg: (title) => (current ? toSvg(chart, current, colors, title) : '') })

    $effect(() => {
      colors = readTokens(colorNames)
      current = spec()
      applyAxes(chart, current, colors)
    })

    return () => {
      cancelAnimationFrame(frame)
      chart.destroy()
    }
  }
}

function applyAxes(chart: Chart<'line'>, spec: LineChartSpec, colors: Colors): void {
  const widest = spec.lines.reduce((width, { label }) => Math.max(width, label.length), 0)
  const axis = ({ title, minimum, maximum, logarithmic, format = formatTick }: Axis) => ({
    type: logarithmic ? ('logarithmic' as const) : ('linear' as const),
    min: minimum,
    max: maximum,
    grid: { color: colors.grid, drawTicks: false },
    border: { display: false },
    title: { display: true, text: title, color: colors['text-3'], font, padding: 2 },
    ticks: {
      color: colors['text-3'],
      font,
      maxTicksLimit: 6,
      includeBounds: false,
      padding: 6,
      maxRotation: 0,
      callback: (value: string | number) => format(Number(value))
    }
  })
  chart.options.layout = { padding: { top: 8, right: widest === 0 ? 12 : 10 + widest * 6.6 } }
  chart.options.scales = { x: axis(spec.x), y: axis(spec.y) }
  chart.update('none')
}

/** Ticks are round already: no digits are added to them. */
function formatTick(value: number): string {
  if (Math.abs(value) >= 1000) return formatRate(value)
  const figure = Number(value.toPrecision(3))
  return Math.abs(figure) > 0 && Math.abs(figure) < 1e-3 ? formatFigure(figure) : `${figure}`
}

/** Pixels of values, without the care Chart.js takes for a single one. */
export function placer(low: number, high: number, axis: Axis): (value: number) => number {
  const { minimum, maximum, logarithmic } = axis
  if (logarithmic) {
    const start = Math.log(minimum)
    const scale = (high - low) / (Math.log(maximum) - start || 1)
    return (value) => low + (Math.log(Math.max(value, 1e-300)) - start) * scale
  }
  const scale = (high - low) / (maximum - minimum || 1)
  return (value) => low + (value - minimum) * scale
}

function placersOf({ chartArea: area }: Chart<'line'>, spec: LineChartSpec) {
  return { x: placer(area.left, area.right, spec.x), y: placer(area.bottom, area.top, spec.y) }
}

function drawBands(pen: Pen, chart: Chart<'line'>, spec: LineChartSpec): void {
  const { x, y } = placersOf(chart, spec)
  for (const { color, points } of spec.bands) {
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

function drawLines(
  pen: Pen,
  chart: Chart<'line'>,
  spec: LineChartSpec,
  lines: LineChartSpec['lines'] = spec.lines
): void {
  const { x, y } = placersOf(chart, spec)
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

function drawMarks(pen: Pen, chart: Chart<'line'>, spec: LineChartSpec, colors: Colors): void {
  const { chartArea: area } = chart
  const { x, y } = placersOf(chart, spec)
  pen.font = `${font.size}px ${font.family}`
  for (const mark of spec.marks) {
    const [left, top] = [x(mark.x), y(mark.y)]
    const isInside = left >= area.left - 1 && left <= area.right + 1 && top >= area.top - 1 && top <= area.bottom + 1
    if (!isInside) continue
    if (mark.hasLine) {
      pen.setLineDash([2, 3])
      pen.strokeStyle = mark.color
      pen.lineWidth = 1
      pen.globalAlpha = 0.6
      pen.beginPath()
      pen.moveTo(left, area.top)
      pen.lineTo(left, area.bottom)
      pen.stroke()
      pen.globalAlpha = 1
      pen.setLineDash([])
    }
    dot(pen, left, top, { radius: mark.hasLine ? 4 : 3, fill: mark.color, ring: colors.surface })
    if (mark.label === '') continue
    const isRight = left > (area.left + area.right) / 2
    pen.textAlign = isRight ? 'right' : 'left'
    pen.fillStyle = colors['text-2']
    pen.fillText(mark.label, left + (isRight ? -6 : 6), area.top + 7)
  }
}

/** Labels at the ends of the lines, pushed apart where they would cover each other. */
function drawLabels(pen: Pen, chart: Chart<'line'>, spec: LineChartSpec): void {
  const { chartArea: area } = chart
  const { x, y } = placersOf(chart, spec)
  const rowHeight = 14
  const labels = spec.lines
    .filter(({ label, points }) => label !== '' && points.length > 0)
    .map(({ label, color, points }) => {
      const top = y(points.at(-1) ?? 0)
      const left = Math.min(area.right, x(points.at(-2) ?? 0))
      return { label, color, left, top: Math.min(area.bottom, Math.max(area.top, top)) }
    })
    .sort((a, b) => a.top - b.top)
  labels.forEach((label, index) => {
    const covers = (other: (typeof labels)[number]) => Math.abs(other.left - label.left) < font.size * 4
    for (const above of labels.slice(0, index).filter(covers)) label.top = Math.max(label.top, above.top + rowHeight)
  })
  const lowest = labels.reduce((most, { top }) => Math.max(most, top), 0)
  if (lowest > area.bottom) for (const label of labels) label.top -= lowest - area.bottom
  pen.font = `${font.size}px ${font.family}`
  pen.textAlign = 'left'
  for (const { label, color, left, top } of labels) {
    pen.fillStyle = color
    pen.fillText(label, left + 6, top)
  }
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

/** The chart as it stands, axes included, as an SVG document. */
function toSvg(chart: Chart<'line'>, spec: LineChartSpec, colors: Colors, title: string): string {
  const pen = new SvgPen()
  const { chartArea: area, width, height } = chart
  const [x, y] = [chart.scales['x'], chart.scales['y']]
  if (x && y) {
    drawGrid(pen, { x, y }, area, colors)
    pen.textAlign = 'center'
    pen.fillStyle = colors['text-3']
    pen.fillText(spec.x.title, (area.left + area.right) / 2, height - 8)
    pen.textAlign = 'left'
    pen.fillText(spec.y.title, 2, Math.max(6, area.top - 2))
  }
  pen.clipped('plot', area, () => {
    drawBands(pen, chart, spec)
    drawLines(pen, chart, spec)
  })
  drawMarks(pen, chart, spec, colors)
  drawLabels(pen, chart, spec)
  return pen.document(width, height, colors.surface, title)
}

function drawGrid(
  pen: SvgPen,
  { x, y }: { x: Scale; y: Scale },
  area: { left: number; right: number; top: number; bottom: number },
  colors: Colors
): void {
  pen.strokeStyle = colors.grid
  pen.fillStyle = colors['text-3']
  const label = (text: unknown) => (typeof text === 'string' ? text : '')
  x.ticks.forEach((tick, index) => {
    const left = x.getPixelForTick(index)
    segment(pen, [left, area.top], [left, area.bottom])
    pen.textAlign = 'center'
    pen.fillText(label(tick.label), left, area.bottom + 12)
  })
  y.ticks.forEach((tick, index) => {
    const top = y.getPixelForTick(index)
    segment(pen, [area.left, top], [area.right, top])
    pen.textAlign = 'right'
    pen.fillText(label(tick.label), area.left - 6, top)
  })
}

function segment(pen: Pen, from: readonly [number, number], to: readonly [number, number]): void {
  pen.beginPath()
  pen.moveTo(...from)
  pen.lineTo(...to)
  pen.stroke()
}
