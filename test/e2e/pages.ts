/** What browser tests do again and again, by the roles and names that a person sees. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import type { WebLab } from '#test/e2e/lab.ts'
import { expect } from '#test/e2e/lab.ts'

/** Opens the lab's page and waits for its first screen. */
export async function openLab(page: Page, lab: WebLab): Promise<void> {
  await page.goto(lab.address())
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
}

/** Holds the screen as it is against the rules of accessibility, or against these of them. */
export async function expectNoFaults(page: Page, rules?: string[]): Promise<void> {
  // In the page itself, which has no frames: a page of axe's own for every screen takes longer than the rules.
  const builder = new AxeBuilder({ page }).setLegacyMode()
  const { violations } = await (rules ? builder.withRules(rules) : builder).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
}

/** From a sample card to its experiment. */
export async function openSample(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name }).click()
  await expect(page.getByRole('button', { name: 'Train' })).toBeEnabled()
}

/** The row of a run in the runs table. */
export function rowOf(page: Page, run: number) {
  return page
    .getByRole('row')
    .filter({ has: page.getByRole('checkbox', { name: `Show curves of run ${run}`, exact: true }) })
}

/** A table that a network learns in no time: two clouds. */
export function cloudsCsv(rows = 120): string {
  const lines = Array.from({ length: rows }, (_, index) => {
    const side = index % 2
    const spread = ((index * 37) % 100) / 100
    return `${side * 2 + spread},${side * 2 + 1 - spread},${side === 0 ? 'left' : 'right'}`
  })
  return ['height,width,kind', ...lines].join('\n') + '\n'
}

/** A plan that trains long enough to be paused and stopped. */
export async function planLongRun(page: Page): Promise<void> {
  await page.getByLabel('Hidden layers').fill('256x256')
  await page.getByLabel('Max epochs').fill('100000')
  await page.getByLabel('Stop early').uncheck()
}
