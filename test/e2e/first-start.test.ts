import { expect, test } from '#test/e2e/lab.ts'
import { cloudsCsv, openLab, openSample, rowOf } from '#test/e2e/pages.ts'

test('from the first start over a sample to curves without a setting', async ({ page, lab }) => {
  await openLab(page, lab)
  await expect(page.getByText('Drop a table here')).toBeVisible()
  await openSample(page, /Iris/)
  await page.getByRole('button', { name: 'Train' }).click()
  await expect(page.getByRole('img', { name: /Lines of the Loss, now run 1: training \d/ })).toBeVisible()
  await expect(rowOf(page, 1)).toContainText('Done')
  await expect(rowOf(page, 1)).toContainText(/\d\s%/)
})

test('a chosen file is profiled, asked a question, and trained', async ({ page, lab }) => {
  await openLab(page, lab)
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose files' }).click()
  await (await chooser).setFiles({ name: 'clouds.csv', mimeType: 'text/csv', buffer: Buffer.from(cloudsCsv()) })
  await expect(page.getByRole('heading', { level: 1, name: 'clouds' })).toBeVisible()
  await expect(page.getByText('120 rows, 3 columns')).toBeVisible()
  await expect(page.getByLabel('Target')).toHaveValue('kind')
  await page.getByLabel('Role of width').selectOption('ignored')
  await expect(page.getByText('1 column as input')).toBeVisible()
  await page.getByText('Rows', { exact: true }).click()
  await expect(page.getByRole('region', { name: 'Rows' }).getByRole('cell', { name: 'left' }).first()).toBeVisible()
  await page.getByRole('button', { name: 'Create experiment' }).click()
  await page.getByRole('button', { name: 'Train' }).click()
  await expect(rowOf(page, 1)).toContainText('Done')
})

test('a file dropped anywhere on the window is imported', async ({ page, lab }) => {
  await openLab(page, lab)
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer()
    data.items.add(new File([text], 'dropped.csv', { type: 'text/csv' }))
    return data
  }, cloudsCsv())
  await page.dispatchEvent('nav', 'dragenter', { dataTransfer: transfer })
  await expect(page.getByText('Drop it to take it into the lab')).toBeVisible()
  await page.dispatchEvent('nav', 'drop', { dataTransfer: transfer })
  await expect(page.getByRole('heading', { level: 1, name: 'dropped' })).toBeVisible()
})

test('a file that is no table gets its sentence and another try', async ({ page, lab }) => {
  await openLab(page, lab)
  const field = page.locator('input[type=file]')
  await field.setInputFiles({ name: 'empty.csv', mimeType: 'text/csv', buffer: Buffer.from('') })
  await expect(page.getByRole('alert')).toContainText('empty.csv is empty')
  // No way of reading it makes a table of nothing.
  await expect(page.getByLabel('Delimiter')).toBeHidden()
  await field.setInputFiles({ name: 'head.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n') })
  await expect(page.getByRole('alert')).toContainText('head.csv has a header')
  await page.getByLabel('Delimiter').selectOption(';')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('alert')).toContainText('head.csv')
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('a regression can be judged by RMSE, MAE and R2', async ({ page, lab }) => {
  await openLab(page, lab)
  await openSample(page, /Noisy sine/)
  await page.getByRole('button', { name: 'Train' }).click()
  await expect(page.getByRole('img', { name: /Lines of the RMSE, now run 1: training \d/ })).toBeVisible()
  await page.getByText('R2', { exact: true }).first().click()
  await expect(page.getByRole('img', { name: /Lines of the R2, now run 1/ })).toBeVisible()
})
