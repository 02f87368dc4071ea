/** README: the terminal is the same lab without a window. What nobody chose is the same in both. */
import { Command } from 'commander'
import { expect, test } from 'vitest'
import type { LayerTemplate } from '#engine/network/topology-text.ts'
import type { Experiment } from '#contract/experiments.ts'
import { trainingCommands } from '#lab/cli/groups/training.ts'
import { sweepSettingsFor } from '#lab/cli/sweep-settings.ts'
import { hiddenFor, planFor } from '#lab/cli/train-settings.ts'
import { ExperimentSession } from '#renderer/state/experiment-session.svelte.ts'

const split = { kind: 'fractions', train: 60, validation: 20, test: 20, seed: 1, stratified: true }
const iris = {
  settings: { task: 'classification', split },
  rows: { train: 90, validation: 30, test: 30, dropped: 0 },
  classes: ['setosa', 'versicolor', 'virginica'],
  inputs: ['a', 'b', 'c', 'd'],
  outputs: 3
} as unknown as Experiment
const prices = {
  settings: { task: 'regression', split },
  rows: { train: 600, validation: 4000, test: 200, dropped: 0 },
  classes: null,
  inputs: ['a'],
  outputs: 1
} as unknown as Experiment

/** What `lab train` has for an option that is left out. */
function defaultOf(command: string, option: string): unknown {
  const program = new Command()
  trainingCommands(program, { context: () => expect.fail('Nothing is run.'), end: () => undefined })
  const found = program.commands.find((each) => each.name() === command)
  return found?.options.find((each) => each.attributeName() === option)?.defaultValue
}

test.each([iris, prices])('an experiment begins with the same plan in the window and in the terminal', (experiment) => {
  const session = new ExperimentSession(experiment)
  expect(planFor(experiment, {})).toEqual(session.plan.plan)
})

test.each([iris, prices])('a sweep is judged alike in the window and in the terminal', (experiment) => {
  const { sweep, topology, plan } = new ExperimentSession(experiment)
  const shown = sweep.settings({ experimentId: 1, hidden: topology.hidden, plan: plan.plan })
  const options = { target: 'class', hidden: ['8'], activation: ['relu' as const], strategy: 'grid' as const }
  const { folds, seeds } = sweepSettingsFor(experiment, options)
  expect({ folds, seeds }).toEqual({ folds: shown.folds, seeds: shown.seeds })
})

test.each(['train', 'range-test'])('lab %s begins with the hidden layers that the window shows', (command) => {
  const session = new ExperimentSession(iris)
  const options = { hidden: defaultOf(command, 'hidden') as LayerTemplate[], activation: 'relu' } as const
  expect(defaultOf(command, 'activation')).toBe('relu')
  expect(hiddenFor(iris, options)).toMatchObject(session.topology.hidden)
})
