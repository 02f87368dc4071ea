/** The small pictures of the overview: each is computed by what its station computes with. In a square of 84 pixels. */
import { scalarActivations } from '#engine/kernels/reference/activations.ts'
import { trainPerceptron } from '#engine/units/perceptron.ts'
import { cloudsOf } from '#renderer/parts/foundations/clouds.ts'
import { halfPlane, lineEnds, pathOf } from '#renderer/parts/foundations/plane.ts'
import type { StationSlug } from '#renderer/parts/foundations/stations.ts'

type Tone = 'one' | 'two' | 'plain' | 'faint' | 'area'

export type Shape =
  | { readonly kind: 'path'; readonly d: string; readonly tone: Tone }
  | { readonly kind: 'dot'; readonly x: number; readonly y: number; readonly r?: number; readonly tone: Tone }
  | { readonly kind: 'text'; readonly x: number; readonly y: number; readonly text: string; readonly tone: Tone }

const size = 84

/** Scales of a small picture over a domain. */
const over = (low: number, high: number, bottom = low, top = high) => ({
  x: (value: number) => ((value - low) / (high - low)) * size,
  y: (value: number) => size - ((value - bottom) / (top - bottom)) * size
})

const curve = (value: (x: number) => number, low: number, high: number, scales: ReturnType<typeof over>) =>
  pathOf(
    Array.from({ length: 43 }, (_, step) => low + ((high - low) * step) / 42).map((x) => [x, value(x)] as const),
    scales
  )

function perceptron(): Shape[] {
  const points = cloudsOf(4, 14, 2.6)
  const table = { rows: points.map(({ x, y }) => [x, y]), targets: points.map(({ t }) => t) }
  const { unit } = trainPerceptron(table, { learningRate: 1, epochs: 50 })
  const [w1 = 0, w2 = 0] = unit.weights
  const scales = over(-3.2, 3.2)
  const domain = [-3.2, 3.2] as const
  return [
    { kind: 'path', tone: 'area', d: pathOf(halfPlane(w1, w2, unit.bias, domain, domain), scales, true) },
    { kind: 'path', tone: 'plain', d: pathOf(lineEnds(w1, w2, unit.bias, domain, domain) ?? [], scales) },
    ...points.map(({ x, y, t }): Shape => ({
      kind: 'dot',
      x: scales.x(x),
      y: scales.y(y),
      tone: t === 1 ? 'two' : 'one'
    }))
  ]
}

function activationCurves(): Shape[] {
  const scales = over(-4, 4, -1.3, 2)
  const { tanh, relu } = scalarActivations
  return [
    { kind: 'path', tone: 'faint', d: `M0 ${scales.y(0)}H${size}M${scales.x(0)} 0V${size}` },
    { kind: 'path', tone: 'one', d: curve(tanh.value, -4, 4, scales) },
    { kind: 'path', tone: 'two', d: curve(relu.value, -4, 4, scales) }
  ]
}

export const cardPictures: Readonly<Record<StationSlug, () => Shape[]>> = {
  perceptron,
  activations: activationCurves
}
