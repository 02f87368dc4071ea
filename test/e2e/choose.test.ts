import AxeBuilder from '@axe-core/playwright'
import { readFile } from 'node:fs/promises'
import { expect, test } from '#test/e2e/lab.ts'
import { openLab, openSample, rowOf } from '#test/e2e/pages.ts'

test('two topologies, one is chosen with its reason, the test part is opened once, and the report tells it', async ({
  page,
  lab
}) => {
  await openLab(page, lab)
  await openSample(page, /Iris/)
  await page.getByText('Choose', { exact: true }).click()
  const choice = page.getByRole('region', { name: 'Choice' })
  await expect(choice.getByRole('heading', { name: 'Nothing to choose from yet' })).toBeVisible()
  for (const [index, hidden] of ['2', '24'].entries()) {
    await page.getByLabel('Hidden layers').fill(hidden)
    await page.getByRole('button', { name: 'Train' }).click()
    await expect(rowOf(page, index + 1)).toContainText('Done')
  }

  const other = choice.getByRole('radio').nth(1)
  await other.check()
  const choose = choice.getByRole('button', { name: /^Choose / })
  await expect(choose).toBeDisabled()
  await choice.getByLabel(/^Why not /).fill('It fits a <small> device.')
  await choose.click()
  await expect(choice).toContainText('against the suggestion of')

  await choice.getByRole('radio', { name: /^Trained anew/ }).check()
  await choice.getByRole('button', { name: 'Train the final model' }).click()
  await expect(choice.getByText(/^Run 3/)).toContainText('Done')
  const sealed = choice.getByRole('region', { name: 'Sealed test part' })
  await expect(sealed).toContainText(/The test error should lie\s*\d/)
  expect((await new AxeBuilder({ page }).include('section').analyze()).violations).toEqual([])
  await sealed.getByRole('button', { name: 'Open the test part' }).click()
  await expect(sealed).toContainText(/Opened for run 3.*Test error\s*\d.*Expected\s*\d/s)
  // The details of the run say the same.
  await rowOf(page, 3).dblclick()
  await expect(page.getByRole('region', { name: 'Test part', exact: true })).toContainText(
    'opening 1 of this experiment'
  )

  const download = page.waitForEvent('download')
  await choice.getByRole('button', { name: 'Save report' }).click()
  const file = await download
  expect(file.suggestedFilename()).toBe('iris-species-report.html')
  const html = await readFile(await file.path(), 'utf8')
  expect(html).toContain('It fits a &lt;small&gt; device.')
  expect(html).toMatch(/<svg viewBox/)
  expect(html).not.toMatch(/(src|href)=/)
  await page.goto('about:blank')
  await page.setContent(html)
  await expect(page.getByRole('heading', { name: 'iris: species' })).toBeVisible()
  await expect(page.getByRole('row', { name: /^1 3 / })).toContainText('%')
})
