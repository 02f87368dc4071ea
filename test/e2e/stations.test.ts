/** What all stations share: their addresses, the keyboard, both themes, the way back, the way to the lab; and a region drawn by mouse. */
import type { Page } from '@playwright/test'
import { stations } from '#renderer/parts/foundations/stations.ts'
import { expect, test } from '#test/e2e/lab.ts'
import { expectNoFaults, openLab, rowOf } from '#test/e2e/pages.ts'

/** A state of each station that says something. */
const states: Record<string, string> = {
  'mcculloch-pitts': '',
  perceptron: 'set=xor&updates=14',
  adaline: 'epochs=60',
  activations: 'part=softmax',
  descent: 'points=40&method=mini&steps=40&all=1',
  saddle: 'of=himmelblau&steps=120',
  sigmoid: 'steps=8',
  graph: '',
  regions: 'view=convex&probe=0,0',
  backprop: 'updates=40&phase=4',
  stopping: 'epochs=120',
  trial: 'seeds=1&look=2&steps=128',
  history: 'at=6'
}

async function visit(page: Page, address: string): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), `#/foundations/${address}`)
  await expect(page.getByRole('heading', { name: 'Try', exact: true })).toBeVisible()
}

/** What figures, formulas and controls show, without the names that Svelte numbers. */
const shown = (page: Page) =>
  page.evaluate(() => {
    const parts = [...document.querySelectorAll('main .figures svg, main .formula, main output, main .facts')]
    const values = [...document.querySelectorAll<HTMLInputElement>('main .controls input, main .controls select')]
    const drawn = parts.map((part) => part.outerHTML.replaceAll(/(id|aria-describedby|clip-path|for)="[^"]*"/g, ''))
    return [...drawn, ...values.map(({ type, value, checked }) => `${type} ${value} ${checked}`)].join('\n')
  })

/** The settings in an address, in no order. */
const settingsIn = (url: string) => (new URL(url).hash.split('/')[3] ?? '').split('&').sort()

/** The controls of the page's main part that the Tab key should reach: of a group of radio buttons one. */
const controls = (page: Page) =>
  page.evaluate(() => {
    const all = [
      ...document.querySelectorAll<HTMLElement>('main :is(a[href], button, input, select, summary, [tabindex])')
    ]
    const reachable = all.filter((one) => {
      if (one.tabIndex < 0 || one.matches(':disabled') || !one.checkVisibility()) return false
      if (!(one instanceof HTMLInputElement) || one.type !== 'radio') return true
      return one.checked
    })
    reachable.forEach((one, index) => (one.dataset['stop'] = String(index)))
    return reachable.map((one) => one.getAttribute('aria-label') ?? one.textContent?.trim() ?? one.tagName)
  })

async function walk(page: Page, stops: number): Promise<Set<number>> {
  const reached = new Set<number>()
  await page.locator('main').evaluate((main) => {
    main.tabIndex = -1
    main.focus()
    main.removeAttribute('tabindex')
  })
  for (let presses = 0; presses < stops + 5 && reached.size < stops; presses++) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['stop'])
    if (stop !== undefined) reached.add(Number(stop))
  }
  return reached
}

test('the address of every station brings its exact state back, every control is reached by Tab, dark is as good as light', async ({
  page,
  lab
}) => {
  test.slow()
  await openLab(page, lab)
  for (const { slug } of stations) {
    await test.step(slug, async () => {
      const state = states[slug] ?? ''
      await visit(page, state === '' ? slug : `${slug}/${state}`)
      // What an address asks for is made up for in frames, and written back when it is there.
      await expect.poll(() => settingsIn(page.url())).toEqual(state.split('&').sort())
      let before = await shown(page)
      await expect
        .poll(async () => {
          const now = await shown(page)
          const isStill = now === before
          before = now
          return isStill
        })
        .toBe(true)
      const { hash } = new URL(page.url())
      await page.goto('about:blank')
      await page.goto(`${lab.address()}${hash}`)
      await expect(page.getByRole('heading', { name: 'Try', exact: true })).toBeVisible()
      await expect.poll(() => shown(page)).toBe(before)

      const names = await controls(page)
      const reached = await walk(page, names.length)
      expect(names.filter((_, stop) => !reached.has(stop))).toEqual([])

      await page.emulateMedia({ colorScheme: 'dark' })
      await expectNoFaults(page)
      await page.emulateMedia({ colorScheme: 'light' })
    })
  }
})

test('back and forward go from station to station, and each is where it was left', async ({ page, lab }) => {
  await openLab(page, lab)
  await visit(page, 'descent')
  await page.getByRole('button', { name: '10 steps' }).click()
  await expect.poll(() => new URL(page.url()).hash).toContain('steps=10')
  await page.getByRole('link', { name: /^Next station/ }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Local minima' })).toBeVisible()
  await page.goBack()
  await expect(page.getByText(/^Step 10, epoch 10/)).toBeVisible()
  await page.goForward()
  await expect(page.getByRole('heading', { level: 1, name: 'Local minima' })).toBeVisible()
})

test('a region is drawn with the mouse, and the smallest topology that fits it is found', async ({ page, lab }) => {
  await openLab(page, lab)
  await visit(page, 'regions/view=fit')
  await page.getByRole('button', { name: 'Clear' }).click()
  const plane = page.getByRole('group', { name: 'Points of the figure' }).locator('rect').first()
  const box = await plane.boundingBox()
  if (!box) throw new Error('The plane has no place on the page.')
  const at = (x: number, y: number): [number, number] => [
    box.x + ((x + 3) / 6) * box.width,
    box.y + ((3 - y) / 6) * box.height
  ]
  for (const [x, y] of [
    [-2, -1.5],
    [2, -1.5],
    [1, 1]
  ] as const) {
    await page.mouse.click(...at(x, y))
  }
  // The last corner is taken elsewhere.
  await page.mouse.move(...at(1, 1))
  await page.mouse.down()
  await page.mouse.move(...at(0.5, 1.5), { steps: 4 })
  await page.mouse.move(...at(0, 2), { steps: 4 })
  await page.mouse.up()
  await expect(page.getByRole('button', { name: /^Point 3: x .?0(\.0\d+)?, y (2|1\.9\d+|2\.0\d+),/ })).toBeVisible()
  for (let hundreds = 0; hundreds < 14; hundreds++) await page.getByRole('button', { name: '100 steps' }).click()
  await expect(page.getByText(/The smallest that fits is\s+2-\d-1/)).toBeVisible()
})

test('a station leads to an experiment that shows its point, and a run leads back to its loss', async ({
  page,
  lab
}) => {
  await openLab(page, lab)
  await visit(page, 'perceptron/set=xor')
  await page.getByRole('button', { name: 'Take it to the lab' }).click()
  await expect(page.getByLabel('Hidden layers')).toHaveValue('none')
  // The same experiment, tried as another station proposes.
  await visit(page, 'backprop')
  await page.getByRole('button', { name: 'Take it to the lab' }).click()
  await expect(page.getByLabel('Hidden layers')).toHaveValue('2:tanh')
  await page.getByLabel('Max epochs').fill('100')
  await page.getByRole('button', { name: 'Train', exact: true }).click()
  await expect(rowOf(page, 1)).toContainText('Done')
  await rowOf(page, 1).dblclick()
  await page.getByRole('button', { name: 'Loss landscape' }).click()
  await expect(page.getByText(/mean loss of 240 of 240 rows/)).toBeVisible()
  const least = /f = ([\d.]+)/
  const before = Number(least.exec((await page.locator('main .facts').textContent()) ?? '')?.[1])
  for (let tens = 0; tens < 3; tens++) await page.getByRole('button', { name: '10 steps' }).click()
  await expect(page.getByText(/training began, at \(1, 0\).*\(achieved\)/s)).toBeVisible()
  const after = Number(least.exec((await page.locator('main .facts').textContent()) ?? '')?.[1])
  expect(after).toBeLessThan(before)
  await page.getByLabel('Directions').selectOption('random')
  await expect(page.getByText(/mean loss of 240 of 240 rows/)).toBeVisible()
  await expectNoFaults(page)
})
