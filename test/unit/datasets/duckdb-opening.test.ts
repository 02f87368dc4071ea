import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { createDuckDb } from '#lab/datasets/duckdb.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

afterEach(() => void vi.unstubAllEnvs())

test('what could not be opened is opened once there is room to spill', async () => {
  const spill = join(await temporaryFolder(), 'spill')
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, spill)
  const duckDb = createDuckDb({ log: () => undefined })
  const one = () => duckDb.use(undefined, (session) => session.row('SELECT 1'))
  await expect(one()).rejects.toThrow('ENOENT')
  await mkdir(spill)
  expect(await one()).toEqual([1])
  await duckDb.close()
})

test('what could not be opened is closed without a fault', async () => {
  const spill = join(await temporaryFolder(), 'spill')
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, spill)
  const duckDb = createDuckDb({ log: () => undefined })
  await expect(duckDb.use(undefined, (session) => session.row('SELECT 1'))).rejects.toThrow('ENOENT')
  await duckDb.close()
})
