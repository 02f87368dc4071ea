import { readFile } from 'node:fs/promises'
import type { Locator } from '@playwright/test'
import { expect, test } from '#test/e2e/lab.ts'
import { openLab, openSample, planLongRun, rowOf } from '#test/e2e/pages.ts'

test.beforeEach(async ({ page, lab }) => {
  await openLab(page, lab)
  await openSample(page, /Iris/)
})

test('a topology is built by keyboard alone, and the text follows', async ({ page }) => {
  const text = page.getByLabel('Hidden layers')
  await text.fill('8x4')
  await page.getByRole('button', { name: /^Hidden layer 1: 8 units/ }).focus()
  await page.keyboard.press('ArrowUp')
  await expect(text).toHaveValue('9x4')
  await page.keyboard.press('Shift+ArrowUp')
  await expect(text).toHaveValue('18x4')
  await page.keyboard.press('Alt+ArrowRight')
  await expect(text).toHaveValue('4x18')
  await page.keyboard.press('+')
  await expect(text).toHaveValue('4x18x18')
  await page.keyboard.press('Delete')
  await page.keyboard.press('Delete')
  await page.keyboard.press('Delete')
  await expect(text).toHaveValue('none')
  await page.keyboard.press('Enter')
  await expect(text).toHaveValue('16')
  await page.getByLabel('Activation of hidden layer 1').selectOption('tanh')
  await expect(page.getByRole('button', { name: 'Hidden layer 1: 16 units, Tanh' })).toBeVisible()
  await page.keyboard.press('Control+z')
  await page.getByRole('button', { name: 'Hidden layer 1: 16 units, ReLU' }).focus()
  await page.keyboard.press('d')
  await expect(text).toHaveValue('16x16')
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await expect(text).toHaveValue('none')
  await page.keyboard.press('Control+Shift+z')
  await expect(text).toHaveValue('16')

  await text.fill('2a x a:dropout=0.2')
  await expect(page.getByText('7 x 4 with 4 inputs and 3 outputs')).toBeVisible()
  await expect(page.getByLabel('Dropout', { exact: true })).toHaveValue('0.2')
  await page.getByRole('button', { name: 'Topologies to start from' }).click()
  await page.getByRole('menuitem', { name: /^Bottleneck/ }).click()
  await expect(text).toHaveValue('i x i/4 x i')
})

test('layers are added, dragged and removed in the diagram', async ({ page }) => {
  const text = page.getByLabel('Hidden layers')
  await text.fill('8x4')
  await page.getByRole('button', { name: 'Add a layer before the output' }).click()
  await expect(text).toHaveValue('8x4x4')
  const [first, last] = await Promise.all([
    page.getByRole('button', { name: /^Hidden layer 1:/ }).boundingBox(),
    page.getByRole('button', { name: /^Hidden layer 3:/ }).boundingBox()
  ])
  if (!first || !last) throw new Error('The layers have places.')
  await page.mouse.move(first.x + first.width / 2, first.y + 20)
  await page.mouse.down()
  await page.mouse.move(last.x + last.width / 2, last.y + 20, { steps: 12 })
  await page.mouse.up()
  await expect(text).toHaveValue('4x4x8')
  await page.getByRole('button', { name: 'Remove hidden layer 1' }).click()
  await expect(text).toHaveValue('4x8')
  const edge = await page.getByRole('button', { name: 'Lower edge of layer 1' }).boundingBox()
  if (!edge) throw new Error('The layer has an edge.')
  await page.mouse.move(edge.x + edge.width / 2, edge.y + edge.height / 2)
  await page.mouse.down()
  await page.mouse.move(edge.x + edge.width / 2, edge.y + edge.height / 2 + 16, { steps: 4 })
  await page.mouse.up()
  await expect(text).toHaveValue('6x8')
  await page.getByRole('button', { name: 'Back one step' }).click()
  await expect(text).toHaveValue('4x8')
})

test('what can not be trained says so beside the field, and Train waits', async ({ page }) => {
  const train = page.getByRole('button', { name: 'Train' })
  await page.getByLabel('Hidden layers').fill('64xbanana')
  await expect(page.getByText(/"banana" is no layer/)).toBeVisible()
  await expect(train).toBeDisabled()
  await page.getByLabel('Hidden layers').fill('64')
  await page.getByLabel('Learning rate').fill('-1')
  await expect(page.getByText(/^Learning rate must be/)).toBeVisible()
  await expect(train).toBeDisabled()
  await page.getByLabel('Learning rate').fill('0.01')
  await expect(train).toBeEnabled()

  await page.getByText('More', { exact: true }).click()
  await page.getByText('Regularisation', { exact: true }).click()
  await page.getByLabel('L2', { exact: true }).fill('0.001')
  await page.getByText('Regularisation', { exact: true }).click()
  await expect(page.getByLabel('L2', { exact: true })).toHaveCount(0)
  const changed = page.getByRole('list', { name: 'Changed settings' })
  await expect(changed).toHaveText(/L2 0.001/)
  await page.getByLabel('Optimizer', { exact: true }).selectOption('lbfgs')
  await expect(page.getByText(/it needs the full batch/)).toBeVisible()
  await page.getByLabel('Full batch').check()
  await expect(train).toBeEnabled()
  await changed.getByRole('button', { name: 'Take back: L2 0.001' }).click()
  await expect(changed).toHaveCount(0)
})

test('a run is paused, resumed and stopped, and is there after a reload', async ({ page }) => {
  await planLongRun(page)
  await page.keyboard.press('Control+Enter')
  await expect(rowOf(page, 1)).toContainText('Running')
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(rowOf(page, 1)).toContainText('Paused')
  await page.getByRole('button', { name: 'Resume', exact: true }).click()
  await expect(rowOf(page, 1)).toContainText('Running')

  // The bar where it was started tells how far it is, with the same commands for all that was started there.
  const here = page.getByRole('region', { name: 'In training here' })
  await expect(here).toContainText(/epoch [\d,]+ of 100,000/)
  await here.getByRole('button', { name: 'Pause these runs' }).click()
  await expect(rowOf(page, 1)).toContainText('Paused')
  await expect(here).toContainText('paused')
  await here.getByRole('button', { name: 'Resume these runs' }).click()
  await expect(rowOf(page, 1)).toContainText('Running')

  // What trains is at hand on every screen.
  await page.getByRole('link', { name: 'Data' }).click()
  await page.getByRole('button', { name: /^Jobs\s*1\s*in training/ }).click()
  const queue = page.getByRole('dialog', { name: 'Queue' })
  await expect(queue).toContainText('run 1, 256x256 relu')
  await queue.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(queue.getByRole('heading', { name: 'Paused' })).toBeVisible()
  await queue.getByRole('link', { name: /^run 1,/ }).click()
  await expect(queue).toBeHidden()
  await here.getByRole('button', { name: 'Stop these runs' }).click()
  await expect(rowOf(page, 1)).toContainText('Stopped')
  await expect(here).toBeHidden()

  await page.reload()
  await expect(rowOf(page, 1)).toContainText('Stopped')
  await expect(page.getByRole('img', { name: /Lines of the Loss, now run 1: training \d/ })).toBeVisible()
  await expect(page.getByLabel('Hidden layers')).toHaveValue('256x256')
})

test('seeds are one row with their mean, fold out, are filtered, marked, saved, and deleted with an undo', async ({
  page
}) => {
  await page.getByLabel('Repeats').fill('2')
  await page.getByRole('button', { name: 'Train' }).click()
  const loss = page.getByRole('img', { name: /^Lines of the Loss/ })
  await expect(loss).toHaveAccessibleName(/run 1: training \d.*run 2: training \d/)
  const grid = page.getByRole('treegrid', { name: 'Runs' })
  const group = grid.getByRole('row', { name: /2 runs/ })
  await expect(group).toContainText('Done')
  await expect(group).toContainText('\u00b1')
  await expect(rowOf(page, 1)).toHaveCount(0)
  await page.getByText('Mean of seeds').click()
  await expect(loss).toHaveAccessibleName(/32x16 relu: training \d.*\u00b1/)
  await page.getByText('Each run').click()

  await grid.focus()
  // Of a folded group: it folds out, and its newest run is written to.
  await page.keyboard.press('n')
  await page.getByLabel('Note of run 2').fill('is it the seed?')
  await page.keyboard.press('Enter')
  await expect(rowOf(page, 2)).toContainText('is it the seed?')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowDown')
  await expect(loss).not.toHaveAccessibleName(/run 1/)
  await page.keyboard.press('Shift+ArrowDown')
  await expect(loss).toHaveAccessibleName(/run 2.*run 1/)
  await page.keyboard.press('*')
  await expect(page.getByRole('button', { name: 'Star run 1' })).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('t')
  await page.getByLabel('Tags of run 1, separated by commas').fill('keep, narrow')
  await page.keyboard.press('Enter')
  await expect(rowOf(page, 1)).toContainText('narrow')

  await page.getByLabel('Search the runs').fill('narrow')
  await expect(page.getByRole('status').filter({ hasText: '1 of 2 runs' })).toBeVisible()
  await expect(rowOf(page, 2)).toHaveCount(0)
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Actions for the runs' }).click()
  await page.getByRole('menuitem', { name: 'Save the filtered runs as CSV' }).click()
  const text = await readFile(await (await saving).path(), 'utf8')
  expect(text.split('\r\n')).toHaveLength(3)
  expect(text).toContain('keep; narrow,true')
  await page.getByRole('button', { name: 'Show all runs again' }).click()

  await page.getByText('Runs', { exact: true }).last().click()
  await grid.focus()
  await page.keyboard.press('Delete')
  await expect(rowOf(page, 1)).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(rowOf(page, 1)).toHaveCount(1)
})

test('many curves follow the zoom as a picture, are drawn exactly where it rests, and as before when all is shown again', async ({
  page
}) => {
  await page.getByLabel('Max epochs').fill('40')
  await page.getByLabel('Repeats').fill('9')
  await page.getByRole('button', { name: 'Train' }).click()
  await expect(page.getByRole('row', { name: /9 runs/ })).toContainText('Done')
  await expect(page.getByRole('heading', { name: 'Curves' }).locator('..')).toContainText('9 runs')
  const loss = page.getByRole('img', { name: /^Lines of the Loss/ })
  await expect(async () => {
    const [whole] = await picturesAfter(loss, 'Shift')
    for (const notch of ['+', '+', '+']) {
      // As it was, moved, and exact: other pictures than the one before may come in between.
      expect((await picturesAfter(loss, notch)).length).toBeGreaterThanOrEqual(3)
    }
    expect((await picturesAfter(loss, 'Escape')).at(-1)).toBe(whole)
    // Again where the last epochs came in between.
  }).toPass({ timeout: 30_000 })
})

/** The pictures of a chart that follow each other from a key on, until it has rested for a while. */
function picturesAfter(chart: Locator, key: string): Promise<string[]> {
  return chart.evaluate(async (element, key) => {
    const canvas = element.querySelector('canvas')
    if (!canvas) throw new Error('A canvas expected.')
    const pictures = [canvas.toDataURL()]
    element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
    for (let alike = 0; alike < 30; alike++) {
      await new Promise(requestAnimationFrame)
      const picture = canvas.toDataURL()
      if (picture === pictures.at(-1)) continue
      pictures.push(picture)
      alike = 0
    }
    return pictures
  }, key)
}

test('a run tells its settings, keeps its note, and passes its settings on', async ({ page }) => {
  await page.getByLabel('Hidden layers').fill('12')
  await page.getByLabel('Note: what do you want to find out?').fill('Is one layer enough?')
  await page.getByLabel('Tags of the next runs, separated by commas').fill('depth, first')
  await page.getByRole('button', { name: 'Train' }).click()
  await rowOf(page, 1).click()
  const details = page.getByRole('complementary', { name: 'Run 1' })
  await expect(details.getByRole('table', { name: /^Confusion matrix, validation part/ })).toBeVisible()
  await expect(details.getByRole('textbox', { name: 'Note' })).toHaveValue('Is one layer enough?')
  await expect(details.getByLabel('Tags')).toHaveValue('depth, first')
  await details.getByRole('textbox', { name: 'Note' }).fill('Yes.')
  await details.getByRole('textbox', { name: 'Note' }).blur()
  await expect(rowOf(page, 1)).toContainText('Yes.')
  // Parts of the details fold, and stay as they were left.
  const settings = details.getByRole('button', { name: 'Settings', exact: true })
  await settings.click()
  await page.reload()
  await expect(settings).toHaveAttribute('aria-expanded', 'false')
  await settings.click()
  await expect(details.getByText('Adam')).toBeVisible()
  await page.getByLabel('Hidden layers').fill('3')
  await details.getByRole('button', { name: 'Use these settings' }).click()
  await expect(page.getByLabel('Hidden layers')).toHaveValue('12')
  await page.getByLabel('Learning rate').fill('0.01')
  await expect(page.getByText('After run 1: Learning rate 0.001 \u2192 0.01')).toBeVisible()
  await page.getByRole('button', { name: 'Train' }).click()
  await rowOf(page, 2).click()
  const next = page.getByRole('complementary', { name: 'Run 2' })
  await expect(next.getByText('Made from run 1: Learning rate 0.001 \u2192 0.01.')).toBeVisible()
  // A key goes to the screen from wherever no letters are taken, such as from a tab.
  await page.getByText('Complexity', { exact: true }).click()
  await page.keyboard.press('Escape')
  await expect(next).toBeHidden()
})

test('the test part is sealed until it is opened, and then stays open', async ({ page }) => {
  await page.getByRole('button', { name: 'Train' }).click()
  await expect(rowOf(page, 1)).toContainText('Done')
  await rowOf(page, 1).click()
  const part = page.getByRole('region', { name: 'Test part' })
  await expect(part).not.toContainText('%')
  await part.getByRole('button', { name: 'Open the test part' }).click()
  await expect(part).toContainText(/Accuracy\s*\d/)
  await expect(part).toContainText('opening 1 of this experiment')
  await page.reload()
  await expect(part).toContainText('opening 1 of this experiment')
  await expect(page.getByText('test opened once')).toBeVisible()
})
