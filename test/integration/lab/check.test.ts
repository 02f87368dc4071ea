/** `check` finds what is not as it was stored and what belongs to nothing, changes nothing, and mends where it is asked to. */
import { chmod, open, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { ContractClient } from '#contract/contract.ts'
import { openLab, ringsExperiment, startRuns, waitForStatus } from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

const kindsOf = async (client: ContractClient, how: 'check' | 'mend' = 'check') =>
  (await client.host[how]()).findings.map(({ kind, mended }) => (mended ? `${kind}, mended` : kind)).sort()

it('finds nothing in a lab that is well, whose files are for its person alone', async () => {
  const folder = await temporaryFolder()
  const lab = join(folder, 'lab')
  const { client } = await openLab(lab)
  const [run] = await startRuns(client, await ringsExperiment(client, folder), 3)
  await waitForStatus(client, run?.id ?? 0, 'done')
  const check = await client.host.check()
  expect(check).toMatchObject({ findings: [], looked: { tables: 1, prepared: 2 } })
  expect(check.looked.pages).toBeGreaterThan(10)
  if (process.platform !== 'win32') {
    expect((await stat(lab)).mode & 0o077).toBe(0)
    expect((await stat(join(lab, 'lab.sqlite'))).mode & 0o077).toBe(0)
  }
})

it('names what is damaged, missing or left over, and mends what the lab can mend by itself', async () => {
  const folder = await temporaryFolder()
  const lab = join(folder, 'lab')
  const { client } = await openLab(lab)
  const experiment = await ringsExperiment(client, folder)
  const [run] = await startRuns(client, experiment, 3)
  await waitForStatus(client, run?.id ?? 0, 'done')
  const [key = ''] = await readdir(join(lab, 'prepared'))
  const prepared = join(lab, 'prepared', key, 'validation.f32')
  const file = await open(prepared, 'r+')
  await file.write(new Uint8Array(40), 0, 40, 100)
  await file.close()
  await rm(
    join(lab, 'datasets', `${(await client.datasets.get({ datasetId: experiment.settings.datasetId })).hash}.parquet`)
  )
  await writeFile(join(lab, 'datasets', 'left.parquet'), 'x')
  await writeFile(join(lab, 'mine.txt'), 'x')
  const isPosix = process.platform !== 'win32'
  if (isPosix) await chmod(join(lab, 'datasets'), 0o755)
  const rights = isPosix ? ['rights'] : []
  const names = await readdir(lab, { recursive: true })
  expect(await kindsOf(client)).toEqual(['prepared', ...rights, 'stray', 'table'])
  expect(await readdir(lab, { recursive: true })).toEqual(names)
  const mended = isPosix ? ['rights, mended'] : []
  // A table that only its file can bring back is left, and so is what a person has put there.
  expect(await kindsOf(client, 'mend')).toEqual(['prepared, mended', ...mended, 'stray, mended', 'table'])
  expect(await kindsOf(client)).toEqual(['table'])
  expect(await readdir(lab)).toContain('mine.txt')
})
