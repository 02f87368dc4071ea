import { expect, test } from 'vitest'
import { defaultPlan } from '#engine/training/plan.ts'
import { describeTopology, runSettings } from '#renderer/pure/runs/describe-run.ts'
import { RunList } from '#renderer/state/run-list.svelte.ts'
import { run } from '#test/unit/renderer/state/support.ts'

function listWithFrames() {
  const frames: (() => void)[] = []
  const list = new RunList((task) => frames.push(task))
  return { list, frames, draw: () => frames.splice(0).forEach((task) => task()) }
}

test('any number of changes is shown once a frame, the newest of each run', () => {
  const { list, frames, draw } = listWithFrames()
  for (let epochs = 0; epochs < 50; epochs++)
    list.put([run(1, { status: 'running', epochs }), run(2, { experimentId: 2 })])
  expect(frames).toHaveLength(1)
  expect(list.get(1)).toBeUndefined()
  draw()
  expect(list.get(1)?.epochs).toBe(49)
  expect(list.ofExperiment(1).map(({ id }) => id)).toEqual([1])
  expect(list.running.map(({ id }) => id)).toEqual([1])
})

test('a hidden run is out of sight until the deletion is taken back or carried out', () => {
  const { list, draw } = listWithFrames()
  list.put([run(1), run(2)])
  draw()
  list.hide([2])
  expect(list.ofExperiment(1).map(({ id }) => id)).toEqual([1])
  list.unhide([2])
  expect(list.ofExperiment(1).map(({ id }) => id)).toEqual([2, 1])
  list.drop([2])
  draw()
  expect(list.get(2)).toBeUndefined()
})

test('a run is written by its settings, those that are only there sometimes included', () => {
  const plan = defaultPlan('cross_entropy')
  const settings = runSettings(
    run(1, {
      plan: {
        ...plan,
        regularisation: { l2: 0.01, weightDecay: 0 },
        stopping: { ...plan.stopping, targetLoss: 0.1, seconds: null }
      },
      topology: {
        inputs: 4,
        layers: [
          { units: 8, activation: 'relu', dropout: 0.2 },
          { units: 3, activation: 'softmax' }
        ]
      }
    })
  )
  const said = new Map([...settings.values()].filter(({ isSaid }) => isSaid).map(({ label, text }) => [label, text]))
  expect(said.get('L2')).toBe('0.01')
  expect(said.get('Dropout')).toBe('0.2')
  expect(said.get('Target loss')).toBe('0.1')
  expect([...said.keys()]).not.toContain('Weight decay')
  expect(settings.get('regularisation.weightDecay')).toMatchObject({ label: 'Weight decay', text: '0' })
})

test('a topology is written short where all layers have one activation', () => {
  const layers = (...units: [number, 'relu' | 'tanh'][]) => ({
    inputs: 4,
    layers: [
      ...units.map(([count, activation]) => ({ units: count, activation })),
      { units: 3, activation: 'softmax' as const }
    ]
  })
  expect(describeTopology(run(1, { topology: layers([64, 'relu'], [32, 'relu']) }))).toBe('64x32 relu')
  expect(describeTopology(run(1, { topology: layers([64, 'relu'], [32, 'tanh']) }))).toBe('64:relu x 32:tanh')
  expect(describeTopology(run(1, { topology: layers() }))).toBe('no hidden layer')
})
