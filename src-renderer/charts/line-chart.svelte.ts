/**
 * Lines over epochs as a Svelte attachment of a canvas: Chart.js with only the pieces that are used.
 * The chart is made once; what it shows follows the reactive spec it is given.
 */
import { Chart, LinearScale, LineController, LineElement, LogarithmicScale, type Plugin, PointElement } from 'chart.js'
import type { Attachment } from 'svelte/attachments'
import type { Point } from '#renderer/charts/downsample.ts'
import { formatFigure, formatRate } from '#renderer/state/format.ts'
import { readTokens } from '#renderer/theme/theme.svelte.ts'

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale)

export interface Series {
  readonly id: string
  /** Drawn at the end of the line; empty for none. */
  readonly label: string
  readonly color: string
  readonly dash: readonly number[]
  readonly width: number
  readonly points: readonly Point[]
}

/** A point that is pointed out, such as the best epoch. */
export interface Mark {
  readonly epoch: number
  readonly value: number
  readonly color: string
  readonly label: string
}

export interface LineChartSpec {
  readonly series: readonly Series[]
  readonly marks: readonly Mark[]
  readonly logarithmic: boolean
  /** Epoch under the pointer, here or in a chart beside it. */
  readonly hovered: number | null
  readonly epochs: number
  /** Bounds that the y axis always shows, where the measure has them. */
  readonly bounds?: { readonly minimum?: number; readonly maximum?: number }
  readonly formatTick?: (value: number) => string
}

const font = { family: 'system-ui, sans-serif', size: 12 }

/** Draws a spec on a canvas; `onHover` hears the epoch under the pointer, or null. */
export function lineChart(
  spec: () => LineChartSpec,
  onHover: (epoch: number | null) => void
): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    let current: LineChartSpec | null = null
    let colors = readTokens(['grid', 'text-3', 'text-2', 'surface', 'line-strong'])
    const overlay: Plugin<'line'> = {
      id: 'overlay',
      afterDatasetsDraw: (chart) => current && drawOverlay(chart, current, colors)
    }
    const chart = new Chart(canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [overlay],
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 8, right: 12 } }
      }
    })

    const hover = (event: PointerEvent) => {
      const scale = chart.scales['x']
      if (!scale || !current || current.epochs === 0) return
      const epoch = Math.round(scale.getValueForPixel(event.offsetX) ?? 0)
      onHover(Math.min(current.epochs, Math.max(1, epoch)))
    }
    const leave = () => onHover(null)
    canvas.addEventListener('pointermove', hover)
    canvas.addEventListener('pointerleave', leave)

    $effect(() => {
      colors = readTokens(['grid', 'text-3', 'text-2', 'surface', 'line-strong'])
      current = spec()
      apply(chart, current, colors)
    })

    return () => {
      canvas.removeEventListener('pointermove', hover)
      canvas.removeEventListener('pointerleave', leave)
      chart.destroy()
    }
  }
}

type Colors = Record<'grid' | 'text-3' | 'text-2' | 'surface' | 'line-strong', string>

function apply(chart: Chart<'line'>, spec: LineChartSpec, colors: Colors): void {
  chart.data.datasets = spec.series.map((series) => ({
    label: series.label,
    data: series.points as Point[],
    borderColor: series.color,
    borderWidth: series.width,
    borderDash: [...series.dash],
    pointRadius: series.points.length === 1 ? 2.5 : 0,
    pointBackgroundColor: series.color,
    pointBorderWidth: 0
  }))
  const labels = spec.series.filter((series) => series.label !== '')
  const widest = labels.reduce((width, series) => Math.max(width, series.label.length), 0)
  const { formatTick = (value: number) => (Math.abs(value) >= 1000 ? formatRate(value) : formatFigureShort(value)) } =
    spec
  const ticks = { color: colors['text-3'], font, maxTicksLimit: 6 }
  chart.options.layout = { padding: { top: 8, right: widest === 0 ? 12 : 10 + widest * 6.6 } }
  chart.options.scales = {
    x: {
      type: 'linear',
      min: 1,
      max: Math.max(2, spec.epochs),
      grid: { color: colors.grid, drawTicks: false },
      border: { display: false },
      ticks: {
        ...ticks,
        includeBounds: false,
        autoSkip: false,
        precision: 0,
        padding: 6,
        maxRotation: 0,
        callback: (value) => formatRate(Number(value))
      }
    },
    y: {
      type: spec.logarithmic ? 'logarithmic' : 'linear',
      ...(spec.bounds?.minimum === undefined ? {} : { suggestedMin: spec.bounds.minimum }),
      ...(spec.bounds?.maximum === undefined ? {} : { suggestedMax: spec.bounds.maximum }),
      grid: { color: colors.grid, drawTicks: false },
      border: { display: false },
      ticks: { ...ticks, padding: 8, callback: (value) => formatTick(Number(value)) }
    }
  }
  chart.update('none')
}

/** Ticks are round already: no digits are added to them. */
function formatFigureShort(value: number): string {
  const figure = Number(value.toPrecision(3))
  return Math.abs(figure) > 0 && Math.abs(figure) < 1e-3 ? formatFigure(figure) : `${figure}`
}

/** Draws what lies over the lines: the marks, the epoch under the pointer, and each line's label at its end. */
function drawOverlay(chart: Chart<'line'>, spec: LineChartSpec, colors: Colors): void {
  const { ctx: context, chartArea: area, scales } = chart
  const [x, y] = [scales['x'], scales['y']]
  if (!x || !y) return
  context.save()
  context.font = `${font.size}px ${font.family}`
  context.textBaseline = 'middle'
  for (const mark of spec.marks) {
    const [left, top] = [x.getPixelForValue(mark.epoch), y.getPixelForValue(mark.value)]
    if (!Number.isFinite(top)) continue
    context.setLineDash([2, 3])
    context.strokeStyle = mark.color
    context.globalAlpha = 0.6
    line(context, left, area.top, left, area.bottom)
    context.globalAlpha = 1
    context.setLineDash([])
    dot(context, left, top, 4, mark.color, colors.surface)
    if (mark.label !== '') {
      const onLeft = left > (area.left + area.right) / 2
      const width = context.measureText(mark.label).width
      const start = onLeft ? left - width - 6 : left + 6
      context.fillStyle = colors.surface
      context.fillRect(start - 3, area.top - 1, width + 6, 16)
      context.textAlign = 'left'
      context.fillStyle = colors['text-2']
      context.fillText(mark.label, start, area.top + 7)
    }
  }
  if (spec.hovered !== null) {
    const left = x.getPixelForValue(spec.hovered)
    context.strokeStyle = colors['line-strong']
    line(context, left, area.top, left, area.bottom)
  }
  drawLabels(context, chart, spec)
  context.restore()
}

/** Labels at the ends of the lines, pushed apart where they would cover each other. */
function drawLabels(context: CanvasRenderingContext2D, chart: Chart<'line'>, spec: LineChartSpec): void {
  const [x, y] = [chart.scales['x'], chart.scales['y']]
  if (!x || !y) return
  const rowHeight = 14
  const labels = spec.series
    .filter((series) => series.label !== '' && series.points.length > 0)
    .map((series) => {
      const end = series.points[series.points.length - 1] as Point
      const top = Math.min(chart.chartArea.bottom, Math.max(chart.chartArea.top, y.getPixelForValue(end.y)))
      return { series, left: x.getPixelForValue(end.x), top }
    })
    .sort((a, b) => a.top - b.top)
  labels.forEach((label, index) => {
    const above = labels[index - 1]
    if (above) label.top = Math.max(label.top, above.top + rowHeight)
  })
  const beyond = (labels.at(-1)?.top ?? 0) - chart.chartArea.bottom
  if (beyond > 0) for (const label of labels) label.top -= beyond
  context.textAlign = 'left'
  for (const { series, left, top } of labels) {
    context.fillStyle = series.color
    context.fillText(series.label, left + 6, top)
  }
}

function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.lineWidth = 1
  context.beginPath()
  context.moveTo(x1, y1)
  context.lineTo(x2, y2)
  context.stroke()
}

function dot(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  fill: string,
  ring: string
): void {
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.fillStyle = fill
  context.fill()
  context.lineWidth = 1.5
  context.strokeStyle = ring
  context.stroke()
}
