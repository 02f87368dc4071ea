/** Who works elsewhere, as Jobs shows it. */
import { expect, test } from 'vitest'
import type { Worker } from '#contract/sweeps.ts'
import WorkerList from '#renderer/parts/runs/WorkerList.svelte'
import { show } from '#test/components/part.ts'

const server = 'nats://lab.example:4222'

function worker(id: string, more: Partial<Worker> = {}): Worker {
  const now = Date.now()
  return {
    id,
    host: `host-${id}`,
    processor: 'x64, Example Processor, tiles of 8',
    cores: 4,
    startedAt: now - 3_600_000,
    seenAt: now,
    trained: 120,
    unitsPerHour: 120,
    failures: 0,
    message: null,
    state: 'working',
    inHand: 4,
    ...more
  }
}

test('each worker with its speed and state, and the command that starts another one', async () => {
  const benched = worker('b', {
    state: 'benched',
    failures: 3,
    message: 'Three units in a row failed on this machine.'
  })
  const silent = worker('c', { state: 'silent', seenAt: Date.now() - 120_000 })
  const page = show(WorkerList, { server, isConnected: true, workers: [worker('a'), benched, silent] })
  await expect.element(page.getByText('4 cores at work.')).toBeVisible()
  const rows = page.getByRole('listitem').elements()
  const [first, second, third] = rows.map((row) => (row.textContent ?? '').replaceAll(/\s+/g, ' '))
  expect(first).toMatch(/host-a working 4 cores, 120 runs, 1\d\d an hour/)
  expect(second).toMatch(/benched .*3 failures.*Three units in a row failed/)
  expect(third).toMatch(/silent .*last heard of .* ago/)
  await expect.element(page.getByText(`lab work ${server} --cores 4`)).toBeVisible()
})

test('a server without workers, and one that does not answer', async () => {
  const page = show(WorkerList, { server, isConnected: false, workers: [] })
  await expect.element(page.getByText(/None has been heard of yet/)).toBeVisible()
  await expect.element(page.getByText(/does not answer/)).toBeVisible()
})
