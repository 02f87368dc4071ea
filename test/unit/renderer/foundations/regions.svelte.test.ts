import { describe, expect, test } from 'vitest'
import { approximate, places, targets } from '#renderer/parts/foundations/regions/approximation.ts'
import { Attempts, mostSteps } from '#renderer/parts/foundations/regions/attempts.ts'
import { RegionsModel } from '#renderer/parts/foundations/regions/model.svelte.ts'
import { hiddenOf, hullOf, isInside, partsOf, regionNetwork } from '#renderer/parts/foundations/regions/region.ts'

const square = [
  { x: -1, y: -1, t: 0 },
  { x: 1, y: -1, t: 0 },
  { x: 1, y: 1, t: 0 },
  { x: -1, y: 1, t: 0 }
]
const triangle = [
  { x: 1.5, y: 0, t: 1 },
  { x: 2.5, y: 0, t: 1 },
  { x: 2, y: 1, t: 1 }
]

describe('regions', () => {
  test('the hull leaves out corners within it and on its edges', () => {
    const inner = [...square, { x: 0, y: 0, t: 0 }, { x: 0, y: -1, t: 0 }].map(({ x, y }) => [x, y] as const)
    expect(hullOf(inner)).toEqual([
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1]
    ])
    expect(partsOf(square.slice(0, 2))).toEqual([])
    const onALine = [0, 1, 2].map((at) => ({ x: at, y: at, t: 0 }))
    expect(partsOf(onALine)).toEqual([])
  })

  test.each([
    ['one convex part', square, [4]],
    ['a union of two', [...square, ...triangle], [7, 2]]
  ])('the network that is built of %s fires exactly inside', (_, corners, hidden) => {
    const parts = partsOf(corners)
    expect(hiddenOf(parts)).toEqual(hidden)
    const network = regionNetwork(parts)
    let inside = 0
    for (let x = -2.95; x < 3; x += 0.1) {
      for (let y = -2.95; y < 3; y += 0.1) {
        const wanted = isInside(parts, x, y)
        inside += wanted ? 1 : 0
        expect(network.output([x, y])[0]).toBe(wanted ? 1 : 0)
      }
    }
    // In cells of 0.1: the square has the area 4, the triangle 1/2.
    expect(inside / 100).toBeCloseTo(hidden.length === 1 ? 4 : 4.5, 1)
  })

  test('a triangle takes three hidden units to learn, and one is not enough', () => {
    const attempts = new Attempts(partsOf(triangle.map((one) => ({ ...one, x: 3 * (one.x - 2), y: 3 * one.y - 1 }))), 1)
    while (attempts.step());
    expect(attempts.smallest?.hidden).toEqual([3])
    const [one] = attempts.all
    expect(one?.isFitting).toBe(false)
    expect(attempts.steps).toBeLessThanOrEqual(mostSteps)
  })

  test('its address holds the drawing and the steps', () => {
    const model = new RegionsModel('view=fit')
    model.setCorners(square)
    for (let step = 0; step < 30; step++) model.step()
    const twin = new RegionsModel(model.address)
    expect(twin.isBehind).toBe(true)
    while (twin.isBehind) twin.step()
    expect(twin.attempts.map(({ grid }) => grid)).toEqual(model.attempts.map(({ grid }) => grid))
    expect(twin.address).toBe(model.address)
  })

  test('with one hidden layer the other parts wait', () => {
    const model = new RegionsModel('view=union')
    model.setCorners([...square, ...triangle])
    model.set({ view: 'convex' })
    expect(model.parts).toHaveLength(1)
    model.setCorners(square.slice(1))
    expect(model.state.corners).toHaveLength(6)
    model.set({ view: 'union' })
    expect(model.parts).toHaveLength(2)
  })
})

describe('universal approximation', () => {
  test('more units come nearer to a continuous curve', () => {
    const errors = [4, 8, 16, 24].map((units) => approximate(targets.wave.value, 'tanh', units).error)
    expect(errors).toEqual(errors.toSorted((a, b) => b - a))
    expect(errors.at(-1)).toBeLessThan(0.05)
  })

  test('the shares of the units and the bias add up to the curve', () => {
    const made = approximate(targets.peak.value, 'relu', 7)
    for (const x of places) {
      expect(made.units.reduce((sum, { share }) => sum + share(x), made.bias)).toBeCloseTo(made.value(x), 12)
    }
  })

  test('a corner is two ReLUs, exactly', () => {
    expect(approximate(targets.corner.value, 'relu', 2).error).toBeLessThan(1e-9)
  })

  test('a jump keeps its largest error', () => {
    expect(approximate(targets.jump.value, 'tanh', 24).error).toBeGreaterThan(0.5)
  })
})
