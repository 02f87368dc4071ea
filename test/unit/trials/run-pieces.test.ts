/** Lists of runs, packed piece by piece and unpacked at the other end. */
import { expect, it } from 'vitest'
import { runPiece } from '#contract/runs.ts'
import { defaultPlan } from '#engine/training/plan.ts'
import { run } from '#test/unit/renderer/state/support.ts'
import { createRunPacker, createRunUnpacker, listRuns, unpackRuns } from '#trials/run-pieces.ts'

const shared = { topology: run(1).topology, plan: run(1).plan }
const otherPlan = { ...defaultPlan('cross_entropy'), batchSize: 8 }
const first = [run(5, shared), run(4, { ...shared, seed: 2, tags: ['wide'] })]
const second = [run(3, { ...shared, plan: otherPlan }), run(2, { plan: otherPlan }), run(1, shared)]

/** Packs, and takes what comes of it over a wire. */
function sent() {
  const pack = createRunPacker()
  return [first, second].map((runs) => runPiece.parse(JSON.parse(JSON.stringify(pack(runs)))))
}

async function* stream<Item>(items: readonly Item[]): AsyncGenerator<Item, void, void> {
  for (const item of items) yield await Promise.resolve(item)
}

it('sends each topology and plan once a list, and gives equal runs back that share them', () => {
  const pieces = sent()
  expect(pieces.map(({ topologies, plans }) => [topologies.length, plans.length])).toEqual([
    [1, 1],
    [1, 1]
  ])
  const unpack = createRunUnpacker()
  const [newer = [], older = []] = pieces.map(unpack)
  expect([newer, older]).toEqual([first, second])
  const [five, four, three, two, one] = [...newer, ...older]
  expect(new Set([five, four, three, one].map((each) => each?.topology)).size).toBe(1)
  expect(new Set([five, four, one].map((each) => each?.plan)).size).toBe(1)
  expect(two?.plan).toBe(three?.plan)
  expect(two?.topology).not.toBe(one?.topology)
})

it('reads a list as it arrives, or whole', async () => {
  const pieces = []
  for await (const runs of unpackRuns(stream(sent()))) pieces.push(runs)
  expect(pieces).toEqual([first, second])
  const list = (wanted: { experimentId?: number | undefined }) =>
    Promise.resolve(stream(wanted.experimentId ? sent() : []))
  expect(await listRuns({ runs: { list } as never }, { experimentId: 1 })).toEqual([...first, ...second])
})

it('refuses a piece that names what no piece has given', () => {
  const [, piece] = sent()
  if (!piece) throw new Error('There is no second piece.')
  expect(() => createRunUnpacker()(piece)).toThrow('The list names number 1 of 1.')
})
