/** A run's status follows the table, is stored before it is told, and stands even where it can not be stored. */
import { describe, expect, it } from 'vitest'
import type { RunStatus } from '#contract/runs.ts'
import { interruptActive } from '#lab/runs/interrupt-active.ts'
import { createStatuses } from '#lab/runs/statuses.ts'
import { addExperiment, run, storeIn, temporaryFolder } from '#test/unit/store/support.ts'

async function setUp() {
  const store = await storeIn(await temporaryFolder())
  const runId = store.runs.add({ ...run, experimentId: addExperiment(store) })
  const told: (RunStatus | undefined)[] = []
  const announcer = {
    now: () => void told.push(store.runs.get(runId)?.status),
    soon: () => undefined,
    close: () => undefined
  }
  return { store, runId, told, statuses: createStatuses(store, announcer, () => undefined) }
}

describe('statuses', () => {
  it('are stored before anybody is told', async () => {
    const { store, runId, told, statuses } = await setUp()
    const next = statuses.next(runId, 60_000)
    statuses.change(runId, { status: 'running', message: null, startedAt: 5 })
    await next
    statuses.change(runId, { status: 'done', message: null, endedAt: 9 })
    expect(told).toEqual(['running', 'done'])
    expect(store.runs.get(runId)).toMatchObject({ status: 'done', startedAt: 5, endedAt: 9 })
  })

  it('refuse what the table does not allow, and store nothing of it', async () => {
    const { store, runId, told, statuses } = await setUp()
    const change = () =>
      statuses.change(runId, { status: 'done', message: null }, () => store.runs.annotate(runId, 'x'))
    expect(change).toThrow(`Run ${runId} is queued and can't become done.`)
    expect(store.runs.get(runId)).toMatchObject({ status: 'queued', note: '' })
    expect(told).toEqual([])
  })

  it('come with what is stored beside them, or not at all', async () => {
    const { store, runId, statuses } = await setUp()
    const change = () =>
      statuses.change(runId, { status: 'running', message: null }, () => {
        store.runs.annotate(runId, 'half')
        throw new Error('no room')
      })
    expect(change).toThrow('no room')
    expect(store.runs.get(runId)).toMatchObject({ status: 'queued', note: '' })
  })

  it('stand until they can be stored', async () => {
    const { store, runId, statuses } = await setUp()
    const full: typeof store = {
      ...store,
      runs: {
        ...store.runs,
        saveStatus: (id, change) => {
          if (change.status === 'interrupted') throw new Error('full')
          store.runs.saveStatus(id, change)
        }
      }
    }
    const quiet = { now: () => undefined, soon: () => undefined, close: () => undefined }
    const insisting = createStatuses(full, quiet, () => undefined)
    const asItStands = () => {
      const stored = store.runs.get(runId)
      return stored && insisting.asItStands(stored).status
    }
    statuses.change(runId, { status: 'running', message: null })
    insisting.insist(runId, { status: 'interrupted', message: 'The disk is full.' })
    expect(store.runs.get(runId)?.status).toBe('running')
    expect(asItStands()).toBe('interrupted')
    insisting.change(runId, { status: 'queued', message: null })
    expect(asItStands()).toBe('queued')
    expect(store.runs.get(runId)?.status).toBe('queued')
  })
})

describe('a lab that ends', () => {
  it('leaves what was active when the lab ended interrupted, and nothing else', async () => {
    const { store, runId, statuses } = await setUp()
    const other = store.runs.add({ ...run, experimentId: store.experiments.list()[0]?.id ?? 0 })
    statuses.change(other, { status: 'stopped', message: 'Stopped by request.' })
    interruptActive(store, 'The lab ended.')
    expect(store.runs.get(runId)).toMatchObject({ status: 'interrupted', message: 'The lab ended.' })
    expect(store.runs.get(other)).toMatchObject({ status: 'stopped', message: 'Stopped by request.' })
  })
})
