/**
 * The lines of a chart as a picture of their own, so that a thousand of them never hold up the hand: a new picture is
 * drawn slice by slice over the frames that follow, and until it is whole the last one stands in for it, moved and
 * stretched to where the axes are now.
 */
import { drawBands, drawLines } from '#renderer/charts/draw-lines.ts'
import { type LineChartSpec, placersOf, type Plot } from '#renderer/charts/line-chart-spec.ts'

/** A canvas in CSS pixels, and how many of its own each of these has. */
export interface Surface {
  readonly width: number
  readonly height: number
  readonly ratio: number
}

interface Picture {
  readonly canvas: HTMLCanvasElement
  readonly context: CanvasRenderingContext2D
  readonly surface: Surface
  readonly plot: Plot
  readonly spec: LineChartSpec
}

/**
 * Points drawn within a frame: about 4 ms where the processor draws them, and two charts are drawn side by side.
 * Fewer than these are drawn at once.
 */
const pointsOfSlice = 6000

/** Pixels a line at the edge may stand over it, so that it keeps its whole width. */
const overhang = { side: 1, end: 2 }

export class LineLayer {
  #onchange: () => void
  /** The last whole picture, and the last one of the whole x axis, which reaches further when it is moved. */
  #last: Picture | null = null
  #widest: Picture | null = null
  #drawn: Picture | null = null
  /** A picture that nobody looks at any more: a chart that grows with every frame needs no new canvas for each. */
  #spare: Picture | null = null
  #next: Pick<Picture, 'spec' | 'plot' | 'surface'> | null = null
  #frame = 0

  /** `onchange` is called in later frames, when there is more to show than before. */
  constructor(onchange: () => void) {
    this.#onchange = onchange
  }

  /** Draws a new picture, after the one that is being drawn: lines that arrive one by one are all seen to arrive. */
  draw(spec: LineChartSpec, plot: Plot, surface: Surface): void {
    this.#next = { spec, plot, surface }
    if (!this.#drawn) this.#begin()
  }

  /** Draws nothing more until it is told to: what was begun is of axes that have moved on. */
  hold(): void {
    cancelAnimationFrame(this.#frame)
    this.#drawn = this.#next = null
  }

  /** Puts on a canvas what there is, as the axes of a plot have it. */
  show(context: CanvasRenderingContext2D, plot: Plot): void {
    const last = this.#last ?? this.#drawn
    if (!last) return
    const inner = { left: plot.left, right: plot.right + overhang.side }
    const place = placeIn(last, plot)
    if (!place) return
    clipped(context, plot, inner, () => put(context, last, place))
    const widest = this.#widest === last ? null : this.#widest
    const around = widest && placeIn(widest, plot)
    if (!around) return
    for (const side of [
      { left: inner.left, right: Math.min(inner.right, place.left) },
      { left: Math.max(inner.left, place.right + overhang.side), right: inner.right }
    ]) {
      if (side.left < side.right) clipped(context, plot, side, () => put(context, widest, around))
    }
  }

  #begin(): void {
    const canvas = this.#next && this.#canvasOf(this.#next.surface)
    this.#drawn = this.#next && canvas && { ...this.#next, ...canvas }
    this.#next = null
    if (this.#drawn) this.#continue(this.#drawn, 0)
  }

  #canvasOf(surface: Surface): Pick<Picture, 'canvas' | 'context'> | null {
    const spare = this.#spare
    this.#spare = null
    if (!spare || !isAlike(spare.surface, surface)) return newCanvas(surface)
    const { canvas, context } = spare
    context.clearRect(0, 0, surface.width, surface.height)
    return { canvas, context }
  }

  /** Draws from the n-th line on, as many as a frame has time for. */
  #continue(picture: Picture, first: number): void {
    const { context, plot, spec } = picture
    let points = 0
    let end = first
    while (end < spec.lines.length && points < pointsOfSlice) points += (spec.lines[end++]?.points.length ?? 0) / 2
    clipped(context, plot, { left: plot.left, right: plot.right + overhang.side }, () => {
      if (first === 0) drawBands(context, plot, spec.bands)
      drawLines(context, plot, spec.lines.slice(first, end))
    })
    if (end === spec.lines.length) this.#finish(picture)
    else this.#frame = requestAnimationFrame(() => this.#continueInFrame(picture, end))
  }

  #continueInFrame(picture: Picture, first: number): void {
    const isFirst = this.#last === null
    this.#continue(picture, first)
    const isWhole = this.#drawn === null
    if (isWhole) this.#begin()
    if (isWhole || isFirst) this.#onchange()
  }

  #finish(picture: Picture): void {
    this.#drawn = null
    const before = [this.#last, this.#widest]
    this.#last = picture
    if (!picture.spec.isPart) this.#widest = picture
    this.#spare = before.find((old) => old !== this.#last && old !== this.#widest) ?? null
  }
}

const isAlike = (one: Surface, other: Surface) =>
  one.width === other.width && one.height === other.height && one.ratio === other.ratio

function newCanvas({ width, height, ratio }: Surface): Pick<Picture, 'canvas' | 'context'> | null {
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  // Drawn by the processor: thousands of thin lines are slow on a graphics card, and it is asked for the picture once.
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context || canvas.width === 0 || canvas.height === 0) return null
  context.scale(ratio, ratio)
  return { canvas, context }
}

interface Place {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Where the plot of a picture lies within another plot; null where their scales differ in kind. */
function placeIn({ plot: from }: Picture, to: Plot): Place | null {
  if (from.x.logarithmic !== to.x.logarithmic || from.y.logarithmic !== to.y.logarithmic) return null
  const { x, y } = placersOf(to)
  return { left: x(from.x.minimum), right: x(from.x.maximum), top: y(from.y.maximum), bottom: y(from.y.minimum) }
}

/** Draws a picture so that its plot comes to lie at a place. */
function put(context: CanvasRenderingContext2D, { canvas, surface, plot }: Picture, place: Place): void {
  const acrossBy = (place.right - place.left) / (plot.right - plot.left || 1)
  const downBy = (place.bottom - place.top) / (plot.bottom - plot.top || 1)
  const left = place.left - plot.left * acrossBy
  const top = place.top - plot.top * downBy
  context.drawImage(canvas, left, top, surface.width * acrossBy, surface.height * downBy)
}

function clipped(
  context: CanvasRenderingContext2D,
  { top, bottom }: Plot,
  { left, right }: Pick<Place, 'left' | 'right'>,
  draw: () => void
): void {
  context.save()
  context.beginPath()
  context.rect(left, top - overhang.end, right - left, bottom - top + 2 * overhang.end)
  context.clip()
  draw()
  context.restore()
}
