/** The complexity chart by keyboard and pointer, without a page. */
import { expect, test } from 'vitest'
import type { ComplexityPoint } from '#contract/selection.ts'
import { ChartPicture, type ChartView } from '#renderer/parts/complexity/chart-picture.svelte.ts'
import { ChartPointer } from '#renderer/parts/complexity/chart-pointer.svelte.ts'
import { familiesOf } from '#renderer/parts/complexity/families.ts'
import { curveOf, point } from '#test/unit/renderer/parts/complexity.ts'

/** Two lines, of one and of two hidden layers, and a linear model. */
const points = [
  point([], 0.4),
  point([2], 0.3),
  point([4], 0.2),
  point([8], 0.25),
  point([2, 2], 0.28),
  point([4, 4], 0.22)
]

/** A chart of 600 by 300 pixels, with what it asked for. */
function chartOf(own: ComplexityPoint[], change: Partial<ChartView> = {}) {
  const asked: string[] = []
  const view: ChartView = {
    complexity: curveOf(own, { best: '4', suggested: '2' }),
    families: familiesOf(own, 'parameters'),
    axis: 'parameters',
    logX: true,
    logY: false,
    training: true,
    selected: new Set(['8']),
    ...change
  }
  const picture = new ChartPicture(() => view)
  picture.width = 600
  picture.height = 300
  const pointer = new ChartPointer(picture, {
    select: ({ key }, adds) => asked.push(`select ${key}${adds ? ' too' : ''}`),
    fill: (from, to) => asked.push(`fill ${from.key} to ${to.key}`),
    extend: (end, direction, count) => asked.push(`extend ${end.key} ${direction} by ${count}`)
  })
  const placed = (key: string) => {
    const found = picture.layout.points.find((one) => one.point.key === key)
    if (!found) throw new Error(`No point ${key} is drawn.`)
    return found
  }
  return { asked, picture, placed, pointer }
}

test('arrow keys follow a line, go on to what comes next, and change lines to the nearest point', () => {
  const { picture, placed, pointer } = chartOf(points)
  const walk = (key: string, from: string) => pointer.targetOf(key, placed(from))?.point.key
  expect(walk('ArrowRight', '2')).toBe('4')
  expect(walk('ArrowLeft', '4')).toBe('2')
  expect(walk('ArrowDown', '4')).toBe('2x2')
  expect(walk('ArrowUp', '4x4')).toBe('8')
  expect(walk('Home', '8')).toBe(picture.inOrder[0]?.point.key)
  expect(walk('End', '2')).toBe(picture.inOrder.at(-1)?.point.key)
  expect(walk('Enter', '2')).toBeUndefined()
})

test('Tab reaches the first point, and later the one that had the focus last', () => {
  const { picture, placed, pointer } = chartOf(points)
  expect(pointer.tabStop).toBe(picture.inOrder[0]?.point.key)
  pointer.focusOn(placed('8'))
  pointer.pointAt(null)
  expect(pointer.tabStop).toBe('8')
})

test('a click between two points asks to fill the gap, one past an end to go on, one on a point shows its runs', () => {
  const { asked, placed, pointer } = chartOf(points.slice(1, 4))
  const [two, four, eight] = [placed('2'), placed('4'), placed('8')]
  pointer.move((two.x + four.x) / 2, (two.y + four.y) / 2)
  expect(pointer.hint).toBe('Fill between 2 and 4')
  pointer.ask()
  pointer.move(eight.x + 64, eight.y)
  expect(pointer.hint).toBe('Go on past 8')
  pointer.ask()
  pointer.move(eight.x + 64, eight.y - 200)
  expect(pointer.hint).toBeNull()
  pointer.ask()
  pointer.pointAt(four)
  pointer.move(four.x, four.y)
  pointer.ask()
  pointer.choose(four, false)
  pointer.choose(eight, true)
  expect(asked).toEqual(['fill 2 to 4', 'extend 8 up by 2', 'select 4', 'select 8 too'])
})

test('an end is dragged away for further topologies, and the click that ends the drag selects nothing', () => {
  const { asked, placed, pointer } = chartOf(points)
  const [two, four, eight] = [placed('2'), placed('4'), placed('8')]
  expect(pointer.grab(four)).toBe(false)
  expect(pointer.grab(placed('none'))).toBe(false)
  expect(pointer.grab(eight)).toBe(true)
  pointer.move(eight.x + 100, 0)
  expect(pointer.ghosts.map(({ x }) => x - eight.x)).toEqual([32, 64, 96])
  expect(pointer.hint).toBe('3 more')
  pointer.release()
  pointer.choose(eight, false)
  pointer.grab(two)
  pointer.move(two.x - 40, 0)
  pointer.release()
  pointer.choose(two, false)
  // A press without a way is a click.
  pointer.grab(eight)
  pointer.release()
  pointer.choose(eight, false)
  expect(asked).toEqual(['extend 8 up by 3', 'extend 2 down by 1', 'select 8'])
})

test('the suggested and the best point are named, and read aloud as such', () => {
  const { picture, placed } = chartOf(points)
  const named = picture.labels.filter(({ kind }) => kind === 'named').map(({ lines }) => lines.join(' '))
  expect(named).toEqual(['suggested: 2', 'best: 4'])
  expect(picture.nameOf(placed('4'))).toBe('4: validation 20.0\u00a0% plus or minus 1.0\u00a0%, 2 seeds, best')
  expect(picture.chosen.map(({ point }) => point.key)).toEqual(['8'])
})

test('of many lines the one under the pointer stands out, else that of the suggestion', () => {
  const own = [...points, point([2, 2, 2], 0.27), point([4, 4, 4], 0.21)]
  const { picture, placed, pointer } = chartOf(own)
  const strong = () => picture.layout.pictures.filter(({ family }) => picture.standsOut(family))
  expect(strong().map(({ family }) => family)).toEqual([placed('2').family])
  pointer.pointAt(placed('4x4'))
  expect(strong().map(({ family }) => family)).toEqual([placed('4x4').family])
})
