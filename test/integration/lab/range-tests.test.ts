/** The learning-rate range test through the contract, in a real engine process. */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { RangeTestItem } from '#contract/range-test.ts'
import { openLab, planFor, ringsExperiment, startRuns, waitForRun } from '#test/integration/lab/support.ts'
import { listRuns } from '#trials/run-pieces.ts'

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lab-range-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('a range test ends with a suggestion; one that is left is cancelled, and neither keeps the engine from its runs', async () => {
  const folder = temporaryFolder()
  const { client, errors } = await openLab(join(folder, 'lab'))
  const experiment = await ringsExperiment(client, folder)
  const request = {
    experimentId: experiment.id,
    hidden: [{ units: 16, activation: 'relu' as const }],
    plan: planFor(1)
  }
  const items: RangeTestItem[] = []
  for await (const item of await client.rangeTests.run(request)) items.push(item)
  const last = items.at(-1)
  if (last?.type !== 'done') throw new Error(`The test ended with ${JSON.stringify(last)}.`)
  expect(last.result.losses).toHaveLength(last.result.rates.length)
  expect(last.result.suggested).toBeGreaterThan(1e-4)

  // Long enough that it can't have ended when it is left after its first sign of life.
  const long = { ...request, hidden: [{ units: 4000, activation: 'relu' as const }], steps: 10_000 }
  for await (const item of await client.rangeTests.run({ ...long, plan: { ...planFor(1), batchSize: 'full' } })) {
    expect(item.type).toBe('progress')
    break
  }
  await expect(async () => {
    for await (const item of await client.rangeTests.run({ ...request, low: 1, high: 0.1 })) items.push(item)
  }).rejects.toMatchObject({ code: 'bad_settings', message: expect.stringMatching(/must rise/) as string })

  const [run] = await startRuns(client, experiment, 3)
  await waitForRun(client, run?.id ?? 0, ({ status }) => status === 'done')
  expect(await listRuns(client, {})).toHaveLength(1)
  expect(errors).toEqual([])
})
