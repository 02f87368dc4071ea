/** Which runs repeat one trial: one table of cases, held against the lab's comparisons and the window's groups. */
import { describe, expect, it } from 'vitest'
import type { Topology } from '#engine/network/topology.ts'
import type { Run } from '#contract/runs.ts'
import { comparedRuns } from '#lab/selection/evidence.ts'
import { groupRuns as groupInLab } from '#lab/selection/groups.ts'
import { groupRuns as groupInWindow, RunKinds } from '#renderer/pure/runs/run-groups.ts'
import { run } from '#test/unit/renderer/state/support.ts'
import { newestOfEqual, wholeSeeds } from '#trials/trials.ts'

const result = { train: { loss: 0.2, accuracy: 0.9 }, validation: { loss: 0.3, accuracy: 0.8 } }
const first = run(1, result)
const { plan, topology } = first
const [hidden, output] = topology.layers
const fold = (index: number, of: number) => ({ data: { kind: 'fold', index, of } as const })

/** What the second run differs in, and whether both repeat one trial all the same. */
const cases: [difference: string, change: Partial<Run>, other: Partial<Run>, isSame: boolean][] = [
  ['nothing', {}, {}, true],
  ['the seed', {}, { seed: 2 }, true],
  ['note, tags, star and sweep', {}, { note: 'x', tags: ['y'], starred: true, sweepId: 4 }, true],
  ['the run it was made from', {}, { parentId: 1 }, true],
  [
    'the units of a layer',
    {},
    { topology: { ...topology, layers: [{ ...hidden, units: 9 }, output] as never } },
    false
  ],
  ['the inputs', {}, { topology: { ...topology, inputs: 5 } }, false],
  ['a number of the optimizer', {}, { plan: { ...plan, optimizer: { ...plan.optimizer, learningRate: 0.5 } } }, false],
  ['the patience', {}, { plan: { ...plan, stopping: { ...plan.stopping, patience: 3 } } }, false],
  ['the fold that judges it', fold(1, 3), fold(2, 3), true],
  ['the fold, with fewer levels seen', fold(1, 3), { ...fold(2, 3), topology: { ...topology, inputs: 3 } }, true],
  ['the number of folds', fold(1, 3), fold(1, 4), false],
  ['folds in place of the validation part', {}, fold(1, 3), false],
  ['a share of the rows', {}, { data: { kind: 'share', share: 0.5 } }, false],
  ['training and validation part together', {}, { data: { kind: 'final' } }, false],
  ['weights to begin with', {}, { parentId: 1, fromEpoch: 3 }, false],
  ['a place where it was trained elsewhere', {}, { source: 'onnx' }, false]
]

const complete = (layers: Topology['layers']): Topology => ({
  inputs: 4,
  layers: [...layers, ...topology.layers.slice(-1)]
})

/** In the lab a trial is a point of the curve over the validation part, or over so many folds. */
function isSameInLab(runs: readonly Run[]): boolean {
  const folds = [null, 3, 4]
  return folds.some((count) =>
    groupInLab(comparedRuns(runs as never, count, complete), 'error').some(
      ({ trials, unfinished }) => trials.length + unfinished === runs.length || new Set(trials).size === runs.length
    )
  )
}

describe('runs that differ in', () => {
  it.each(cases)('%s', (_, change, other, isSame) => {
    const runs = [run(1, { ...result, seed: 7, ...change }), run(2, { ...result, seed: 8, ...change, ...other })]
    expect(groupInWindow(runs, new RunKinds()).length === 1).toBe(isSame)
    expect(isSameInLab(runs)).toBe(isSame)
  })
})

it('counts no seed twice: of equal runs the newest stands for all, in lab and window', () => {
  const runs = [run(3, { ...result, seed: 1 }), run(2, { ...result, seed: 1 }), run(1, { ...result, seed: 2 })]
  expect(newestOfEqual(runs).map(({ id }) => id)).toEqual([3, 1])
  expect(groupInWindow(runs, new RunKinds())[0]?.finished.map(({ id }) => id)).toEqual([3, 1])
  expect(groupInLab(runs as never, 'error')[0]?.trials.map(({ runId }) => runId)).toEqual([3, 1])
})

it('counts a seed over folds once all of them have judged it', () => {
  const repeats = [
    { seed: 1, fold: 1 },
    { seed: 2, fold: 1 },
    { seed: 1, fold: 2 }
  ]
  expect(wholeSeeds(repeats, 2)).toEqual([repeats[0], repeats[2]])
})
