/** What a click opens is what was clicked, what blew up says so at once, and the picture stands beside the curves. */
import { expect, test } from '#test/e2e/lab.ts'
import { openLab, openSample, rowOf } from '#test/e2e/pages.ts'

test('the picture of what a network says stands beside its curves, and opening details moves no row', async ({
  page,
  lab
}) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await openLab(page, lab)
  await openSample(page, /XOR/)
  await page.getByLabel('Max epochs').fill('40')
  for (const [index, hidden] of ['none', '3:tanh', '4:tanh'].entries()) {
    await page.getByLabel('Hidden layers').fill(hidden)
    await page.getByRole('button', { name: 'Train', exact: true }).click()
    await expect(rowOf(page, index + 1)).toContainText('Done')
  }
  const picture = page.getByRole('figure', { name: 'What run 3 says' })
  await expect(
    picture
      .getByRole('application', { name: /epoch \d+/ })
      .or(picture.locator('canvas'))
      .first()
  ).toBeVisible()
  await picture.getByRole('button', { name: 'Look inside' }).click()
  await expect(page.getByRole('radio', { name: 'Understand' })).toBeChecked()
  await page.getByRole('radio', { name: 'Curves' }).press(' ')

  await page.keyboard.press('Escape')
  const details = page.getByRole('complementary', { name: /^Run \d/ })
  await expect(details).toHaveCount(0)
  const row = rowOf(page, 2)
  const before = await row.boundingBox()
  await row.dblclick({ delay: 30, position: { x: 140, y: 10 } })
  await expect(details.getByRole('heading', { name: 'Run 2', exact: true })).toBeVisible()
  expect((await row.boundingBox())?.y).toBe(before?.y)

  // What the verdict on one that has learned advises is one click.
  await page.getByLabel('Hidden layers').fill('16:tanh')
  await page.getByLabel('Learning rate', { exact: true }).fill('0.02')
  await page.getByLabel('Max epochs').fill('300')
  await page.getByRole('button', { name: 'Train', exact: true }).click()
  await expect(rowOf(page, 4)).toContainText('Done')
  await details
    .getByRole('button', { name: /^(Train with seed|Train up to|Try )/ })
    .first()
    .click()
  await expect(rowOf(page, 5)).toBeVisible()
})

test('a run that blows up in its first epoch says so where its curves would be, with a calmer rate to press', async ({
  page,
  lab
}) => {
  await openLab(page, lab)
  await openSample(page, /Noisy sine/)
  await page.getByLabel('Optimizer').selectOption({ label: 'Gradient descent' })
  await page.getByLabel('Learning rate', { exact: true }).fill('10')
  await page.getByRole('button', { name: 'Train', exact: true }).click()
  await expect(rowOf(page, 1)).toContainText('Diverged')
  await expect(page.getByText(/grew beyond all bounds, at a learning rate of 10\b/)).toBeVisible()
  await expect(page.getByText('The first epoch is on its way.')).toHaveCount(0)
  await page.getByRole('button', { name: /^Train again with rate/ }).click()
  await expect(rowOf(page, 2)).toBeVisible()
})
