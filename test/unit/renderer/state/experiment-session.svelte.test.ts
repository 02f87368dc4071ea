import { expect, test } from 'vitest'
import { ExperimentSession } from '#renderer/state/experiment-session.svelte.ts'
import { appOf, experiment } from '#test/unit/renderer/state/app.ts'

test('the network has the inputs of the experiment and the output layer of its task', () => {
  const session = new ExperimentSession(experiment)
  session.topology.write('5')
  expect(session.network).toEqual({
    inputs: 4,
    layers: [
      { units: 5, activation: 'relu' },
      { units: 3, activation: 'softmax' }
    ]
  })
})

test('repeats are seeds in a row, and impossible ones have their sentence', () => {
  const session = new ExperimentSession(experiment)
  session.firstSeed = 4
  session.seedCount = 3
  expect(session.seeds).toEqual([4, 5, 6])
  expect(session.seedProblem).toBeNull()
  session.seedCount = null
  expect(session.seedProblem).toMatch(/^Repeats/)
  session.firstSeed = -1
  expect(session.seedProblem).toMatch(/^Seed/)
})

test('curves are laid over each other, alone and in groups, and the focus stays on a run that is shown', () => {
  const session = new ExperimentSession(experiment)
  session.focus(1)
  for (let id = 2; id <= 1000; id++) session.toggle(id)
  expect(session.shown).toHaveLength(1000)
  expect(session.placeOf(1000)).toBe(999)
  expect(session.focused).toBe(1)
  session.toggle(1)
  expect(session.placeOf(1)).toBe(-1)
  expect(session.focused).toBe(1000)
  session.toggle(1, 2)
  expect(session.placeOf(1)).toBe(999)
  session.toggle(1, 2)
  expect([session.placeOf(1), session.placeOf(2)]).toEqual([-1, -1])
  session.show([7, 8])
  expect([session.shown, session.focused]).toEqual([[7, 8], 7])
  session.forget([7])
  expect([session.shown, session.focused]).toEqual([[8], 8])
})

test('what a session works out lives on when the screen that first asked for it is left', () => {
  const app = appOf()
  const leave = $effect.root(() => {
    app.session(experiment).focus(1)
    expect(app.session(experiment).placeOf(1)).toBe(0)
  })
  leave()
  app.session(experiment).show([7, 8])
  expect(app.session(experiment).placeOf(8)).toBe(1)
  expect(app.session(experiment).placeOf(1)).toBe(-1)
})
