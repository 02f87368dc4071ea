/** The reading of a table belongs to its data set: files are read again in another way, and as before. */
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { ContractClient } from '#contract/contract.ts'
import type { Dataset, ImportProgress } from '#contract/datasets.ts'
import { openLab } from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

type Request = Parameters<ContractClient['datasets']['import']>[0]

async function follow(client: ContractClient, request: Request): Promise<ImportProgress | null> {
  const { jobId } = await client.datasets.import(request)
  let last: ImportProgress | null = null
  for await (const item of await client.datasets.importProgress({ jobId })) last = item
  return last
}

async function read(client: ContractClient, request: Request): Promise<Dataset> {
  const last = await follow(client, request)
  if (last?.type !== 'done') throw new Error(JSON.stringify(last))
  return last.dataset
}

it('reads the same file in another way as a new data set, and remembers the way', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(join(folder, 'lab'))
  const path = join(folder, 'scale.csv')
  const values = Array.from({ length: 40 }, (_, row) => `${row % 9 === 0 ? -1 : row},${'xyz'[row % 3]}`)
  await writeFile(path, `mass,kind\n${values.join('\n')}\n`)
  const first = await read(client, { source: { files: [{ path }] } })
  expect(first.reading?.facts).toEqual(['comma', 'header in line 1', 'decimal point'])
  const second = await read(client, { source: { datasetId: first.id }, options: { missing: ['-1'] } })
  expect(second.id).not.toBe(first.id)
  expect(second.columns[0]?.missing).toBe(5)
  expect((await client.datasets.get({ datasetId: first.id })).columns[0]?.missing).toBe(0)

  // What was chosen stays chosen, whoever reads the bytes as before.
  const third = await read(client, {
    source: { datasetId: second.id },
    options: { columns: [{ column: 'kind', as: 'text' }] }
  })
  expect(third.reading?.options).toMatchObject({ missing: ['-1'], columns: [{ column: 'kind', as: 'text' }] })
  const again = await read(client, { source: { files: [{ path }] }, asBefore: true })
  expect(again.id).toBe(third.id)
  expect((await read(client, { source: { files: [{ path }] } })).id).toBe(first.id)

  await rename(path, join(folder, 'moved.csv'))
  const lost = await follow(client, { source: { datasetId: first.id }, options: { header: false } })
  expect(lost).toMatchObject({
    type: 'failed',
    message: expect.stringMatching(/scale\.csv is not there any more/) as string
  })
})
