import { expect, it } from 'vitest'
import { groupRuns } from '#lab/selection/groups.ts'
import { nameTopology } from '#words/topologies.ts'
import { plan, runOf, shorter } from '#test/unit/selection/support.ts'

it('names groups by what differs between those that are drawn: one without a result puts no word to the others', () => {
  const runs = [runOf(1, 8, plan), runOf(2, 16, plan), runOf(3, 64, shorter, 'stopped')]
  const drawn = groupRuns(runs, 'error').filter(({ trials }) => trials.length > 0)
  expect(drawn.map((group) => nameTopology(group))).toEqual(['8', '16'])

  const both = groupRuns([...runs, runOf(4, 64, shorter)], 'error')
  expect(both.filter(({ hiddenUnits }) => hiddenUnits === 64).map((group) => nameTopology(group))).toEqual([
    '64 (max epochs 40)'
  ])
})

it('names the network without hidden layers so that a sentence can say it', () => {
  const linear = { inputs: 4, layers: [{ units: 2, activation: 'softmax' as const }] }
  const names = groupRuns([runOf(1, 8, plan), { ...runOf(2, 8, plan), topology: linear }], 'error')
  expect(names.map((group) => nameTopology(group))).toEqual(['8', 'no hidden layer'])
})

it('counts the runs of a group that have no result', () => {
  const groups = groupRuns([runOf(1, 8, plan), runOf(2, 8, plan, 'stopped'), runOf(3, 64, shorter, 'stopped')], 'error')
  expect(groups.map(({ unfinished }) => unfinished)).toEqual([1, 1])
})

it('takes a group for given up where its runs were validated and stopped before any had a result', () => {
  const stopped = { ...runOf(2, 64, plan, 'stopped'), validation: { loss: 0.4, accuracy: 0.8 } }
  const groups = groupRuns([runOf(1, 8, plan), stopped, runOf(3, 16, plan, 'stopped')], 'error')
  expect(groups.map(({ isGivenUp }) => isGivenUp)).toEqual([false, true, false])
  expect(groupRuns([stopped, { ...runOf(4, 64, plan), seed: 2 }], 'error')).toMatchObject([{ isGivenUp: false }])
})

it('gives a group a key that stays when another run puts words to its name', () => {
  const before = groupRuns([runOf(1, 64, shorter), runOf(2, 8, shorter)], 'error')
  const after = groupRuns([runOf(1, 64, shorter), runOf(2, 8, shorter), runOf(3, 16, plan)], 'error')
  const [first, second] = [before[0], after.find(({ hiddenUnits }) => hiddenUnits === 64)]
  expect([first, second].map((group) => group && nameTopology(group))).toEqual(['64', '64 (max epochs 40)'])
  expect(second?.key).toBe(first?.key)
  expect(new Set(after.map(({ key }) => key)).size).toBe(3)
})
