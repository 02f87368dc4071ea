/** Whose turn it is among the runs that wait. */
import { expect, test } from 'vitest'
import { ActiveRuns } from '#lab/runs/active-runs.ts'

function queueOf(...threads: number[]): ActiveRuns {
  const runs = new ActiveRuns()
  threads.forEach((count, index) => runs.add(index + 1, count, undefined))
  return runs
}

/** Lets runs begin as long as one has its turn; gives their ids. */
function begin(runs: ActiveRuns, threads: number): number[] {
  const begun: number[] = []
  for (let next = runs.takeNext(threads); next; next = runs.takeNext(threads)) {
    next.phase = 'training'
    begun.push(next.id)
  }
  return begun
}

test('as many begin as there are threads, in their order', () => {
  const runs = queueOf(1, 1, 1)
  expect(begin(runs, 2)).toEqual([1, 2])
  expect(runs.waiting().map(({ id }) => id)).toEqual([3])
})

test('a run of two threads waits for both, and none overtakes it', () => {
  const runs = queueOf(1, 2, 1)
  expect(begin(runs, 2)).toEqual([1])
  runs.inTraining().forEach((run) => runs.remove(run))
  expect(begin(runs, 2)).toEqual([2])
})

test('one that asks for more threads than there are begins alone, for the engine to refuse', () => {
  expect(begin(queueOf(4, 1), 2)).toEqual([1])
})

test('fewer begin at once where that is asked', () => {
  const runs = queueOf(1, 1, 1)
  runs.mostParallel = 1
  expect(begin(runs, 4)).toEqual([1])
})

test('another order holds for those that are named, the others follow as they were', () => {
  const runs = queueOf(1, 1, 1, 1)
  runs.reorder([4, 2])
  expect(runs.waiting().map(({ id }) => id)).toEqual([4, 2, 1, 3])
})

test('a run that is settling takes no thread', () => {
  const runs = queueOf(1, 1)
  const [first] = [runs.takeNext(1)]
  if (!first) throw new Error('The first has its turn.')
  first.phase = 'settling'
  expect(begin(runs, 1)).toEqual([2])
})
