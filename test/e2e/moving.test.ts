import { expect, startWebLab, test } from '#test/e2e/lab.ts'
import { openLab, openSample, rowOf } from '#test/e2e/pages.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

test('an experiment is taken away as one file and chosen in another lab', async ({ page, lab }) => {
  await openLab(page, lab)
  await openSample(page, /Iris/)
  await page.getByLabel('Max epochs').fill('5')
  await page.keyboard.press('Control+Enter')
  await expect(rowOf(page, 1)).toContainText('Done')
  await page.getByRole('button', { name: 'Actions for iris: species' }).click()
  await page.getByRole('menuitem', { name: /^Take it away/ }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Make the file' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe('iris species.toplab')
  await expect(page.getByText(/^1 run, .*: iris species\.toplab, in the downloads/)).toBeVisible()
  const folder = mkdtempSync(join(tmpdir(), 'topology-lab-e2e-'))
  const bundle = join(folder, 'iris.toplab')
  await download.saveAs(bundle)

  const other = await startWebLab(join(folder, 'lab'))
  try {
    await openLab(page, other)
    await page.getByLabel('Choose files').setInputFiles(bundle)
    await expect(page).toHaveURL(/experiments\/1/, { timeout: 30_000 })
    await expect(rowOf(page, 1)).toContainText('Done')
    await expect(page.getByRole('img', { name: /Lines of the Loss, now run 1/ })).toBeVisible()
  } finally {
    await other.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})
