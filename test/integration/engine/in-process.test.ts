/** The engine inside the process of a command: what differs from a process of its own is how it starts and ends. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createEngineInProcess } from '#lab/engine/in-process.ts'
import { bitsOf, createTables, root, smallRun, startEngine } from '#test/integration/engine/engine.ts'

const tables = createTables()
const dataset = tables.quadrants('quadrants')
afterAll(() => tables.remove())

/** Worker threads and ports that keep this process from ending. */
const held = () => process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort/.test(name)).length

test('comes to the same bits as the process of its own', async () => {
  const here = startEngine({ threads: 2 }, createEngineInProcess)
  const apart = startEngine({ threads: 2 })
  const bits = []
  for (const { host, train } of [here, apart]) {
    await host.loadDataset(dataset)
    bits.push(bitsOf(await train(smallRun(1, dataset.id, 50))))
    await host.close()
  }
  expect(bits[0]).toEqual(bits[1])
})

test('closing ends all of its threads in the midst of their work, and leaves nothing that keeps the process', async () => {
  const before = held()
  const { host, nextFrameOf, nextOf } = startEngine({ threads: 2 }, createEngineInProcess)
  await host.loadDataset(dataset)
  host.startRun(smallRun(1, dataset.id, 1_000_000))
  await nextFrameOf(1)
  const onTwoThreads = nextOf('run.started', 2)
  host.startRun(smallRun(2, dataset.id, 1_000_000, { plan: { threads: 2 } }))
  await onTwoThreads
  expect(held()).toBeGreaterThan(before)
  await host.close()
  expect(held()).toBe(before)
})

test('an engine whose threads cannot start is given up with a sentence, and the process lives', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'topology-lab-broken-'))
  cpSync(join(root, 'out/wasm'), join(folder, 'out/wasm'), { recursive: true })
  const { host, log, nextStatus } = startEngine({ root: folder, fromSource: false, threads: 1 }, createEngineInProcess)
  const failed = nextStatus('failed')
  host.start()
  expect((await failed).message).toMatch(/^The training engine crashed\. It did so 5 times .* not started again\.$/)
  expect(log.some((line) => line.includes('A thread of the engine could not start'))).toBe(true)
  await host.close()
  rmSync(folder, { recursive: true })
})
