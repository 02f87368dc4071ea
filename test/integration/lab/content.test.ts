/** What a lab keeps is compared with what was stored: caches are written again, a damaged table is named with its mend. */
import { copyFile, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { toLabError } from '#contract/client-errors.ts'
import type { ContractClient } from '#contract/contract.ts'
import { importDataset, openLab, planFor, ringsExperiment, waitForStatus } from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

async function train(client: ContractClient, experimentId: number) {
  const hidden = [{ units: 8, activation: 'tanh' as const }]
  const [run] = await client.runs.start({ experimentId, hidden, plan: planFor(30), seeds: [1] })
  return waitForStatus(client, run?.id ?? 0, 'done', 'interrupted')
}

/** Sets the second half of a file to zero and keeps its size. */
async function zeroHalf(path: string): Promise<void> {
  const { size } = await stat(path)
  const file = await open(path, 'r+')
  await file.write(new Uint8Array(size - Math.floor(size / 2)), 0, null, Math.floor(size / 2))
  await file.close()
}

it('writes a prepared table again whose bytes were altered, and trains as before', async () => {
  const folder = await temporaryFolder()
  const first = await openLab(join(folder, 'lab'))
  const { id } = await ringsExperiment(first.client, folder)
  const before = await train(first.client, id)
  await first.lab.close()
  const prepared = join(folder, 'lab', 'prepared')
  const [key = ''] = await readdir(prepared)
  await zeroHalf(join(prepared, key, 'train.f32'))
  const { client } = await openLab(join(folder, 'lab'))
  const after = await train(client, id)
  expect(after.validation).toEqual(before.validation)
})

it('names a stored table that was damaged, replaced or removed, and is whole again once the file is imported again', async () => {
  const folder = await temporaryFolder()
  const first = await openLab(join(folder, 'lab'))
  const { id, settings } = await ringsExperiment(first.client, folder)
  const { datasetId } = settings
  const before = await train(first.client, id)
  const other = await importDataset(first.client, { sampleId: 'iris' })
  const { hash } = await first.client.datasets.get({ datasetId })
  const { hash: otherHash } = await first.client.datasets.get({ datasetId: other.id })
  await first.lab.close()
  const datasets = join(folder, 'lab', 'datasets')
  const table = join(datasets, `${hash}.parquet`)
  const damages = {
    damaged: () => zeroHalf(table),
    replaced: () => copyFile(join(datasets, `${otherHash}.parquet`), table),
    removed: () => rm(table)
  }
  for (const [name, damage] of Object.entries(damages)) {
    await damage()
    await rm(join(folder, 'lab', 'prepared'), { recursive: true })
    const { client, lab } = await openLab(join(folder, 'lab'))
    const refusal = await client.datasets.preview({ datasetId, offset: 0, limit: 5 }).then(() => null, toLabError)
    expect({ name, code: refusal?.code, message: refusal?.message }).toEqual({
      name,
      code: 'lab_unusable',
      message: expect.stringMatching(/^The table of "rings" is not .* Import the same file again/) as string
    })
    expect(await train(client, id)).toMatchObject({ status: 'interrupted', message: refusal?.message })
    await importDataset(client, { files: [{ path: join(folder, 'rings.csv') }] })
    expect((await train(client, id)).validation).toEqual(before.validation)
    await lab.close()
  }
})
