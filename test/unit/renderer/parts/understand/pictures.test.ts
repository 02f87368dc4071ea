/** The geometry and the words of the Understand view's pictures. */
import { describe, expect, it } from 'vitest'
import type { Axis, NetworkPicture } from '#contract/understand.ts'
import { parseColor } from '#renderer/parts/understand/colors.ts'
import { classBorders, valueLines } from '#renderer/parts/understand/contours.ts'
import { describePlace, sampledSteps } from '#renderer/parts/understand/describe-surface.ts'
import { describeIdle, incomingOf } from '#renderer/parts/understand/describe-units.ts'
import { layoutNetwork } from '#renderer/parts/understand/network-layout.ts'
import { shareOf, shareOfValue, stepAt, ticksOf } from '#renderer/parts/understand/plot-frame.ts'

const numbers: Axis = { column: 'length', values: [0, 1, 2, 3, 4], levels: null }
const levels: Axis = { column: 'sex', values: [0, 1], levels: ['female', 'male'] }

describe('an axis', () => {
  it('finds the place of a value and the step at a place', () => {
    expect(shareOfValue(numbers, 3)).toBe(0.75)
    expect(stepAt(numbers, 0.6)).toBe(2)
    expect(shareOf(levels, 1)).toBe(0.75)
    expect(shareOfValue(levels, 0)).toBe(0.25)
    expect([stepAt(levels, 0.49), stepAt(levels, 0.51), stepAt(levels, 1)]).toEqual([0, 1, 1])
  })

  it('has round ticks, or its levels', () => {
    expect(ticksOf(numbers, 10, 310, 60).map(({ label }) => label)).toEqual(['0', '1', '2', '3', '4'])
    expect(ticksOf(levels, 10, 310, 60)).toEqual([
      { value: 0, at: 85, label: 'female' },
      { value: 1, at: 235, label: 'male' }
    ])
  })
})

describe('lines on a surface', () => {
  it('draw the border of two classes where they are equally likely', () => {
    const columns = 11
    const values = Float32Array.from({ length: columns * 5 * 2 }, (_, at) => {
      const second = (Math.floor(at / 2) % columns) / 10
      return at % 2 === 0 ? 1 - second : second
    })
    const inside = classBorders(values, 2, columns, 5).flatMap((line) => line.filter(([, y]) => y > 0.5 && y < 3.5))
    const onBorder = inside.filter(([x]) => x > 0 && x < 10)
    expect(onBorder.length).toBeGreaterThan(2)
    for (const [x] of onBorder) expect(x).toBeCloseTo(5, 5)
  })

  it('draw round values, and none on a plane', () => {
    const ramp = Float32Array.from({ length: 25 }, (_, at) => (at % 5) * 10)
    expect(valueLines(ramp, 5, 5, 4).map(({ value }) => value)).toEqual([0, 10, 20, 30, 40])
    expect(valueLines(new Float32Array(25).fill(3), 5, 5, 4)).toEqual([])
  })
})

it('reads colours as they are written and as a build shortens them', () => {
  expect(parseColor('#0b6e66')).toEqual([11, 110, 102])
  expect(parseColor('#fff')).toEqual([255, 255, 255])
})

it('says in words what is said at a place', () => {
  const values = Float32Array.of(0.1, 0.7, 0.2, 1, 0, 0)
  expect(describePlace({ values, outputs: 3 }, 0, ['a', 'b', 'c'], 2)).toBe('b 70.0\u00a0%, c 20.0\u00a0%')
  expect(describePlace({ values: Float32Array.of(21.456), outputs: 1 }, 0, null, 2)).toBe('21.5')
  expect(sampledSteps({ ...numbers, values: Array.from({ length: 60 }, (_, step) => step) }, 5)).toEqual([
    0, 15, 30, 44, 59
  ])
})

describe('a network', () => {
  const column = { labels: [], biases: [0, 0], still: [], twins: [], responses: null, images: null }
  const picture: NetworkPicture = {
    epoch: 3,
    rows: 10,
    ofRows: 10,
    resolution: 2,
    columns: [
      { ...column, units: 2, activation: null, drawn: [0, 1], labels: ['length', 'width'], biases: [] },
      { ...column, units: 32, activation: 'relu', drawn: [4, 9], still: [1, 2, 3], twins: [{ unit: 9, twin: 4 }] },
      { ...column, units: 2, activation: 'softmax', drawn: [0, 1], labels: ['left', 'right'], still: [1] }
    ],
    links: [Float32Array.of(0.5, -2, 1, 0), Float32Array.of(1, 2, 3, 4)]
  }

  it('tells of units that do nothing of their own, in hidden layers alone', () => {
    expect(describeIdle(picture, 1)).toBe('3 of 32 units never fire, 1 says what another one says')
    expect([describeIdle(picture, 0), describeIdle(picture, 2)]).toEqual([null, null])
  })

  it('names what comes into a unit, the strongest first', () => {
    expect(incomingOf(picture, { column: 1, place: 0 })).toEqual([
      { name: 'width', weight: -2 },
      { name: 'length', weight: 0.5 }
    ])
    expect(incomingOf(picture, { column: 2, place: 1 })[0]).toEqual({ name: 'unit 10', weight: 4 })
  })

  it('stands in columns that fit the picture', () => {
    const { columns, captionY, size } = layoutNetwork(picture, 600, 240)
    expect(columns.map(({ x }) => x)).toEqual([...columns.map(({ x }) => x)].sort((a, b) => a - b))
    for (const { ys } of columns) {
      for (const y of ys) expect(y - size / 2 >= 0 && y + size / 2 <= captionY).toBe(true)
    }
  })
})
