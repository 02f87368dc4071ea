import type { Page } from '@playwright/test'
import { expect, test } from '#test/e2e/lab.ts'
import { openLab, openSample } from '#test/e2e/pages.ts'

/** Opens the form for a sweep with these sizes, in one layer, and two seeds. */
async function planSweep(page: Page, widths: readonly number[]): Promise<void> {
  await page.getByLabel('Max epochs').fill('30')
  await page.getByRole('button', { name: 'Sweep', exact: true }).click()
  await page.getByRole('button', { name: 'Clear' }).click()
  for (const width of widths)
    await page.getByRole('button', { name: `1 layer of ${width} unit${width === 1 ? '' : 's'}` }).click()
  // So few rows are judged by folds unless a person wants otherwise.
  await expect(page.getByText(/5 folds judge, so that all 120 rows/)).toBeVisible()
  await page.getByRole('group', { name: 'Validation' }).getByText('One part').click()
  await page.getByLabel('Seeds per point').fill('2')
}

test('a sweep is planned, watched and judged, and goes on by a click in the chart', async ({ page, lab }) => {
  await openLab(page, lab)
  await openSample(page, /Iris/)
  await planSweep(page, [1, 4, 16])
  // Three sizes and the linear model.
  await expect(page.getByText(/^4 topologies × 2 seeds = 8 runs/)).toBeVisible()
  await page.getByLabel('Seeds per point').fill('0')
  await expect(page.getByText('Seeds must be a whole number from 1 to 1,000.')).toBeVisible()
  await page.getByLabel('Seeds per point').fill('2')
  await page.getByRole('button', { name: 'Start the sweep' }).click()

  const suggestion = page.getByRole('region', { name: 'Suggestion' })
  await expect(page.getByText(/Sweep 1: .* of it on losers/)).toBeVisible()
  await expect(suggestion).toContainText(/Suggested: (no hidden layer|1|4|16)/)
  await expect(suggestion).toContainText('4 topologies tried')
  const points = page.getByRole('group', { name: /^Points of the curve/ })
  await expect(points.getByRole('button')).toHaveCount(4)

  // By keyboard: to the largest, which can only go on.
  await points.getByRole('button').first().focus()
  await page.keyboard.press('End')
  await expect(points.getByRole('button', { name: /^16: validation/ })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Go beyond' }).click()
  const planned = page.getByRole('group', { name: 'Planned trials' }).filter({ hasText: '32, past 16' })
  await expect(planned).toContainText('2 runs')
  await planned.getByRole('button', { name: 'Train' }).click()
  await expect(points.getByRole('button', { name: /^32: validation/ })).toBeVisible()

  // By pointer: a click between two points asks for what lies between.
  const [from, to] = await Promise.all(
    ['4', '16'].map((name) => points.getByRole('button', { name: new RegExp(`^${name}: validation`) }).boundingBox())
  )
  if (!from || !to) throw new Error('Two points expected.')
  await page.mouse.click((from.x + to.x + from.width) / 2, (from.y + to.y + from.height) / 2)
  await expect(page.getByText(/^4 topologies between 4 and 16: 5, 7, 9, 12/)).toBeVisible()

  // And a drag away from the end goes on from it, the further the more.
  const end = await points.getByRole('button', { name: /^32: validation/ }).boundingBox()
  if (!end) throw new Error('A point expected.')
  await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2)
  await page.mouse.down()
  await page.mouse.move(end.x + end.width / 2 + 64, end.y + end.height / 2, { steps: 4 })
  await page.mouse.up()
  await expect(page.getByText(/^64, 128, past 32/)).toBeVisible()

  await page.getByText('Depth × width', { exact: true }).click()
  await page.getByRole('button', { name: /^2 layers of 4 units: not tried/ }).click()
  await expect(page.getByRole('group', { name: 'Planned trials' }).filter({ hasText: '1 topology' })).toContainText(
    '2 runs'
  )

  await page.getByRole('button', { name: /^Sweeps \(2\)/ }).click()
  await expect(page.getByRole('dialog')).toContainText('4 points × 2 seeds, grid')
  await page.keyboard.press('Escape')

  // The same sizes by cross-validation: a curve of its own, beside the one of the validation part.
  await page.getByRole('button', { name: 'Sweep', exact: true }).click()
  await page.getByText('Folds', { exact: true }).click()
  const folds = page.getByRole('spinbutton', { name: 'Folds' })
  await folds.fill('1')
  await expect(page.getByText('Folds must be a whole number from 2 to 20.')).toBeVisible()
  await folds.fill('4')
  await expect(page.getByText(/^4 topologies × 4 folds × 2 seeds = 32 runs/)).toBeVisible()
  await page.getByRole('button', { name: 'Start the sweep' }).click()
  await page.getByRole('group', { name: 'Picture of the complexity' }).getByText('Curve', { exact: true }).click()
  await expect(points.getByRole('button', { name: /4 folds/ })).toHaveCount(4)
  await expect(suggestion).toContainText('4 topologies tried')
  await expect(page.getByRole('row').filter({ hasText: 'no hidden layer' }).first()).toContainText(/8 runs/)
  await page.getByRole('group', { name: 'Judged by' }).getByText('One part').click()
  await expect(points.getByRole('button', { name: /2 seeds/ })).toHaveCount(5)
})

test('a paused sweep is still there after the lab was killed, and goes on', async ({ page, lab }) => {
  await openLab(page, lab)
  await openSample(page, /Iris/)
  await planSweep(page, [1, 2, 4])
  await page.getByLabel('Max epochs').fill('200000')
  await page.getByLabel('Stop early').uncheck()
  await page.getByRole('button', { name: 'Start the sweep' }).click()
  const strip = page.getByRole('region', { name: 'Sweep 1' })
  await strip.getByRole('button', { name: 'Pause sweep 1' }).click()
  await expect(strip).toContainText('Paused')
  await lab.kill()
  await lab.start()
  await page.goto(lab.address())
  await page.getByRole('link', { name: /iris/ }).first().click()
  await expect(strip).toContainText(/Paused.* of 8 runs/)
  await strip.getByRole('button', { name: 'Resume sweep 1' }).click()
  await expect(strip).toContainText(/training/)
  await strip.getByRole('button', { name: 'Stop sweep 1' }).click()
  await expect(strip).toBeHidden()
  await page.getByText('Complexity', { exact: true }).click()
  await expect(page.getByText(/unfinished runs? not drawn|have not come to their end/)).toBeVisible()
})
