/** A lab whose folder takes nothing more can still be looked at, and what was taken out of one is given back to the disk. */
import { accessSync, chmodSync, constants, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { toLabError } from '#contract/client-errors.ts'
import { createLab } from '#lab/lab.ts'
import { openLab, ringsExperiment, servicesOf, startRuns, waitForStatus } from '#test/integration/lab/support.ts'
import { root } from '#test/services.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

/** Permissions do not bind root, so its tests become somebody else for a while; false where that can't be. */
function becomeBound(): boolean {
  if (process.getuid?.() !== 0) return process.platform !== 'win32'
  try {
    process.seteuid?.(65_534)
    onTestFinished(() => process.seteuid?.(0))
    accessSync(join(root, 'package.json'), constants.R_OK)
    return true
  } catch {
    return false
  }
}

function makeReadOnly(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    chmodSync(join(name.parentPath, name.name), name.isDirectory() ? 0o555 : 0o444)
  }
  chmodSync(folder, 0o555)
}

it('opens a read-only folder to look at it, and refuses changes with the reason', async ({ skip }) => {
  const folder = await temporaryFolder()
  const lab = join(folder, 'lab')
  const first = await openLab(lab)
  const experiment = await ringsExperiment(first.client, folder)
  const [started] = await startRuns(first.client, experiment, 3)
  await waitForStatus(first.client, started?.id ?? 0, 'done')
  await first.lab.close()
  makeReadOnly(lab)
  onTestFinished(() => {
    for (const entry of readdirSync(lab, { recursive: true, withFileTypes: true })) {
      if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o755)
    }
    chmodSync(lab, 0o755)
  })
  chmodSync(folder, 0o755)
  if (!becomeBound()) skip('Nobody here whom permissions bind.')
  const services = servicesOf({ engines: [], errors: [] })
  await expect(createLab(lab, services)).rejects.toMatchObject({ code: 'lab_unusable' })
  const seen = await createLab(lab, services, { canLookOnly: true })
  onTestFinished(() => seen.close())
  expect(seen.lookOnly?.message).toMatch(/can be read but not written/)
  expect(await seen.client.runs.get({ runId: started?.id ?? 0 })).toMatchObject({ status: 'done' })
  expect((await seen.client.report.write({ experimentId: experiment.id, format: 'html' })).text).toContain('rings')
  expect(
    await seen.client.experiments.remove({ experimentId: experiment.id }).then(() => null, toLabError)
  ).toMatchObject({
    code: 'lab_unusable'
  })
})

it('gives the room of what was removed back to the disk', async () => {
  const folder = await temporaryFolder()
  const lab = join(folder, 'lab')
  const first = await openLab(lab)
  const experiment = await ringsExperiment(first.client, folder)
  const started = await startRuns(first.client, experiment, 400, [1, 2, 3, 4, 5, 6])
  for (const { id } of started) await waitForStatus(first.client, id, 'done')
  await first.lab.close()
  const before = statSync(join(lab, 'lab.sqlite')).size
  const { client, lab: second } = await openLab(lab)
  await client.experiments.remove({ experimentId: experiment.id })
  await second.close()
  expect(statSync(join(lab, 'lab.sqlite')).size).toBeLessThan(before / 2)
})
