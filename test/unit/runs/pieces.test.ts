/** Joining pieces of curves loses no record, and the later of two that tell of the same epoch counts. */
import { describe, expect, it } from 'vitest'
import { compactCurves } from '#lab/runs/compaction.ts'
import { joinPieces } from '#lab/runs/pieces.ts'
import { addExperiment, run, storeIn, temporaryFolder } from '#test/unit/store/support.ts'

/** A piece of two columns: the epoch itself, and a mark that tells the pieces apart. */
function piece(runId: number, sequence: number, firstEpoch: number, epochs: number) {
  const numbers = Array.from({ length: epochs }, (_, index) => firstEpoch + index)
  return {
    runId,
    sequence,
    firstEpoch,
    epochs,
    values: Float32Array.from([...numbers, ...numbers.map(() => sequence)])
  }
}

describe('joinPieces', () => {
  it('joins pieces that follow on, run by run, in the order of their sequences', () => {
    const joined = joinPieces([piece(1, 1, 1, 2), piece(2, 2, 1, 1), piece(1, 3, 3, 1), piece(2, 4, 2, 2)])
    expect(joined.map(({ runId, sequence, firstEpoch, epochs }) => ({ runId, sequence, firstEpoch, epochs }))).toEqual([
      { runId: 1, sequence: 3, firstEpoch: 1, epochs: 3 },
      { runId: 2, sequence: 4, firstEpoch: 1, epochs: 3 }
    ])
    expect([...(joined[0]?.values ?? [])]).toEqual([1, 2, 3, 1, 1, 3])
  })

  it('lets the later piece count where a resumed run trained epochs again', () => {
    const [joined, ...rest] = joinPieces([piece(1, 1, 1, 4), piece(1, 2, 5, 3), piece(1, 3, 4, 2)])
    expect(rest).toEqual([])
    expect([...(joined?.values ?? [])]).toEqual([1, 2, 3, 4, 5, 6, 7, 1, 1, 1, 3, 3, 2, 2])
  })

  it('keeps pieces apart that leave a gap', () => {
    expect(joinPieces([piece(1, 1, 1, 2), piece(1, 2, 4, 1)])).toHaveLength(2)
  })
})

describe('compactCurves', () => {
  it('leaves one piece with a new sequence, so that a reader who had only some goes on without a loss', async () => {
    const store = await storeIn(await temporaryFolder())
    const experimentId = addExperiment(store)
    const [runId = 0, otherId = 0] = [1, 2].map((seed) => store.runs.add({ ...run, seed, experimentId }))
    const stored = [1, 2, 3].map((epoch) => store.metrics.append({ ...piece(runId, 0, epoch, 1), runId }))
    store.metrics.append(piece(otherId, 0, 1, 1))
    await compactCurves(store.metrics, runId)

    const afterFirst = store.metrics.after([runId], stored[0]?.sequence ?? 0, 10)
    expect(afterFirst).toMatchObject([{ firstEpoch: 1, epochs: 3 }])
    expect([...(afterFirst[0]?.values ?? [])].slice(0, 3)).toEqual([1, 2, 3])
    expect(store.metrics.after([otherId], 0, 10)).toHaveLength(1)
  })

  it('keeps a very long run in pieces of a bounded size, and every record of it', async () => {
    const store = await storeIn(await temporaryFolder())
    const runId = store.runs.add({ ...run, experimentId: addExperiment(store) })
    for (let start = 1; start <= 300_000; start += 20_000) store.metrics.append(piece(runId, 0, start, 20_000))
    await compactCurves(store.metrics, runId)
    const pieces = store.metrics.after([runId], 0, 100)
    expect(pieces.length).toBeGreaterThan(1)
    expect(pieces.length).toBeLessThan(5)
    expect(pieces.reduce((sum, { epochs }) => sum + epochs, 0)).toBe(300_000)
    expect(
      joinPieces(pieces)[0]
        ?.values.subarray(0, 300_000)
        .every((epoch, index) => epoch === index + 1)
    ).toBe(true)
  })

  it('leaves the curve of a run that goes on meanwhile in its order', async () => {
    const store = await storeIn(await temporaryFolder())
    const runId = store.runs.add({ ...run, experimentId: addExperiment(store) })
    for (const epoch of [1, 2, 3]) store.metrics.append(piece(runId, 0, epoch, 1))
    const compacted = compactCurves(store.metrics, runId)
    store.metrics.append(piece(runId, 0, 4, 1))
    await compacted
    const goneOn = store.metrics.after([runId], 0, 10)
    expect(goneOn.map(({ firstEpoch }) => firstEpoch)).toEqual([1, 2, 3, 4])
    await compactCurves(store.metrics, runId)
    expect(store.metrics.after([runId], 0, 10)).toMatchObject([{ firstEpoch: 1, epochs: 4 }])
  })
})
