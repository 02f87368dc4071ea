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
import { drawBands, drawLabels, drawLines, drawMarks, font } from '#renderer/charts/draw-lines.ts'
import type { Axis, LineChartSpec, Plot } from '#renderer/charts/line-chart-spec.ts'
import { LineLayer } from '#renderer/charts/line-layer.ts'
import { type Pen, SvgPen } from '#renderer/charts/pen.ts'
import { readTokens } from '#renderer/theme/theme.svelte.ts'
import { formatFigure, formatRate } from '#words/numbers.ts'

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale)

export interface LineChartListener {
  /** The plot was laid out anew. */
  readonly onplot: (plot: Plot) => void
  /** Gives the pictures of the chart as it stands. */
  readonly onready: (pictures: { readonly svg: (title: string) => string }) => void
}

type Colors = Record<'grid' | 'text-3' | 'text-2' | 'surface', string>

const colorNames = ['grid', 'text-3', 'text-2', 'surface'] as const

/** Draws a spec on a canvas. */
export function lineChart(spec: () => LineChartSpec, listener: LineChartListener): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    let current: LineChartSpec | null = null
    let colors = readTokens(colorNames)
    const layer = new LineLayer(() => chart.draw())
    const plugin: Plugin<'line'> = {
      id: 'lines',
      afterLayout(chart) {
        if (!current) return
        const plot = plotOf(chart, current)
        listener.onplot(plot)
        const { width, height, currentDevicePixelRatio: ratio } = chart
        if (current.isMoving) layer.hold()
        else layer.draw(current, plot, { width, height, ratio })
      },
      beforeDatasetsDraw(chart) {
        if (!current) return
        const plot = plotOf(chart, current)
        layer.show(chart.ctx, plot)
        chart.ctx.save()
        chart.ctx.textBaseline = 'middle'
        drawMarks(chart.ctx, plot, current.marks, colors)
        drawLabels(chart.ctx, plot, current.lines, colors)
        chart.ctx.restore()
      }
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
      layer.hold()
      chart.destroy()
    }
  }
}

function plotOf({ chartArea: { left, right, top, bottom } }: Chart<'line'>, { x, y }: LineChartSpec): Plot {
  return { left, right, top, bottom, x, y }
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
  const plot = plotOf(chart, spec)
  pen.clipped('plot', area, () => {
    drawBands(pen, plot, spec.bands)
    drawLines(pen, plot, spec.lines)
  })
  drawMarks(pen, plot, spec.marks, colors)
  drawLabels(pen, plot, spec.lines, colors)
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
