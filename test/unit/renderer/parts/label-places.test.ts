/** Where the names of a chart stand: within it, off its lines, and off each other. */
import { expect, it } from 'vitest'
import { breakName, placeLabels, type Spot, widthOfText } from '#renderer/parts/complexity/label-places.ts'

const within = { left: 0, right: 400, top: 0, bottom: 200 }
const spots = (...places: [number, number][]) =>
  places.map(([x, y]): Spot => ({ x, y, anchor: 'start' })) as [Spot, ...Spot[]]

it('takes the best spot where nothing is in the way', () => {
  const label = { lines: ['2 layers'], spots: spots([100, 50], [100, 80]) }
  expect(placeLabels([label], [], within)).toEqual([label.spots[0]])
})

it('leaves a spot that covers a line, a name before it, or reaches out of the chart', () => {
  const line = [[0, 50] as const, [400, 50] as const]
  const label = { lines: ['2 layers'], spots: spots([100, 50], [100, 80]) }
  expect(placeLabels([label], [line], within)).toEqual([label.spots[1]])
  expect(placeLabels([label, label], [], within)).toEqual([label.spots[0], label.spots[1]])
  const beyond = { lines: ['a name that is long'], spots: spots([380, 50], [200, 50]) }
  expect(placeLabels([beyond], [], within)).toEqual([beyond.spots[1]])
  const bold = { lines: ['best: 64x64'], spots: spots([315, 50], [200, 50]) }
  expect(placeLabels([bold], [], within)).toEqual([bold.spots[0]])
  expect(placeLabels([{ ...bold, isBold: true }], [], within)).toEqual([bold.spots[1]])
})

it('counts a place that many lines pass as one: a long history hides no more of a name than it covers', () => {
  const corner = [[100, 44] as const, [103, 44] as const]
  const label = { lines: ['2 layers'], spots: spots([100, 50]) }
  expect(placeLabels([label], Array(1000).fill(corner), within)).toEqual([label.spots[0]])
})

it('leaves out a name without room, unless it is needed', () => {
  const label = { lines: ['2 layers, tanh'], spots: spots([100, 50]) }
  expect(placeLabels([label, label, { ...label, isNeeded: true }], [], within)).toEqual([
    label.spots[0],
    null,
    label.spots[0]
  ])
})

it('breaks a name with settings between its parts, so that none is cut', () => {
  const name = '1 layer, epochs 100, tanh'
  expect(breakName(name, widthOfText(name))).toEqual([name])
  expect(breakName(name, widthOfText('epochs 100, tanh'))).toEqual(['1 layer,', 'epochs 100, tanh'])
  expect(breakName(name, 10)).toEqual(['1 layer,', 'epochs 100,', 'tanh'])
})
