/**
 * Lines as a Svelte attachment of a canvas. Chart.js keeps the canvas: its size, its sharpness and when it is drawn. What is
 * on it is drawn here: the frame that all charts have, and lines, a thousand of which have to follow a finger: plain arrays,
 * in one path each, and in the same way to SVG. What is shown follows the reactive spec it is given.
 */
import { Chart, LinearScale, LineController, type Plugin } from 'chart.js'
import type { Attachment } from 'svelte/attachments'
import { layAxis, tickRoom } from '#renderer/charts/axis.ts'
import { drawBands, drawLabels, drawLines, drawMarks } from '#renderer/charts/draw-lines.ts'
import { areaOf, drawFrame, type FrameSpec, roomFor } from '#renderer/charts/frame.ts'
import type { LineChartSpec, Plot } from '#renderer/charts/line-chart-spec.ts'
import { LineLayer } from '#renderer/charts/line-layer.ts'
import { font, type Pen, SvgPen } from '#renderer/charts/pen.ts'
import { readTokens } from '#renderer/theme/theme.svelte.ts'

export interface LineChartListener {
  /** The plot was laid out anew. */
  readonly onplot: (plot: Plot) => void
  /** Gives the pictures of the chart as it stands. */
  readonly onready: (pictures: { readonly svg: (title: string) => string }) => void
}

const colorNames = ['grid', 'line-strong', 'text-3', 'text-2', 'surface'] as const

export type ChartColors = Readonly<Record<(typeof colorNames)[number], string>>

/** A chart laid out for a size. */
interface Layout {
  readonly spec: LineChartSpec
  readonly plot: Plot
  readonly frame: FrameSpec
}

Chart.register(LineController, LinearScale)

/** Draws a spec on a canvas. */
export function lineChart(spec: () => LineChartSpec, listener: LineChartListener): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    let colors = readTokens(colorNames)
    let current: LineChartSpec | null = null
    let layout: Layout | null = null
    const layer = new LineLayer(() => chart.draw())
    const plugin: Plugin<'line'> = {
      id: 'lines',
      /** Lays out what is to be shown; the lines follow when there is time. */
      afterLayout({ width, height, currentDevicePixelRatio: ratio }) {
        if (!current || width === 0 || height === 0) return
        layout = layOut(current, width, height)
        listener.onplot(layout.plot)
        if (current.isMoving) layer.hold()
        else layer.draw(current, layout.plot, { width, height, ratio })
      },
      /** Shows what there is of it by now. */
      beforeDraw({ ctx }) {
        if (!layout) return
        ctx.save()
        ctx.textBaseline = 'middle'
        ctx.font = font
        drawGround(ctx, layout, colors)
        layer.show(ctx, layout.plot)
        drawNames(ctx, layout, colors)
        ctx.restore()
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
        events: [],
        scales: { x: { type: 'linear', display: false }, y: { type: 'linear', display: false } }
      }
    })
    listener.onready({
      svg: (title) => (layout ? toSvg(layout.spec, chart.width, chart.height, colors, title) : '')
    })

    $effect(() => {
      colors = readTokens(colorNames)
      current = spec()
      chart.update('none')
    })

    return () => {
      layer.hold()
      chart.destroy()
    }
  }
}

function layOut(spec: LineChartSpec, width: number, height: number): Layout {
  const widest = spec.lines.reduce((most, { label }) => Math.max(most, label.length), 0)
  const right = widest === 0 ? 16 : 10 + widest * 6.6
  // The marks of the y axis say how much room they need; where they stand does not hang on it.
  const upright = areaOf(width, height, { right })
  const y = layAxis(spec.y, upright.bottom, upright.top, tickRoom.up)
  const area = areaOf(width, height, { right, left: roomFor(y.ticks) })
  const x = layAxis(spec.x, area.left, area.right, tickRoom.across)
  const frame = { area, x, y, xTitle: spec.x.title, yTitle: spec.y.title }
  return { spec, frame, plot: { ...area, x: spec.x, y: spec.y } }
}

function drawGround(pen: Pen, { frame }: Layout, colors: ChartColors): void {
  const tones = { grid: colors.grid, zero: colors['line-strong'], tick: colors['text-3'], title: colors['text-2'] }
  drawFrame(pen, frame, tones)
}

function drawNames(pen: Pen, { plot, spec }: Layout, colors: ChartColors): void {
  drawMarks(pen, plot, spec.marks, colors)
  drawLabels(pen, plot, spec.lines, colors)
}

/** Draws a chart of this size, in pixels, as an SVG document. */
export function toSvg(spec: LineChartSpec, width: number, height: number, colors: ChartColors, title: string): string {
  const pen = new SvgPen()
  const layout = layOut(spec, width, height)
  drawGround(pen, layout, colors)
  pen.clipped('plot', layout.frame.area, () => {
    drawBands(pen, layout.plot, spec.bands)
    drawLines(pen, layout.plot, spec.lines)
  })
  drawNames(pen, layout, colors)
  return pen.document(width, height, colors.surface, title)
}
