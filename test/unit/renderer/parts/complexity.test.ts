/** What the Complexity tab draws and plans, from made-up points. */
import { describe, expect, it } from 'vitest'
import type { ComplexityPoint } from '#contract/selection.ts'
import { formatHidden, type Layer } from '#engine/network/topology.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import { layoutChart, stretchAt } from '#renderer/parts/complexity/chart-layout.ts'
import { layers, point } from '#test/unit/renderer/parts/complexity.ts'
import { baselinesOf, familiesOf } from '#renderer/parts/complexity/families.ts'
import {
  fillGap,
  furtherSeeds,
  goBeyond,
  layersBetween,
  layersBeyond,
  type PlannedPoint,
  seedsInSight
} from '#renderer/parts/complexity/further-trials.ts'
import { contours, sizeMap, tintOf } from '#renderer/parts/complexity/map-layout.ts'

function planned(units: number[], seeds?: number[], dropout?: number): PlannedPoint {
  const hidden = layers(...units).map((layer) => ({ ...layer, ...(dropout !== undefined && { dropout }) }))
  const own = point(units, 0.1, seeds)
  return {
    point: own,
    seeds: seedsInSight(own, []),
    run: {
      experimentId: 7,
      topology: { inputs: 4, layers: [...hidden, { units: 3, activation: 'softmax' }] },
      plan: defaultPlan('cross_entropy')
    }
  }
}

const texts = (found: readonly (readonly Layer[])[]) => found.map(formatHidden)

describe('the baselines', () => {
  const labelsOf = (points: ComplexityPoint[]) => baselinesOf({ points }).map(({ label }) => label)

  it('are called by their kind where there is one of it, and told apart by their settings where there are more', () => {
    const constant = { ...point([], 0.4, []), key: 'constant', constant: 'majority class' }
    expect(labelsOf([constant, point([], 0.1), point([4], 0.1)])).toEqual(['majority class', 'linear model'])
    const two = [point([], 0.1, [1], ['epochs 40']), point([], 0.2, [1], ['epochs 80'])]
    expect(labelsOf([constant, ...two])).toEqual([
      'majority class',
      'linear model, epochs 40',
      'linear model, epochs 80'
    ])
  })
})

describe('the lines of the curve', () => {
  const networks = [
    point([], 0.3),
    point([8], 0.2),
    point([2], 0.25),
    point([8, 8], 0.15),
    point([8], 0.1, [1], ['tanh'])
  ]

  it('join what is alike in depth and settings, the simplest first', () => {
    const families = familiesOf(networks, 'parameters')
    expect(families.map(({ label, points }) => [label, points.map(({ key }) => key)])).toEqual([
      ['1 layer', ['2', '8']],
      ['1 layer, tanh', ['8 tanh']],
      ['2 layers', ['8x8']],
      ['', ['none']]
    ])
  })

  it('go along the depth with one width each where depth is the axis', () => {
    const families = familiesOf([point([8], 0.2), point([8, 8], 0.1), point([2], 0.3)], 'depth')
    expect(families.map(({ label }) => label).sort()).toEqual(['2 units', '8 units'])
  })

  it('put a count of 0 before the others on a log scale, and an error of 0 at its lower edge', () => {
    const families = familiesOf([point([], 0), point([1], 0.1), point([100], 0.01)], 'hiddenUnits')
    const layout = layoutChart(
      families,
      ({ hiddenUnits }) => hiddenUnits,
      { logX: true, logY: true },
      { width: 600, height: 300 },
      []
    )
    const [one, , none] = ['1', '100', 'none'].map((name) => layout.points.find((placed) => placed.point.key === name))
    expect(none?.x).toBeLessThan(one?.x ?? 0)
    expect(layout.hasZeros).toBe(true)
    expect(layout.points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true)
    expect(none?.y).toBeGreaterThan(layout.points.find(({ point: { key } }) => key === '100')?.y ?? Infinity)
  })

  it('mark counts by whole numbers alone', () => {
    const families = familiesOf([point([8], 0.3), point([8, 8], 0.2), point([8, 8, 8], 0.1)], 'depth')
    for (const logX of [true, false]) {
      const { xTicks } = layoutChart(
        families,
        ({ depth }) => depth,
        { logX, logY: false },
        { width: 600, height: 300 },
        []
      )
      expect(xTicks.map(({ value }) => value).filter((value) => value > 0)).toEqual([1, 2, 3])
    }
  })

  it('mark a log scale with round numbers, as many as have room', () => {
    const marksOf = (widths: number[], width: number) => {
      const points = widths.map((units) => point([units], 0.1))
      const scales = { logX: true, logY: false }
      const { xTicks } = layoutChart(
        familiesOf(points, 'hiddenUnits'),
        (each) => each.hiddenUnits,
        scales,
        { width, height: 300 },
        []
      )
      return xTicks.map(({ value }) => value)
    }
    expect(marksOf([8192, 73_000], 800)).toEqual([9000, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 70_000])
    expect(marksOf([8192, 73_000], 500)).toEqual([10_000, 20_000, 30_000, 50_000, 70_000])
    expect(marksOf([70, 150_000], 600)).toEqual([100, 1000, 10_000, 100_000])
    // One size, with the room for one of half and one of twice as many units.
    expect(marksOf([739], 500)).toEqual([400, 500, 600, 700, 800, 900, 1000])
    expect(marksOf([100, 104], 500)).toEqual([100, 101, 102, 103, 104])
  })

  it('tell the gap or the end that the pointer is near, and nothing far from all lines', () => {
    const families = familiesOf([point([4], 0.2), point([16], 0.1)], 'parameters')
    const layout = layoutChart(
      families,
      ({ parameters }) => parameters,
      { logX: true, logY: false },
      { width: 600, height: 300 },
      []
    )
    const [first, last] = layout.points
    if (!first || !last) throw new Error('two points expected')
    const middle = { x: (first.x + last.x) / 2, y: (first.y + last.y) / 2 }
    expect(stretchAt(layout, middle.x, middle.y + 5)).toMatchObject({ kind: 'gap', from: first, to: last })
    expect(stretchAt(layout, last.x + 10, last.y)).toMatchObject({ kind: 'end', end: last, direction: 'up' })
    expect(stretchAt(layout, first.x - 8, first.y)).toMatchObject({ kind: 'end', direction: 'down' })
    expect(stretchAt(layout, middle.x, middle.y + 100)).toBeNull()
  })
})

describe('further trials', () => {
  it('fill a gap evenly on a log scale, with fewer where there is less room', () => {
    expect(texts(layersBetween(layers(16), layers(32)))).toEqual(['18', '21', '24', '28'])
    expect(texts(layersBetween(layers(4, 8), layers(8, 16)))).toEqual(['5x9', '5x11', '6x12', '7x14'])
    expect(texts(layersBetween(layers(1), layers(3)))).toEqual(['2'])
    expect(layersBetween(layers(1), layers(2))).toEqual([])
    expect(texts(layersBetween(layers(8), layers(8, 8, 8)))).toEqual(['8x8'])
  })

  it('go past an end by doubling and halving, or by a layer, as far as networks go', () => {
    expect(texts(layersBeyond(layers(128), 'up', false, 2))).toEqual(['256', '512'])
    expect(texts(layersBeyond(layers(4, 4), 'down', false, 3))).toEqual(['1x1', '2x2'])
    expect(layersBeyond(layers(8192), 'up', false)).toEqual([])
    expect(texts(layersBeyond(layers(8), 'up', true, 2))).toEqual(['8x8', '8x8x8'])
  })

  it('count seeds that are on their way to a result, and none that come to nothing', () => {
    const alike = [
      { seed: 1, status: 'done' },
      { seed: 3, status: 'done' },
      { seed: 2, status: 'running' },
      { seed: 5, status: 'queued' },
      { seed: 4, status: 'diverged' },
      { seed: 6, status: 'stopped' }
    ] as const
    expect(seedsInSight(point([16], 0.1, [1]), alike)).toEqual([1, 2, 3, 5])
  })

  it('take plan, seeds and the options of the layers from the points beside them', () => {
    const trials = fillGap(planned([16], [1, 2, 5], 0.3), planned([32], [1, 2, 3], 0.3))
    expect(trials?.title).toBe('4 topologies between 16 and 32: 18, 21, 24, 28')
    expect(trials?.requests[0]).toMatchObject({ experimentId: 7, seeds: [1, 2, 3, 5], baseline: false })
    expect(trials?.requests[0]?.space?.layers?.[0]).toEqual([{ units: 18, activation: 'relu', dropout: 0.3 }])
    expect(goBeyond(planned([128], [4]), 'up', false, 1)).toMatchObject({
      title: '256, past 128',
      requests: [{ seeds: [4] }]
    })
  })

  it('give each point the seeds it lacks, those of the others before new ones', () => {
    const both = furtherSeeds([planned([4], [1, 2, 3]), planned([8], [1, 2, 3])], 2)
    expect(both?.requests).toHaveLength(1)
    expect(both?.requests[0]).toMatchObject({ seeds: [4, 5], space: { layers: [layers(4), layers(8)] } })
    const uneven = furtherSeeds([planned([4], [1]), planned([8], [1, 2, 3, 4, 5])], 4)
    expect(uneven?.requests).toMatchObject([{ seeds: [2, 3, 4, 5], space: { layers: [layers(4)] } }])
  })
})

describe('the map of sizes', () => {
  it('has cells for layers of one width, room to grow, and counts the others', () => {
    const map = sizeMap([point([4], 0.2), point([16, 16], 0.1), point([8, 4], 0.3), point([], 0.4)])
    expect(map.depths).toEqual([1, 2, 3])
    expect(map.widths).toEqual([2, 4, 8, 16, 32])
    expect(map.cells.size).toBe(2)
    expect(map.others).toHaveLength(2)
  })

  it('has lines of equal parameter count that go to narrower layers with each row', () => {
    const map = sizeMap([point([4], 0.2), point([128, 128], 0.1)])
    const line = contours(map, { inputs: 4 }, 3).find(({ parameters }) => parameters === 1000)
    // 125 units in one layer have (4 + 1) 125 + (125 + 1) 3 = 1003 parameters; two layers need far fewer.
    expect(map.widths[Math.floor(line?.places[0]?.x ?? 0)]).toBe(64)
    expect(line?.places[1]?.x).toBeLessThan(line?.places[0]?.x ?? 0)
  })

  it('tints from the lowest error to the highest', () => {
    expect(tintOf(0.1, [0.1, 0.4])).toBe(0)
    expect(tintOf(0.2, [0.1, 0.4])).toBeCloseTo(0.5)
    expect(tintOf(0.2, [0, 0.4])).toBeCloseTo(0.5)
    expect(tintOf(0.2, [0.2])).toBe(0)
  })
})
