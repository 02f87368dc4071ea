/** The loss over a plane through a network's weights: its directions, and that each place is the loss of those weights. */
import { describe, expect, it } from 'vitest'
import { initialParameters } from '#engine/network/initial-parameters.ts'
import { parameterSpans } from '#engine/network/parameters.ts'
import { Random } from '#engine/random.ts'
import { evaluate, evaluationArenaBytes } from '#engine/training/evaluation.ts'
import { measureLossSlice } from '#engine/training/loss-slice.ts'
import { type SlicePlane, spanPlane } from '#engine/training/slice-plane.ts'
import { Bench, generate, type Given, setupOf } from '#test/unit/engine/support.ts'

const rings: Given = {
  train: generate(60, 2, 7, ([x = 0, y = 0]) => Number(x * x + y * y > 1.4)),
  hidden: [{ units: 5, activation: 'tanh' }]
}

function network(given = rings) {
  const bench = new Bench()
  const setup = setupOf(given, bench)
  const arena = bench.take(evaluationArenaBytes(setup.topology))
  const parameters = initialParameters(setup.topology, setup.plan.initialisation, new Random(4))
  return { ...setup, arena, parameters, part: setup.train }
}

const random: SlicePlane = { kind: 'random', seed: 3 }
const length = (values: Float32Array) => Math.hypot(...values)
const moved = (from: Float32Array, by: number) => from.map((value, at) => value + by * Math.sin(at * at))

describe('the plane', () => {
  it('gives each unit of a random direction the length of its own weights, and leaves biases alone', () => {
    const { topology, parameters } = network()
    const { first, second } = spanPlane(topology, parameters, random, 1)
    for (const { weights, inputs, units, biases } of parameterSpans(topology)) {
      for (let unit = 0; unit < units; unit++) {
        const own = (values: Float32Array) => values.subarray(weights + unit * inputs, weights + (unit + 1) * inputs)
        expect(length(own(first))).toBeCloseTo(length(own(parameters)), 5)
        expect(length(own(second))).toBeCloseTo(length(own(parameters)), 5)
      }
      expect([...first.subarray(biases, biases + units)]).toEqual(Array(units).fill(0))
    }
    expect(spanPlane(topology, parameters, random, 1).first).toEqual(first)
    expect(spanPlane(topology, parameters, { kind: 'random', seed: 4 }, 1).first).not.toEqual(first)
  })

  it('goes through the start, the end and the farthest place between of the way', () => {
    const { topology, parameters } = network()
    const start = parameters.map((value, at) => value + Math.cos(at))
    const between = moved(
      parameters.map((value, at) => value + 0.5 * Math.cos(at)),
      0.9
    )
    const nearLine = moved(
      parameters.map((value, at) => value + 0.2 * Math.cos(at)),
      0.1
    )
    const way = [start, between, nearLine, parameters]
    const plane = spanPlane(topology, parameters, { kind: 'way', way }, 0.1)
    const [from, far, near, to] = plane.way
    expect(from?.[0]).toBeCloseTo(1, 5)
    expect(from?.[1]).toBeCloseTo(0, 5)
    expect(to).toEqual([0, 0])
    expect(Math.abs(far?.[1] ?? 0)).toBeGreaterThan(Math.abs(near?.[1] ?? 0))
    // The farthest lies on the plane itself: centre + a first + b second is that very place.
    const [a = 0, b = 0] = far ?? []
    between.forEach((value, at) => {
      const on = (parameters[at] ?? 0) + a * (plane.first[at] ?? 0) + b * (plane.second[at] ?? 0)
      expect(on).toBeCloseTo(value, 4)
    })
    expect(plane.span).toBeGreaterThan(Math.max(1, Math.abs(b)))
  })

  it('refuses a way that leads nowhere, and weights of another network', () => {
    const { topology, parameters } = network()
    const span = (way: Float32Array[]) => () => spanPlane(topology, parameters, { kind: 'way', way }, 1)
    expect(span([parameters, parameters])).toThrow('did not move')
    expect(span([parameters.subarray(1)])).toThrow(`${parameters.length} numbers`)
  })
})

describe('the slice', () => {
  it('has at each place the loss of the network with those weights', () => {
    const evaluation = network()
    const { topology, parameters } = evaluation
    const reports: number[] = []
    const { losses, span } = measureLossSlice(evaluation, { plane: random, span: 0.8, size: 5 }, (done) =>
      reports.push(done)
    )
    expect(reports).toHaveLength(25)
    const { first, second } = spanPlane(topology, parameters, random, 0.8)
    for (const [column, row] of [
      [2, 2],
      [0, 0],
      [4, 1]
    ] as const) {
      const [a, b] = [span * (column / 2 - 1), span * (row / 2 - 1)]
      const own = parameters.map((value, at) => value + a * (first[at] ?? 0) + b * (second[at] ?? 0))
      expect(losses[row * 5 + column]).toBeCloseTo(evaluate({ ...evaluation, parameters: own }).loss, 5)
    }
  })

  it('looks at evenly spread rows where all would take too long', () => {
    // A table sorted by its class: its first rows alone would tell of one class.
    const { inputs, rows: drawn } = generate(4000, 2, 7, () => 0)
    const inOrder = drawn.toSorted(([a = 0], [b = 0]) => a - b)
    const sorted = { inputs, rows: inOrder, targets: inOrder.map(([x = 0]) => Number(x > 0)) }
    const evaluation = network({ ...rings, train: sorted })
    const whole = evaluate(evaluation).loss
    const slice = { plane: random, span: 0.1, size: 3 }
    const { losses, rows } = measureLossSlice(
      evaluation,
      slice,
      () => undefined,
      9 * 500 * evaluation.parameters.length
    )
    expect(rows).toBe(500)
    expect(Math.abs((losses[4] ?? 0) - whole) / whole).toBeLessThan(0.05)
  })
})
