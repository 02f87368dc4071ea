/** The small curves of the table: asked for together once the scrolling rests, and extended while a run trains. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CurvePiece, Run } from '#contract/runs.ts'
import { Sparks } from '#renderer/state/sparks.svelte.ts'
import { run } from '#test/unit/renderer/state/support.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** A lab where the validation loss of every run falls from 1 in two epochs, in a piece each, or that refuses. */
function labOfCurves(refuses = false) {
  const asked: (readonly number[])[] = []
  const curves = ({ runIds }: { readonly runIds: readonly number[] }): Promise<CurvePiece[]> => {
    asked.push(runIds)
    if (refuses) return Promise.reject(new Error('The connection is lost.'))
    const piece = (runId: number, firstEpoch: number, loss: number): CurvePiece => {
      return { runId, columns: ['validationLoss'], firstEpoch, epochs: 1, values: Float32Array.of(loss) }
    }
    return Promise.resolve(runIds.flatMap((runId) => [piece(runId, 1, 1), piece(runId, 2, 0.5)]))
  }
  return { asked, sparks: new Sparks({ curves }) }
}

const training = (id: number, epochs: number, loss: number): Run => {
  const latest = { train: { loss: 2 * loss }, validation: { loss } }
  return run(id, { status: 'running', epochs, latest })
}

async function read(sparks: Sparks, ...runs: Run[]): Promise<void> {
  sparks.want(runs)
  await vi.advanceTimersByTimeAsync(120)
}

test('rows that scroll by are not asked for; those that stay are, together and once', async () => {
  const { asked, sparks } = labOfCurves()
  for (let top = 1; top <= 100; top++) {
    sparks.want([run(top), run(top + 1), run(top + 2, { epochs: 0 })])
    await vi.advanceTimersByTimeAsync(16)
  }
  expect(asked).toEqual([])
  await vi.advanceTimersByTimeAsync(120)
  expect(asked).toEqual([[100, 101]])
  expect(sparks.of(100)?.map(({ x, y }) => [x, y])).toEqual([
    [1, 1],
    [2, 0.5]
  ])
  await read(sparks, run(100), run(101), run(103))
  expect(asked).toEqual([[100, 101], [103]])
})

test('figures of a run in training are added in their order, whatever comes late or twice', async () => {
  const { sparks } = labOfCurves()
  await read(sparks, run(1), run(2))
  const other = sparks.of(2)
  for (const [epochs, loss] of [
    [3, 0.4],
    [4, 0.3],
    [3, 9],
    [4, 9],
    [5, 0.2]
  ] as const) {
    sparks.take([training(1, epochs, loss), training(7, epochs, loss)])
  }
  expect(sparks.of(1)?.map(({ y }) => y)).toEqual([1, 0.5, 0.4, 0.3, 0.2])
  expect(sparks.of(2)).toBe(other)
  // Of a run that was never in sight nothing is known, so nothing is drawn.
  expect(sparks.of(7)).toBeUndefined()
  sparks.take(Array.from({ length: 1000 }, (_, index) => training(1, index + 6, 0.1)))
  const points = sparks.of(1) ?? []
  expect(points.length).toBeLessThanOrEqual(96)
  expect(points.at(-1)?.x).toBe(1005)
  expect(points.map(({ x }) => x)).toEqual(points.map(({ x }) => x).toSorted((a, b) => a - b))
})

test('what is gone, or could not be read, is asked for again', async () => {
  const { asked, sparks } = labOfCurves()
  await read(sparks, run(1))
  sparks.forget([1])
  expect(sparks.of(1)).toBeUndefined()
  sparks.take([training(1, 3, 0.4)])
  expect(sparks.of(1)).toBeUndefined()
  await read(sparks, run(1))
  expect(asked).toEqual([[1], [1]])
  const refusing = labOfCurves(true)
  await read(refusing.sparks, run(1))
  await read(refusing.sparks, run(1))
  expect(refusing.asked).toEqual([[1], [1]])
})
