/** The small pictures of the overview: each is computed by what its station computes with. In a square of 84 pixels. */
import { backpropagate } from '#engine/graph/backpropagation.ts'
import type { Node } from '#engine/graph/graph.ts'
import { scalarActivations } from '#engine/kernels/reference/activations.ts'
import { fire } from '#engine/units/mcculloch-pitts.ts'
import { trainPerceptron } from '#engine/units/perceptron.ts'
import { Madaline } from '#renderer/parts/foundations/adaline/madaline.ts'
import { SmallNetwork } from '#renderer/parts/foundations/backprop/small.ts'
import { cloudsOf, signedXor, tableOf } from '#renderer/parts/foundations/clouds.ts'
import { CurveNetwork, drawProblem, errorOn } from '#renderer/parts/foundations/curve-problem.ts'
import { costOf, LineDescent, linePoints, sumsOf } from '#renderer/parts/foundations/descent/line.ts'
import { placeNodes } from '#renderer/parts/foundations/graph/layout.ts'
import { graphOf } from '#renderer/parts/foundations/graph/model.svelte.ts'
import { history } from '#renderer/parts/foundations/history/entries.ts'
import { contourPaths, gridOf, halfPlane, lineEnds, pathOf } from '#renderer/parts/foundations/plane.ts'
import { RegionsModel } from '#renderer/parts/foundations/regions/model.svelte.ts'
import { partsOf } from '#renderer/parts/foundations/regions/region.ts'
import { landscapes } from '#renderer/parts/foundations/saddle/functions.ts'
import { earlyStopping, StoppingModel } from '#renderer/parts/foundations/stopping/model.svelte.ts'
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

/** A unit with two inputs, and the gate that it is. */
function mccullochPitts(): Shape[] {
  const unit = { weights: [1, 1], threshold: 2 }
  const ends = [fire(unit, [0, 1]), fire(unit, [1, 1])]
  return [
    { kind: 'path', tone: 'one', d: 'M14 22L48 42M14 62L48 42' },
    { kind: 'path', tone: 'plain', d: 'M48 42H78' },
    { kind: 'dot', tone: ends[1] === 1 ? 'one' : 'plain', x: 14, y: 22, r: 6 },
    { kind: 'dot', tone: 'one', x: 14, y: 62, r: 6 },
    { kind: 'dot', tone: ends[1] === 1 ? 'two' : 'plain', x: 48, y: 42, r: 11 },
    { kind: 'text', tone: 'plain', x: 48, y: 22, text: '\u2265 2' }
  ]
}

/** Two Adalines fence in XOR, by rule II. */
function adaline(): Shape[] {
  const net = new Madaline(tableOf(signedXor, true), { rule: 'or', units: 2, seed: 1 })
  for (let step = 0; step < 400 && net.step(); step++);
  const domain = [-2, 2] as const
  const scales = over(-2, 2)
  const grid = gridOf((x, y) => net.output([x, y]), domain, domain, 30)
  return [
    ...contourPaths(grid, 30, [0], domain, domain, scales).map(({ path }): Shape => ({
      kind: 'path',
      tone: 'area',
      d: path
    })),
    ...net.hidden.map(({ weights: [a = 0, b = 0], bias }): Shape => {
      return { kind: 'path', tone: 'plain', d: pathOf(lineEnds(a, b, bias, domain, domain) ?? [], scales) }
    }),
    ...signedXor.map(({ x, y, t }): Shape => ({
      kind: 'dot',
      x: scales.x(x),
      y: scales.y(y),
      r: 4,
      tone: t === 1 ? 'two' : 'one'
    }))
  ]
}

/** The path of a descent over the contours of its cost. */
function descent(): Shape[] {
  const points = linePoints(12, 3)
  const sums = sumsOf(points)
  const run = new LineDescent(points, sums, {
    start: [-2.4, 2.4],
    rate: 0.55,
    schedule: { name: 'constant' },
    batch: 12,
    seed: 1
  })
  for (let step = 0; step < 40; step++) run.step()
  const scales = over(-3, 3)
  const grid = gridOf((a, b) => costOf(sums, [a, b]), [-3, 3], [-3, 3], 24)
  return [
    ...contourPaths(grid, 24, [0.4, 1.2, 2.8, 5.5], [-3, 3], [-3, 3], scales).map(({ path }): Shape => ({
      kind: 'path',
      tone: 'faint',
      d: path
    })),
    { kind: 'path', tone: 'two', d: pathOf(run.path, scales) }
  ]
}

/** The contours of a saddle, and a way that leaves it. */
function saddle(): Shape[] {
  const { value, gradient } = landscapes.saddle
  const scales = over(-2, 2)
  const way: [number, number][] = [[1.8, 0.03]]
  for (let step = 0; step < 44; step++) {
    const [x, y] = way.at(-1) ?? [0, 0]
    const [gx, gy] = gradient(x, y)
    way.push([x - 0.05 * gx, y - 0.05 * gy])
  }
  return [
    ...contourPaths(gridOf(value, [-2, 2], [-2, 2], 24), 24, [-2.4, -0.9, 0.9, 2.4], [-2, 2], [-2, 2], scales).map(
      ({ path }): Shape => ({ kind: 'path', tone: 'faint', d: path })
    ),
    { kind: 'path', tone: 'two', d: pathOf(way, scales) },
    { kind: 'dot', tone: 'one', x: scales.x(0), y: scales.y(0) }
  ]
}

/** The sigmoid and its derivative. */
function sigmoidCurve(): Shape[] {
  const scales = over(-7, 7, -0.15, 1.15)
  const { value, derivative } = scalarActivations.sigmoid
  return [
    { kind: 'path', tone: 'faint', d: `M0 ${scales.y(0)}H${size}M0 ${scales.y(1)}H${size}` },
    { kind: 'path', tone: 'one', d: curve(value, -7, 7, scales) },
    { kind: 'path', tone: 'two', d: curve((z) => 4 * derivative(z), -7, 7, scales) }
  ]
}

/** The graph of a line's cost, laid out as the station does. */
function computationGraph(): Shape[] {
  const { graph } = graphOf('line', [2, 3, 0.5, 1])
  const { placed, columns } = placeNodes(graph.nodes)
  const at = new Map(
    placed.map(({ node, column, row }) => [node, [8 + (68 * column) / (columns - 1), 8 + 68 * row] as const])
  )
  const place = (node: Node) => at.get(node) ?? [0, 0]
  return [
    ...graph.nodes.flatMap((node): Shape[] =>
      node.kind === 'compute'
        ? node.inputs.map((input) => ({
            kind: 'path',
            tone: 'plain',
            d: `M${place(input).join(' ')}L${place(node).join(' ')}`
          }))
        : []
    ),
    ...graph.nodes.map((node): Shape => ({
      kind: 'dot',
      tone: node.kind === 'parameter' ? 'two' : 'one',
      x: place(node)[0],
      y: place(node)[1],
      r: 4.5
    }))
  ]
}

/** A small network, its links as thick as a row's gradients. */
function backprop(): Shape[] {
  const small = new SmallNetwork({ hidden: [3], activation: 'tanh', loss: 'binary_cross_entropy', seed: 4, rate: 0.3 })
  const pass = backpropagate({
    topology: small.topology,
    loss: { name: 'binary_cross_entropy' },
    parameters: small.parameters,
    x: [1, -1],
    t: [1],
    rate: 0.3
  })
  const sizes = [2, 3, 1]
  const place = (column: number, index: number) =>
    [14 + 28 * column, (84 * (index + 0.5)) / (sizes[column] ?? 1)] as const
  return [
    ...pass.layers.flatMap(({ gradient }, layer): Shape[] =>
      gradient.weights.flatMap((row, unit) =>
        row.map((value, input): Shape => {
          const d = `M${place(layer, input).join(' ')}L${place(layer + 1, unit).join(' ')}`
          return { kind: 'path', tone: Math.abs(value) > 0.15 ? 'two' : 'faint', d }
        })
      )
    ),
    ...sizes.flatMap((count, column): Shape[] =>
      Array.from({ length: count }, (_, index) => ({
        kind: 'dot',
        tone: 'one',
        x: place(column, index)[0],
        y: place(column, index)[1],
        r: 6
      }))
    )
  ]
}

/** Two convex parts, fenced in by the lines of a network that is built of them. */
function regions(): Shape[] {
  const corners = new RegionsModel('').corners.filter(({ t }) => t < 2)
  const scales = over(-3, 3)
  const parts = partsOf(corners)
  return [
    ...parts.flatMap(({ halves }) =>
      halves.map(({ w1, w2, bias }): Shape => ({
        kind: 'path',
        tone: 'faint',
        d: pathOf(lineEnds(w1, w2, bias, [-3, 3], [-3, 3]) ?? [], scales)
      }))
    ),
    ...parts.map((part): Shape => ({ kind: 'path', tone: 'area', d: pathOf(part.corners, scales, true) })),
    ...parts.map((part): Shape => ({ kind: 'path', tone: 'two', d: pathOf(part.corners, scales, true) }))
  ]
}

/** Training and validation errors of a network that learns its points by heart, and where it would be stopped. */
function stopping(): Shape[] {
  const model = new StoppingModel('')
  for (let epoch = 0; epoch < 160; epoch++) model.step()
  const { kept } = earlyStopping(
    model.errors.map(({ validation }) => validation),
    model.state.patience
  )
  const scales = over(-8, 168, 0, 0.9)
  const line = (kind: 'train' | 'validation') =>
    pathOf(
      model.errors.map((errors, epoch) => [epoch, errors[kind]] as const),
      scales
    )
  return [
    { kind: 'path', tone: 'faint', d: `M${scales.x(kept)} 0V${size}` },
    { kind: 'path', tone: 'one', d: line('train') },
    { kind: 'path', tone: 'two', d: line('validation') }
  ]
}

/** Errors over the number of hidden units: one falls, the other rises again. */
function trial(): Shape[] {
  const { train, validation } = drawProblem(3, 14, 0.25)
  const errors = [0, 1, 2, 4, 6].map((units, place) => {
    const learner = new CurveNetwork(train, { units, seed: 100 + place, batch: 14, rate: 0.08 })
    for (let epoch = 0; epoch < 800; epoch++) learner.epoch()
    return { place, train: errorOn(learner.network, train), validation: errorOn(learner.network, validation) }
  })
  const scales = over(-0.4, 4.4, 0, 0.75)
  return (['train', 'validation'] as const).flatMap((kind): Shape[] => [
    {
      kind: 'path',
      tone: kind === 'train' ? 'one' : 'two',
      d: pathOf(
        errors.map((one) => [one.place, one[kind]] as const),
        scales
      )
    },
    ...errors.map((one): Shape => ({
      kind: 'dot',
      tone: kind === 'train' ? 'one' : 'two',
      x: scales.x(one.place),
      y: scales.y(one[kind])
    }))
  ])
}

/** The years of the entries along a line. */
function timeline(): Shape[] {
  const scales = over(1936, 2030)
  return [
    { kind: 'path', tone: 'plain', d: `M4 60H${size - 4}` },
    ...history.map(({ year, station }, index): Shape => ({
      kind: 'dot',
      tone: station === 'backprop' || station === 'graph' ? 'two' : 'one',
      x: scales.x(year),
      y: 60 - (index % 3) * 14
    })),
    { kind: 'text', tone: 'plain', x: 18, y: 77, text: '1943' },
    { kind: 'text', tone: 'plain', x: 66, y: 77, text: 'today' }
  ]
}

export const cardPictures: Readonly<Record<StationSlug, () => Shape[]>> = {
  'mcculloch-pitts': mccullochPitts,
  perceptron,
  adaline,
  activations: activationCurves,
  descent,
  saddle,
  sigmoid: sigmoidCurve,
  graph: computationGraph,
  regions,
  backprop,
  stopping,
  trial,
  history: timeline
}
