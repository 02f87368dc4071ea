import { expect, test, vi } from 'vitest'
import type { ImportProgress } from '#contract/datasets.ts'
import { ImportJob, type ImportPorts, type ImportSource } from '#renderer/state/import-job.svelte.ts'

const source: ImportSource = { kind: 'files', label: 'a.csv', open: () => Promise.resolve([{ path: '/a.csv' }]) }
const dataset = { id: 'abc', name: 'a' } as Extract<ImportProgress, { type: 'done' }>['dataset']

function jobWith(items: readonly ImportProgress[]) {
  const cancelImport = vi.fn(() => Promise.resolve())
  const ports = {
    datasets: {
      import: () => Promise.resolve({ jobId: 'j1' }),
      importProgress: () => Promise.resolve([]),
      cancelImport
    },
    follow: async (_open: unknown, onItem: (item: ImportProgress) => void, signal: AbortSignal) => {
      for (const item of items) onItem(item)
      if (items.length > 0) return
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    },
    toFailure: (error: unknown) => ({ code: 'internal', message: String(error), details: {} })
  } as unknown as ImportPorts
  return { job: new ImportJob(ports), cancelImport }
}

test('a finished import gives the data set and leaves nothing on the screen', async () => {
  const { job } = jobWith([
    { type: 'progress', stage: 'reading', fraction: 0.5, message: 'Reading' },
    { type: 'done', dataset, existed: false }
  ])
  expect(await job.run(source)).toBe(dataset)
  expect(job.state).toEqual({ phase: 'idle' })
})

test('a failed import keeps its sentence and its source, to be tried again', async () => {
  const { job } = jobWith([{ type: 'failed', code: 'bad_file', message: 'a.csv is empty.', details: { empty: true } }])
  expect(await job.run(source)).toBeNull()
  expect(job.state).toMatchObject({
    phase: 'failed',
    source,
    failure: { message: 'a.csv is empty.', details: { empty: true } }
  })
  job.dismiss()
  expect(job.state.phase).toBe('idle')
})

test('cancelling tells the lab and forgets the import', async () => {
  const { job, cancelImport } = jobWith([])
  const running = job.run(source)
  await vi.waitFor(() => expect(job.state.phase).toBe('running'))
  await vi.waitFor(() => {
    job.cancel()
    expect(cancelImport).toHaveBeenCalledWith({ jobId: 'j1' })
  })
  expect(await running).toBeNull()
  expect(job.state).toEqual({ phase: 'idle' })
})
