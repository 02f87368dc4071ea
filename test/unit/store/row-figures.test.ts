/** What runs say of single rows is kept bit for bit, small, and not believed where it was damaged. */
import Sqlite from 'better-sqlite3'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Random } from '#engine/random.ts'
import { mostKeptRows, type RowFigures } from '#engine/training/row-figures.ts'
import { headRows } from '#lab/store/row-figures.ts'
import { addExperiment, run, storeIn, temporaryFolder } from '#test/unit/store/support.ts'

const random = new Random(1)

function numbers(rows: number): RowFigures {
  const departures = Float32Array.from({ length: Math.min(rows, mostKeptRows) }, () => random.normal())
  return { rows, departures, surprises: new Float32Array() }
}

/** As of a network that is right for nine rows of ten. */
function classes(rows: number, count: number): RowFigures {
  const kept = Math.min(rows, mostKeptRows)
  const departures = Float32Array.from({ length: kept }, () => (random.uniform() < 0.9 ? 0 : 1 + random.below(count)))
  return { rows, departures, surprises: Float32Array.from(departures, (code) => random.uniform() + Number(code > 0)) }
}

describe('the rows of runs', () => {
  it.each([
    ['numbers of a small part', numbers(7)],
    ['numbers of a large part', numbers(30_000)],
    ['classes', classes(3000, 3)],
    ['more classes than a byte counts', classes(3000, 700)],
    ['a part whose kept rows are the first ones exactly', classes(headRows, 2)]
  ])('are given back as they were: %s', async (_, figures) => {
    const store = await storeIn(await temporaryFolder())
    const runId = store.runs.add({ ...run, experimentId: addExperiment(store) })
    expect(store.rowFigures.ofRun(runId)).toBeNull()
    store.rowFigures.save(runId, numbers(3))
    store.rowFigures.save(runId, figures)
    expect(store.rowFigures.ofRun(runId)).toEqual(figures)
    const [[head] = []] = [...store.rowFigures.heads([runId, runId + 1])]
    expect(head).toEqual({ runId, rows: figures.rows, departures: figures.departures.slice(0, headRows) })
  })

  it('go with their run', async () => {
    const store = await storeIn(await temporaryFolder())
    const runId = store.runs.add({ ...run, experimentId: addExperiment(store) })
    store.rowFigures.save(runId, numbers(5))
    store.runs.remove(runId)
    expect(store.rowFigures.ofRun(runId)).toBeNull()
  })

  it('of 1,000 runs on 20,000 validation rows take less than 100 MB', async () => {
    const folder = await temporaryFolder()
    const store = await storeIn(folder)
    const experimentId = addExperiment(store)
    for (const figures of [numbers(20_000), classes(20_000, 300)]) {
      store.rowFigures.save(store.runs.add({ ...run, experimentId }), figures)
    }
    const db = new Sqlite(join(folder, 'lab.sqlite'), { readonly: true })
    const sizes = db.prepare<[], number>('SELECT length(head) + length(rest) + length(surprises) FROM row_figures')
    const bytes = sizes.pluck().all()
    db.close()
    expect(bytes).toHaveLength(2)
    for (const each of bytes) expect(1000 * each).toBeLessThan(100e6)
  })

  it('that were damaged count as not there', async () => {
    const folder = await temporaryFolder()
    const store = await storeIn(folder)
    const runId = store.runs.add({ ...run, experimentId: addExperiment(store) })
    store.rowFigures.save(runId, classes(3000, 3))
    const db = new Sqlite(join(folder, 'lab.sqlite'))
    const damage = (column: string, value: Uint8Array) => {
      store.rowFigures.save(runId, classes(3000, 3))
      db.prepare(`UPDATE row_figures SET ${column} = ?`).run(value)
      return store.rowFigures.ofRun(runId)
    }
    expect(damage('rest', Uint8Array.of(1, 2, 3))).toBeNull()
    expect(damage('rest', new Uint8Array())).toBeNull()
    expect(damage('surprises', Uint8Array.of(9))).toBeNull()
    expect(damage('head', Uint8Array.of(0))).toBeNull()
    db.close()
  })
})
