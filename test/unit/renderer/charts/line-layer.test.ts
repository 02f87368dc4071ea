/** Where pictures of lines are put: a canvas that notes what is drawn on it stands in for a real one. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LineLayer } from '#renderer/charts/line-layer.ts'
import type { LineChartSpec, Plot } from '#renderer/charts/line-chart-spec.ts'

const surface = { width: 100, height: 50, ratio: 1 }
const exact = [0, 0, 100, 50]

/** Notes the lines stroked on a canvas, and where pictures of which lines are put. */
class NotingCanvas {
  width = 0
  height = 0
  strokes = 0
  readonly put: { strokes: number; at: number[] }[] = []
  getContext() {
    const nothing = () => undefined
    return new Proxy(
      {},
      {
        get: (_, name) => {
          if (name === 'stroke') return () => this.strokes++
          if (name === 'clearRect') return () => (this.strokes = 0)
          if (name === 'drawImage') {
            return ({ strokes }: NotingCanvas, ...at: number[]) => this.put.push({ strokes, at: at.map(Math.round) })
          }
          return nothing
        },
        set: () => true
      }
    )
  }
}

let frames: (() => void)[] = []

beforeEach(() => {
  frames = []
  vi.stubGlobal('document', { createElement: () => new NotingCanvas() })
  vi.stubGlobal('requestAnimationFrame', (task: () => void) => frames.push(task))
  vi.stubGlobal('cancelAnimationFrame', () => (frames = []))
})
afterEach(() => vi.unstubAllGlobals())

const axis = (minimum: number, maximum: number) => ({ title: '', minimum, maximum, logarithmic: false })

function specOf(lines: number, range: readonly [number, number], pointsEach = 4): LineChartSpec & { plot: Plot } {
  const [x, y] = [axis(...range), axis(0, 1)]
  const line = { label: '', color: '', dash: [], width: 1, alpha: 1, points: new Float64Array(2 * pointsEach) }
  return {
    lines: Array.from({ length: lines }, (_, index) => ({ ...line, id: `${index}` })),
    bands: [],
    marks: [],
    x,
    y,
    isPart: range[0] > 0,
    plot: { left: 0, right: 100, top: 0, bottom: 50, x, y }
  }
}

function layerWith() {
  const changes = vi.fn()
  const layer = new LineLayer(changes)
  return {
    layer,
    changes,
    draw: (spec: LineChartSpec & { plot: Plot }) => layer.draw(spec, spec.plot, surface),
    /** What is shown on axes. */
    shownOn: ({ plot }: { plot: Plot }) => {
      const canvas = new NotingCanvas()
      layer.show(canvas.getContext() as unknown as CanvasRenderingContext2D, plot)
      return canvas.put
    },
    drawFrame: () => frames.splice(0).forEach((task) => task())
  }
}

test('few lines are drawn at once and lie where their own axes have them, however often the axes change', () => {
  const { draw, shownOn } = layerWith()
  for (let last = 1; last <= 5; last++) {
    const grown = specOf(last, [0, last])
    draw(grown)
    expect(shownOn(grown)).toEqual([{ strokes: last, at: exact }])
  }
})

test('while a picture of many lines is drawn the last one stands in, stretched to the axes, and beside it the whole', () => {
  const { draw, shownOn, drawFrame, changes } = layerWith()
  const whole = specOf(1, [0, 100])
  draw(whole)
  const half = specOf(2, [50, 100])
  expect(shownOn(half)).toEqual([{ strokes: 1, at: [-100, 0, 200, 50] }])
  draw(half)
  expect(shownOn(half)).toEqual([{ strokes: 2, at: exact }])
  // Zoomed out again: the near picture in the right half, the whole one left of it.
  expect(shownOn(whole)).toEqual([
    { strokes: 2, at: [50, 0, 50, 50] },
    { strokes: 1, at: exact }
  ])
  const many = specOf(3, [0, 200], 5000)
  draw(many)
  expect(shownOn(many)[0]).toEqual({ strokes: 2, at: [25, 0, 25, 50] })
  expect(changes).not.toHaveBeenCalled()
  drawFrame()
  expect(changes).toHaveBeenCalledOnce()
  expect(shownOn(many)).toEqual([{ strokes: 3, at: exact }])
})

test('lines that arrive while others are drawn are drawn after them, unless the axes move on', () => {
  const { layer, draw, shownOn, drawFrame } = layerWith()
  const [first, second] = [specOf(3, [0, 1], 5000), specOf(4, [0, 2], 5000)]
  draw(first)
  draw(second)
  drawFrame()
  expect(shownOn(first)).toEqual([{ strokes: 3, at: exact }])
  drawFrame()
  expect(shownOn(second)).toEqual([{ strokes: 4, at: exact }])
  draw(first)
  layer.hold()
  drawFrame()
  expect(shownOn(second)).toEqual([{ strokes: 4, at: exact }])
})
