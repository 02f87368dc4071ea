import { expect, test } from '#test/e2e/lab.ts'
import { cloudsCsv, expectNoFaults, openLab, openSample, rowOf } from '#test/e2e/pages.ts'

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds no fault on any screen, ${theme}`, async ({ page, lab }) => {
    // Ten screens, each walked through by axe.
    test.setTimeout(120_000)
    // A theme changes nothing but colours.
    const rules = theme === 'dark' ? ['color-contrast'] : undefined
    const errors: string[] = []
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    page.on('pageerror', (error) => errors.push(error.message))
    await page.emulateMedia({ colorScheme: theme })
    await openLab(page, lab)
    await expectNoFaults(page, rules)

    await page.locator('input[type=file]').setInputFiles({
      name: 'clouds.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(cloudsCsv())
    })
    await expect(page.getByRole('button', { name: 'Create experiment' })).toBeEnabled()
    await expectNoFaults(page, rules)

    await page.getByRole('button', { name: 'Create experiment' }).click()
    await expect(page.getByRole('button', { name: 'Train' })).toBeEnabled()
    await expectNoFaults(page, rules)
    await page.getByLabel('Repeats').fill('3')
    await page.getByRole('button', { name: 'Train' }).click()
    await expect(page.getByRole('row', { name: /3 runs/ })).toContainText('Done')
    await page.getByRole('button', { name: /^Fold out 3 runs/ }).click()
    await rowOf(page, 1).click()
    await page.getByRole('button', { name: 'Open the test part' }).click()
    await expect(page.getByText('opening 1 of this experiment')).toBeVisible()
    await expectNoFaults(page, rules)

    await page.getByRole('button', { name: 'Sweep', exact: true }).click()
    await expect(page.getByRole('button', { name: 'Start the sweep' })).toBeVisible()
    await page.getByRole('radio', { name: 'Complexity' }).press(' ')
    await expect(page.getByRole('group', { name: /^Points of the curve/ }).getByRole('button')).toHaveCount(1)
    await expectNoFaults(page, rules)
    await page.getByRole('radio', { name: 'Choose' }).press(' ')
    await expect(page.getByRole('button', { name: 'Save report' })).toBeVisible()
    await expectNoFaults(page, rules)
    await page.getByRole('radio', { name: 'Understand' }).press(' ')
    await page.getByRole('radio', { name: 'Mistakes' }).press(' ')
    await expect(page.getByText(/worst/i).first()).toBeVisible()
    await expectNoFaults(page, rules)
    await page.getByRole('button', { name: /^Actions for clouds/ }).click()
    await page.getByRole('menuitem', { name: /^Take it away/ }).click()
    await expectNoFaults(page, rules)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Predict and export' }).click()
    await expect(page.getByRole('button', { name: /^Export / }).first()).toBeVisible()
    await expectNoFaults(page, rules)
    expect(errors).toEqual([])
  })
}

test('what floats over a screen is held to the same rules, and belongs to its landmarks', async ({ page, lab }) => {
  test.setTimeout(120_000)
  await openLab(page, lab)
  await openSample(page, /Iris/)
  await page.getByRole('button', { name: 'Train' }).click()
  await expect(rowOf(page, 1)).toContainText('Done')
  // Menus look alike: colours and all else are looked at in one of them, in the others what their place decides.
  const ofPlace = ['region', 'aria-required-children', 'aria-required-parent', 'nested-interactive', 'button-name']
  const menu = page.getByRole('menu')
  for (const name of [
    'Actions for iris: species',
    'Columns',
    'Loss chart',
    'More for layer 1',
    'Actions for the runs'
  ]) {
    await page.getByRole('button', { name, exact: true }).click()
    await expect(menu).toBeVisible()
    await expectNoFaults(page, name === 'Columns' ? undefined : ofPlace)
    await page.keyboard.press('Escape')
    await expect(menu).toBeHidden()
  }
  await page.getByRole('button', { name: /^Jobs/ }).click()
  await expect(page.getByRole('dialog', { name: 'Queue' })).toBeVisible()
  await expectNoFaults(page)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Keyboard map' }).hover()
  await expect(page.locator('.tooltip')).toBeVisible()
  await expectNoFaults(page, ofPlace)
})

test('the command palette goes places, and the map of keys opens with a question mark', async ({ page, lab }) => {
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  await openLab(page, lab)
  await openSample(page, /XOR/)
  await page.keyboard.press('Control+k')
  await expectNoFaults(page)
  await page.getByRole('combobox', { name: 'Command' }).fill('theme dark')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Command' }).fill('check the lab')
  await page.keyboard.press('Enter')
  const check = page.getByRole('dialog', { name: 'Check of the lab' })
  await expect(check).toContainText('All is as it was stored.')
  await expectNoFaults(page)
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard map' })).toContainText('Train')
  await expectNoFaults(page)
  await page.keyboard.press('Escape')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  expect(errors).toEqual([])
})

test('a lab that goes away is reconnected to, with its runs', async ({ page, lab }) => {
  await openLab(page, lab)
  await openSample(page, /Iris/)
  await page.getByRole('button', { name: 'Train' }).click()
  await expect(rowOf(page, 1)).toContainText('Done')
  await lab.kill()
  await expect(page.getByText(/Reconnecting to the lab/)).toBeVisible()
  await lab.start()
  await page.goto(lab.address())
  await page.getByRole('link', { name: /iris/ }).first().click()
  await expect(rowOf(page, 1)).toContainText('Done')
})

test('panes are moved by keyboard and stay where they were left', async ({ page, lab }) => {
  await openLab(page, lab)
  await openSample(page, /Iris/)
  const bar = page.getByRole('separator', { name: 'Width of topology and plan' })
  const before = Number(await bar.getAttribute('aria-valuenow'))
  await bar.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect(bar).toHaveAttribute('aria-valuenow', `${before + 4}`)
  await page.reload()
  await expect(bar).toHaveAttribute('aria-valuenow', `${before + 4}`)
  await bar.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Train' })).toBeHidden()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Train' })).toBeVisible()
})
