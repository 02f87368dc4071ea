import { expect, test } from '#test/e2e/lab.ts'
import { expectNoFaults, openLab, openSample, rowOf } from '#test/e2e/pages.ts'

test('a network is understood by keyboard: other columns, other epochs, its units, and a run from an epoch', async ({
  page,
  lab
}) => {
  await openLab(page, lab)
  await openSample(page, /Iris/)
  await page.getByLabel('Hidden layers').fill('8x4')
  await page.getByRole('button', { name: 'Train' }).click()
  await expect(rowOf(page, 1)).toContainText('Done')
  await page.getByRole('radio', { name: 'Understand' }).press(' ')

  const picture = page.getByRole('group', { name: /^Response of run 1: 8x4 relu, epoch \d+/ })
  await expect(picture).toBeVisible()
  await picture.focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByText(/^petal length \(cm\) [\d.]+, petal width \(cm\) [\d.]+:/)).toBeVisible()
  await page.getByLabel('Across').selectOption('sepal width (cm)')
  await picture.focus()
  await page.keyboard.press('ArrowUp')
  await expect(page.getByText(/^sepal width \(cm\) .*setosa|versicolor|virginica/).first()).toBeVisible()

  const epoch = page.getByRole('slider', { name: 'Epoch' })
  await epoch.focus()
  await page.keyboard.press('Home')
  await expect(picture).toHaveAccessibleName(/epoch 0$/)
  await page.keyboard.press('ArrowRight')
  await expect(picture).toHaveAccessibleName(/epoch 1$/)

  // Why a weight of just this epoch moved, and back.
  await page.getByRole('button', { name: 'Why did a weight move?' }).click()
  await expect(page.getByText(/^Epoch 1, a row of the training part/)).toBeVisible()
  await expect(page.getByText(/Gradient check passed/)).toBeVisible()
  await page.getByLabel('Epoch', { exact: true }).selectOption('0, the start')
  await expect(page.getByText(/^Epoch 0, a row of the training part/)).toBeVisible()
  await page.goBack()
  await expect(picture).toHaveAccessibleName(/epoch 1$/)

  await page.getByRole('radio', { name: 'Network' }).press(' ')
  const unit = page.getByRole('button', { name: /^hidden layer 1, unit 1/ })
  await unit.focus()
  await expect(page.getByRole('group', { name: /^What unit 1 gives: 8x4 relu, epoch 1$/ })).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('button', { name: /^hidden layer 2, unit 1/ })).toBeFocused()
  await page.getByRole('button', { name: /^output, virginica/ }).hover()
  await expect(page.getByRole('heading', { name: 'virginica' })).toBeVisible()
  await expectNoFaults(page)

  await page.getByRole('radio', { name: 'Mistakes' }).press(' ')
  await expect(page.getByText(/worst/i).first()).toBeVisible()
  await page.getByRole('radio', { name: 'Columns' }).press(' ')
  await expect(page.getByText(/shuffl/i).first()).toBeVisible()
  await page.getByRole('radio', { name: 'Response' }).press(' ')
  await page.getByRole('button', { name: 'Continue from here' }).click()
  await expect(rowOf(page, 2)).toContainText('Done')
  await rowOf(page, 2).click()
  await expect(page.getByText('with its weights of epoch 1')).toBeVisible()
})
