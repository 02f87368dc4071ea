import { describe, expect, it } from 'vitest'
import type { Axes } from '#contract/understand.ts'
import { stopsOf, UnderstandView } from '#renderer/state/understand-view.svelte.ts'

const column = (name: string) => ({ kind: 'numeric' as const, name, minimum: 0, maximum: 1, typical: 0.5 })
const axes: Axes = {
  columns: ['a', 'b', 'c'].map(column),
  suggested: ['a', 'c'],
  image: null,
  rows: 10,
  firstRows: [0, 4]
}

describe('the columns of a picture', () => {
  it('begin with the suggested ones and change places rather than being drawn twice', () => {
    const view = new UnderstandView()
    view.begin(axes)
    expect([view.x, view.y]).toEqual(['a', 'c'])
    view.chooseX('c')
    expect([view.x, view.y]).toEqual(['c', 'a'])
    view.chooseY('c')
    expect([view.x, view.y]).toEqual(['a', 'c'])
    view.chooseY(null)
    view.chooseY('a')
    expect([view.x, view.y]).toEqual(['a', null])
  })

  it('may be one alone', () => {
    const view = new UnderstandView()
    view.begin({ ...axes, suggested: ['b'] })
    expect([view.x, view.y]).toEqual(['b', null])
  })
})

it('follows a run while it trains, shows its best epoch afterwards, and a chosen epoch always', () => {
  const view = new UnderstandView()
  expect(
    (['running', 'paused', 'done', 'diverged'] as const).map((status) => view.weightsOf({ status, bestEpoch: 3 }))
  ).toEqual(['now', 'now', 'best', 'best'])
  expect(view.weightsOf({ status: 'diverged', bestEpoch: null })).toBe(0)
  view.moment = 13
  expect(view.weightsOf({ status: 'running', bestEpoch: 3 })).toBe(13)
})

it('stops at every kept epoch once, the best and the last among them', () => {
  expect(stopsOf({ epochs: [0, 1, 2, 5], best: 3, last: 5 })).toEqual([0, 1, 2, 3, 5])
  expect(stopsOf({ epochs: [], best: null, last: null })).toEqual([])
})
