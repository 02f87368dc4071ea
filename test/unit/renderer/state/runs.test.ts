import { expect, test } from 'vitest'
import type { Run } from '#contract/runs.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import { describeSettings, describeTopology, differingSettings } from '#renderer/state/describe-run.ts'
import { RunList } from '#renderer/state/run-list.svelte.ts'
import { sortRuns } from '#renderer/state/run-order.ts'

function run(id: number, change: Partial<Run> = {}): Run {
  return {
    id,
    experimentId: 1,
    parentId: null,
    status: 'done',
    topology: {
      inputs: 4,
      layers: [
        { units: 8, activation: 'relu' },
        { units: 3, activation: 'softmax' }
      ]
    },
    plan: defaultPlan('cross_entropy'),
    data: { kind: 'whole' },
    seed: 1,
    parameters: 67,
    epochs: 10,
    bestEpoch: 5,
    train: null,
    validation: null,
    latest: null,
    seconds: 1,
    samplesPerSecond: null,
    etaSeconds: null,
    message: null,
    note: '',
    testOpened: false,
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    ...change
  }
}

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

test('sorting by a figure puts runs without it last, whichever way', () => {
  const runs = [run(1, { validation: { loss: 0.3 } }), run(2), run(3, { validation: { loss: 0.1 } })]
  expect(sortRuns(runs, { by: 'loss', ascending: true }).map(({ id }) => id)).toEqual([3, 1, 2])
  expect(sortRuns(runs, { by: 'loss', ascending: false }).map(({ id }) => id)).toEqual([1, 3, 2])
})

test('only what differs between runs is named', () => {
  const other = run(2, { seed: 7, plan: { ...defaultPlan('cross_entropy'), batchSize: 8 } })
  const names = differingSettings([run(1), other])
  expect(names).toEqual(['Batch size', 'Seed'])
  expect(describeSettings(other, names)).toBe('batch size 8, seed 7')
  expect(differingSettings([run(1)])).toEqual([])
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
