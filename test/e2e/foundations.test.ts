/** Every station in one lab and one page: its numbers, its main control, its address, and the rules of accessibility. */
import type { Page } from '@playwright/test'
import { expect, test } from '#test/e2e/lab.ts'
import { expectNoFaults, openLab } from '#test/e2e/pages.ts'

/** Goes to a station as somebody does who was given its address. */
async function visit(page: Page, address: string): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), `#/foundations/${address}`)
  await expect(page.getByRole('heading', { name: 'Try', exact: true })).toBeVisible()
}

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()

const achieved = (page: Page, text: string) =>
  expect(page.getByText(new RegExp(`${text}.*\\s\\(achieved\\)`))).toBeVisible()

const stations: Record<string, (page: Page) => Promise<void>> = {
  'mcculloch-pitts': async (page) => {
    await visit(page, 'mcculloch-pitts')
    // AND by keyboard: both weights up to 1, the threshold to 2.
    for (const name of ['Weight of x1 in y', 'Weight of x2 in y', 'Threshold of y']) {
      await page.getByRole('spinbutton', { name }).focus()
      await page.keyboard.press('ArrowUp')
    }
    await expect(page.getByText('This is AND.')).toBeVisible()
    await page.getByLabel('Wanted').selectOption('XOR')
    await press(page, 'Show a way')
    await expect(page.getByText('This is XOR.')).toBeVisible()
    await achieved(page, 'Make XOR')
  },
  perceptron: async (page) => {
    await visit(page, 'perceptron/set=or')
    await press(page, '10 updates')
    await expect(page.getByText(/every point is right/).first()).toBeVisible()
    await achieved(page, 'Let it learn OR')
    await page.getByLabel('Points', { exact: true }).selectOption('XOR')
    for (let tens = 0; tens < 3; tens++) await press(page, '10 updates')
    await expect(page.getByText(/the same \d+ follow for ever/)).toBeVisible()
    // By keyboard: the first point goes to the right, and it is somebody's own set of points now.
    await page.getByRole('button', { name: /^Point 1: x 0, y 0, class 0/ }).focus()
    await page.keyboard.press('ArrowRight')
    await expect(page.getByLabel('Points', { exact: true })).toHaveValue('own')
    await expect.poll(() => new URL(page.url()).hash).toContain('set=own')
    const { hash } = new URL(page.url())
    const facts = await page
      .getByText(/of 4 points|every point/)
      .first()
      .textContent()
    await page.goto('about:blank')
    await page.goBack()
    await expect(page.getByText(facts ?? '-').first()).toBeVisible()
    expect(new URL(page.url()).hash).toBe(hash)
  },
  adaline: async (page) => {
    await visit(page, 'adaline/set=clouds')
    for (let tens = 0; tens < 20; tens++) await press(page, '10 epochs')
    await achieved(page, 'Bring the Adaline within')
    await page.getByRole('radio', { name: 'Madaline' }).press(' ')
    await press(page, '10 steps')
    await expect(page.getByText(/XOR is learned/)).toBeVisible()
    await achieved(page, 'let two Adalines learn XOR')
  },
  descent: async (page) => {
    await visit(page, 'descent/points=1000&method=mini&batch=50')
    await expect(page.getByText('20 batches an epoch')).toBeVisible()
    await page.getByLabel('Rate a').focus()
    await page.keyboard.press('End')
    await press(page, '10 steps')
    await expect(page.getByText(/diverged: the rate is too high/)).toBeVisible()
    await achieved(page, 'Let it diverge')
  },
  saddle: async (page) => {
    await visit(page, 'saddle/start=0,0')
    await press(page, '10 steps')
    await expect(page.getByText(/the gradient is zero, plain descent rests on a saddle point/)).toBeVisible()
    await achieved(page, 'start where the gradient is zero')
  },
  sigmoid: async (page) => {
    await visit(page, 'sigmoid')
    for (let tens = 0; tens < 2; tens++) await press(page, '10 steps')
    await achieved(page, 'From the bad start')
  },
  graph: async (page) => {
    await visit(page, 'graph')
    await press(page, 'Show all')
    await expect(page.getByText(/All values known, J = 0.125/)).toBeVisible()
    await achieved(page, 'Line: go through it')
  },
  regions: async (page) => {
    await visit(page, 'regions/view=convex&probe=0,0&corners=-1,-1,0;1,-1,0;1,1,0;-1,1,0')
    await expect(page.getByText('2-4-1')).toBeVisible()
    // By keyboard: a corner less, and the input is fenced in by three lines.
    await page.getByRole('button', { name: /^Point 4: x .1, y 1/ }).focus()
    await page.keyboard.press('Delete')
    await achieved(page, 'Convex: fence in the marked input')
    await page.getByRole('radio', { name: 'Union' }).press(' ')
    await page.getByRole('button', { name: 'First region' }).click()
    await expect(page.getByText('2-8-2-1')).toBeVisible()
    await page.getByRole('radio', { name: 'Curve' }).press(' ')
    await page.getByRole('slider', { name: 'Hidden units' }).fill('14')
    await achieved(page, 'Curve: bring the largest error')
    // A triangle: three hidden units are the smallest that fit.
    await visit(page, 'regions/view=fit&steps=1300&corners=-2,-1,0;2,-1,0;0,2,0')
    await expect(page.getByText(/The smallest that fits is\s+2-3-1, with\s+13\s+parameters/)).toBeVisible()
  },
  stopping: async (page) => {
    await visit(page, 'stopping')
    await expect(page.getByText('2 batches an epoch')).toBeAttached()
    for (let hundreds = 0; hundreds < 9; hundreds++) await press(page, '100 epochs')
    await achieved(page, 'Train until early stopping')
    await achieved(page, 'Train on: the last weights')
    await page.getByRole('slider', { name: 'Patience p' }).fill('5')
    await achieved(page, 'Set the patience too low')
  },
  trial: async (page) => {
    await visit(page, 'trial/seeds=1')
    await press(page, '8 networks')
    await expect(page.getByText(/8 of 8 networks are trained/)).toBeVisible()
    const sweet = /Best in\s+truth: (1-(\d+)-1|a straight line)/.exec(await page.locator('main').innerText())
    expect(Number(sweet?.[2])).toBeGreaterThan(1)
    await page.getByRole('slider', { name: 'Look at' }).fill('7')
    await achieved(page, 'Look at one that overfits')
  },
  history: async (page) => {
    await visit(page, 'history')
    await page.getByRole('option', { name: /^1943/ }).focus()
    for (let years = 0; years < 5; years++) await page.keyboard.press('ArrowDown')
    await achieved(page, 'Backpropagation was published twice')
    await page.getByRole('option', { name: /^1986/ }).click()
    await page.getByRole('link', { name: 'Open the station: Backpropagation' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Backpropagation' })).toBeVisible()
    await page.goBack()
    await expect(page.getByRole('heading', { level: 1, name: 'A short history' })).toBeVisible()
  },
  backprop: async (page) => {
    await visit(page, 'backprop')
    for (let phase = 0; phase < 6; phase++) await press(page, '1 phase')
    await expect(page.getByText(/Gradient check passed/)).toBeVisible()
    await achieved(page, 'Go through one whole pass')
    for (let rows = 0; rows < 8; rows++) await press(page, 'Train 400 rows')
    await achieved(page, 'Let 2-2-1 learn XOR')
  },
  activations: async (page) => {
    await visit(page, 'activations')
    await page.getByLabel('Weighted sum z').fill('0')
    await achieved(page, 'Find where the derivative')
    await page.getByRole('radio', { name: 'Softmax' }).press(' ')
    await expect(page.getByRole('group', { name: /shares 0\.53, 0\.19, 0\.28/ })).toBeVisible()
  }
}

test('every station is driven, and its address holds its state', async ({ page, lab }) => {
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(error.message))
  await openLab(page, lab)
  await page.getByRole('link', { name: 'Foundations' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Foundations' })).toBeVisible()
  await expectNoFaults(page)
  for (const [slug, drive] of Object.entries(stations)) {
    await test.step(slug, async () => {
      await drive(page)
      await expectNoFaults(page)
      // One screen before "More".
      await page.setViewportSize({ width: 1280, height: 700 })
      const room = await page.evaluate(() => {
        const screen = document.querySelector('main .screen')
        return screen ? screen.scrollHeight - screen.clientHeight : -1
      })
      expect(room, `${slug} at 1280 x 700`).toBe(0)
      await page.setViewportSize({ width: 1280, height: 800 })
    })
  }
  await visit(page, 'perceptron/rate=fast')
  await expect(page.getByText(/rate is "fast"; it takes a number/)).toBeVisible()
  expect(errors).toEqual([])
})
