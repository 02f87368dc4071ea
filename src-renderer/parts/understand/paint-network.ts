/** Draws a trained network on a canvas: links by weight, and in each unit what it gives over the chosen columns. */
import type { NetworkColumn, NetworkPicture } from '#contract/understand.ts'
import {
  classToken,
  cssColor,
  mix,
  parseColor,
  type PictureColors,
  rampColor,
  rangeOf,
  type Rgb,
  signColor
} from '#renderer/parts/understand/colors.ts'
import type { NetworkLayout } from '#renderer/parts/understand/network-layout.ts'
import { clip, rampOf } from '#renderer/parts/understand/paint.ts'

/** A drawn unit: its column, and its place among those that are drawn. */
export interface UnitPlace {
  readonly column: number
  readonly place: number
}

export interface NetworkSpec {
  readonly picture: NetworkPicture
  readonly layout: NetworkLayout
  /** Names of the classes; null for a number. */
  readonly classes: readonly string[] | null
  readonly image: { readonly width: number; readonly height: number } | null
  readonly colors: PictureColors
  /** Its links stand out; null for none. */
  readonly active: UnitPlace | null
}

const widestLink = 4
/** Links weaker than this share of the strongest one are left out: they would be a grey haze. */
const weakest = 0.02

/** Draws the picture; the canvas has `scale` pixels a unit. */
export function paintNetwork(
  canvas: HTMLCanvasElement,
  spec: NetworkSpec,
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
  context.font = '12px system-ui, sans-serif'
  paintLinks(context, spec)
  spec.picture.columns.forEach((column, index) => paintColumn(context, spec, column, index))
}

function paintLinks(context: CanvasRenderingContext2D, { picture, layout, colors, active }: NetworkSpec): void {
  const ground = parseColor(colors['line-strong'])
  const [above, below] = [parseColor(colors['class-1']), parseColor(colors['class-2'])]
  picture.links.forEach((weights, gap) => {
    const [from, to] = [layout.columns[gap], layout.columns[gap + 1]]
    if (!from || !to) return
    const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
    const links = [...weights.keys()]
      .map((at) => ({ weight: weights[at] ?? 0, left: at % from.ys.length, right: Math.floor(at / from.ys.length) }))
      .filter(({ weight }) => Math.abs(weight) >= weakest * largest)
      // The strongest last, on top.
      .sort((a, b) => Math.abs(a.weight) - Math.abs(b.weight))
    for (const { weight, left, right } of links) {
      const share = largest > 0 ? Math.abs(weight) / largest : 0
      const isActive =
        active !== null &&
        ((active.column === gap && active.place === left) || (active.column === gap + 1 && active.place === right))
      context.globalAlpha = active === null ? 0.25 + 0.6 * share : isActive ? 1 : 0.1
      context.strokeStyle = cssColor(mix(ground, weight < 0 ? below : above, Math.min(1, share * 2)))
      context.lineWidth = Math.max(0.5, widestLink * share)
      context.beginPath()
      context.moveTo(from.x + layout.size / 2, from.ys[left] ?? 0)
      context.lineTo(to.x - layout.size / 2, to.ys[right] ?? 0)
      context.stroke()
    }
  })
  context.globalAlpha = 1
}

function paintColumn(context: CanvasRenderingContext2D, spec: NetworkSpec, column: NetworkColumn, index: number): void {
  const { picture, layout, colors } = spec
  const placed = layout.columns[index]
  if (!placed) return
  const { size } = layout
  const isLast = index === picture.columns.length - 1
  column.drawn.forEach((unit, place) => {
    const [x, y] = [placed.x, placed.ys[place] ?? 0]
    const tile = tileOf(spec, column, index, place)
    if (tile) drawTile(context, tile, x - size / 2, y - size / 2, size)
    else dot(context, colors, x + size / 2 - 3, y)
    if (tile) {
      const isStill = column.still.includes(unit)
      const isTwin = column.twins.some((twin) => twin.unit === unit)
      context.strokeStyle = isStill || isTwin ? colors.text : colors['line-strong']
      context.lineWidth = isStill || isTwin ? 1.5 : 1
      context.setLineDash(isTwin ? [3, 2] : [])
      context.strokeRect(x - size / 2, y - size / 2, size, size)
      context.setLineDash([])
      if (isStill) {
        context.beginPath()
        context.moveTo(x - size / 2, y + size / 2)
        context.lineTo(x + size / 2, y - size / 2)
        context.stroke()
      }
    }
    const label = column.labels[place]
    if (label === undefined) return
    context.fillStyle = colors['text-2']
    context.textBaseline = 'middle'
    context.textAlign = isLast ? 'left' : 'right'
    context.fillText(clip(context, label, isLast ? 84 : 110), isLast ? x + size / 2 + 6 : x + size / 2 - 10, y)
  })
}

function dot(context: CanvasRenderingContext2D, colors: PictureColors, x: number, y: number): void {
  context.fillStyle = colors['text-3']
  context.beginPath()
  context.arc(x, y, 3, 0, 2 * Math.PI)
  context.fill()
}

/** A small picture: a colour a pixel, from the upper left. */
interface Tile {
  readonly width: number
  readonly height: number
  readonly isSharp: boolean
  readonly color: (x: number, y: number) => Rgb
}

/** What a unit's square shows: its weights as an image, or what it gives over the columns; null for an input. */
export function tileOf(spec: NetworkSpec, column: NetworkColumn, index: number, place: number): Tile | null {
  const { picture, image, classes, colors } = spec
  const ground = parseColor(colors.surface)
  const [above, below] = [parseColor(colors['class-1']), parseColor(colors['class-2'])]
  if (column.images && image) {
    const pixels = column.images.subarray(place * image.width * image.height, (place + 1) * image.width * image.height)
    const largest = largestOf(pixels)
    const color = (x: number, y: number) => signColor(pixels[y * image.width + x] ?? 0, largest, ground, above, below)
    return { ...image, isSharp: true, color }
  }
  if (!column.responses) return null
  const places = column.responses.length / column.drawn.length
  const width = picture.resolution
  const height = places / width
  const values = column.responses.subarray(place * places, (place + 1) * places)
  const at = (x: number, y: number) => values[(height - 1 - y) * width + x] ?? 0
  const isOutput = index === picture.columns.length - 1
  if (isOutput && classes) {
    const tone = parseColor(colors[classToken(column.units === 1 ? 1 : (column.drawn[place] ?? 0))])
    return { width, height, isSharp: false, color: (x, y) => mix(ground, tone, 0.9 * at(x, y)) }
  }
  if (isOutput) {
    const [from, to] = rampOf(colors)
    const range = rangeOf(values)
    return { width, height, isSharp: false, color: (x, y) => rampColor(at(x, y), range, from, to) }
  }
  const largest = largestOf(values)
  return { width, height, isSharp: false, color: (x, y) => signColor(at(x, y), largest, ground, above, below) }
}

/** Draws a tile into a square. */
export function drawTile(context: CanvasRenderingContext2D, tile: Tile, left: number, top: number, size: number): void {
  const small = document.createElement('canvas')
  small.width = tile.width
  small.height = tile.height
  const image = new ImageData(tile.width, tile.height)
  for (let y = 0; y < tile.height; y++) {
    for (let x = 0; x < tile.width; x++) image.data.set([...tile.color(x, y), 255], (y * tile.width + x) * 4)
  }
  small.getContext('2d')?.putImageData(image, 0, 0)
  context.imageSmoothingEnabled = !tile.isSharp
  context.drawImage(small, left, top, size, size)
}

function largestOf(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}
