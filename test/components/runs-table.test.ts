import { expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { Run } from '#contract/runs.ts'
import RunsTable from '#renderer/parts/runs/RunsTable.svelte'
import type { App } from '#renderer/state/app.svelte.ts'
import { appOver, leave, show } from '#test/components/part.ts'
import { experiment } from '#test/unit/renderer/state/app.ts'
import { run } from '#test/unit/renderer/state/support.ts'

/** The table of these runs, and what it opened. */
async function showTable(app: App, runs: readonly Run[]) {
  const opened: number[] = []
  app.runs.put(runs)
  await expect.poll(() => app.runs.ofExperiment(1).length).toBe(runs.length)
  app.preferences.choose('runs grouped', 'no')
  const session = app.session(experiment)
  const props = { session, runs: app.runs.ofExperiment(1), onopen: ({ id }: Run) => opened.push(id) }
  const page = show(RunsTable, props, { app, width: 900 })
  const tick = (id: number) => page.getByRole('checkbox', { name: `Show curves of run ${id}`, exact: true })
  return { opened, page, session, tick }
}

const five = [1, 2, 3, 4, 5].map((id) => run(id, { seed: id, validation: { loss: id / 10, accuracy: 0.9 } }))

test('ticks follow what is shown after the screen was left and entered again', async () => {
  const app = appOver()
  const first = await showTable(app, five)
  await first.tick(5).click()
  await expect.element(first.tick(5)).toBeChecked()
  await leave()
  const { session, tick } = await showTable(app, five)
  await expect.element(tick(5)).toBeChecked()
  await tick(3).click()
  await expect.element(tick(3)).toBeChecked()
  await tick(5).click()
  await expect.element(tick(5)).not.toBeChecked()
  expect(session.shown).toEqual([3])
})

test('the keyboard walks, ticks a range, and opens the details', async () => {
  const { opened, page, tick } = await showTable(appOver(), five)
  const grid = page.getByRole('treegrid', { name: 'Runs' })
  ;(grid.element() as HTMLElement).focus()
  await userEvent.keyboard('{ArrowDown}{Shift>}{ArrowDown}{ArrowDown}{/Shift}')
  for (const id of [4, 3, 2]) await expect.element(tick(id)).toBeChecked()
  await expect.element(tick(5)).not.toBeChecked()
  await userEvent.keyboard('{Enter}')
  expect(opened).toEqual([2])
  const active = (grid.element() as HTMLElement).getAttribute('aria-activedescendant')
  expect(document.getElementById(active ?? '')?.dataset['run']).toBe('2')
})

test('of a thousand runs those in sight are made, and End brings the last one there', async () => {
  const { page } = await showTable(
    appOver(),
    Array.from({ length: 1000 }, (_, index) => run(index + 1, { seed: index }))
  )
  const grid = page.getByRole('treegrid', { name: 'Runs' })
  expect(grid.element().querySelectorAll('[data-run]').length).toBeLessThan(40)
  ;(grid.element() as HTMLElement).focus()
  await userEvent.keyboard('{End}')
  await expect.element(page.getByRole('checkbox', { name: 'Show curves of run 1', exact: true })).toBeInTheDocument()
})

test('a note is written in its cell, and given up by Escape', async () => {
  const updated: unknown[] = []
  const app = appOver({ runs: { update: (change: unknown) => Promise.resolve(updated.push(change)) } })
  const { page } = await showTable(app, five)
  ;(page.getByRole('treegrid', { name: 'Runs' }).element() as HTMLElement).focus()
  await userEvent.keyboard('n')
  await page.getByLabelText('Note of run 5').fill('narrow')
  await userEvent.keyboard('{Escape}')
  expect(updated).toEqual([])
  await userEvent.keyboard('n')
  await page.getByLabelText('Note of run 5').fill('wide')
  await userEvent.keyboard('{Enter}')
  expect(updated).toEqual([{ runId: 5, note: 'wide' }])
})

test('the bar deletes what is ticked, with a way back', async () => {
  const app = appOver()
  const { page, tick } = await showTable(app, five)
  await tick(5).click()
  await tick(4).click()
  await page.getByRole('button', { name: /delete/i }).click()
  expect(app.runs.ofExperiment(1).map(({ id }) => id)).toEqual([3, 2, 1])
  expect(app.undo.offers.map(({ message }) => message)).toEqual(['2 runs are deleted.'])
  app.undo.take(app.undo.offers[0]?.id ?? 0)
  expect(app.runs.ofExperiment(1)).toHaveLength(5)
})
