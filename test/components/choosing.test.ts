/** The sealed test part, the queue, and the figures that a network is judged by. */
import { expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { ChoiceState } from '#contract/choice.ts'
import OpenTest from '#renderer/parts/choose/OpenTest.svelte'
import EditableName from '#renderer/parts/common/EditableName.svelte'
import ConfusionMatrix from '#renderer/parts/runs/ConfusionMatrix.svelte'
import SealedTest from '#renderer/parts/runs/SealedTest.svelte'
import Queue from '#test/components/Queue.svelte'
import { appOver, leave, show } from '#test/components/part.ts'
import { experiment } from '#test/unit/renderer/state/app.ts'
import { run } from '#test/unit/renderer/state/support.ts'

const expected = {
  validation: 0.1,
  ofRun: 1,
  optimism: 0.02,
  low: 0.05,
  high: 0.2,
  validationRows: 30,
  testRows: 30,
  method: 'binomial'
}
const openedTest = {
  test: { loss: 0.4, accuracy: 0.75 },
  opening: { at: 0, count: 1, expectation: { ...expected, error: 0.25, outcome: 'worse' } }
}
const choice = {
  folds: null,
  tried: 3,
  optimism: { value: 0.02, method: 'simulation' },
  openings: []
} as unknown as ChoiceState

test('the envelope says what is expected before, and what came of it after it is opened', async () => {
  const app = appOver({
    choice: { expectation: () => Promise.resolve(expected) },
    runs: {
      openTest: () => Promise.resolve(openedTest),
      testAllowed: () => Promise.resolve({ allowed: false }),
      allowTest: ({ allowed }: { allowed: boolean }) => Promise.resolve({ allowed })
    },
    experiments: { get: () => Promise.resolve({ ...experiment, openings: 1 }) }
  })
  const page = show(OpenTest, { experiment, state: choice, run: run(1) }, { app })
  await expect.element(page.getByText(/5\.0\s% to 20\.0\s%/)).toBeInTheDocument()
  expect(document.body.textContent).not.toContain('25.0')
  const leave = page.getByRole('checkbox', { name: /Let an agent .* for run 1, once/ })
  await expect.element(leave).not.toBeChecked()
  await leave.click()
  await expect.element(leave).toBeChecked()
  await page.getByRole('button', { name: 'Open the test part' }).click()
  await expect.element(page.getByText('Worse than expected.')).toBeInTheDocument()
  await expect.element(page.getByText(/^25\.0\s%$/)).toBeInTheDocument()
  expect(app.library.experiment(experiment.id)?.openings).toBe(1)
})

test('what the lab refuses to open stays sealed, with the sentence', async () => {
  const app = appOver({
    choice: { expectation: () => Promise.resolve(null) },
    runs: { testAllowed: () => Promise.resolve({ allowed: false }) }
  })
  const page = show(OpenTest, { experiment, state: choice, run: run(1) }, { app })
  await page.getByRole('button', { name: 'Open the test part' }).click()
  await expect.element(page.getByRole('alert')).toBeInTheDocument()
  await expect.element(page.getByRole('button', { name: 'Open the test part' })).toBeEnabled()
})

test('the test part of a run that trains waits for its end, and that of a fold is not opened at all', async () => {
  const page = show(SealedTest, { experiment, run: run(1, { status: 'running' }) })
  await expect.element(page.getByRole('button', { name: 'Open the test part' })).toBeDisabled()
  await leave()
  show(SealedTest, { experiment, run: run(2, { data: { kind: 'fold', index: 1, of: 5 } }) })
  await expect.element(page.getByText(/This run is a fold/)).toBeInTheDocument()
  await expect.element(page.getByRole('button', { name: 'Open the test part' })).not.toBeInTheDocument()
})

test('the queue moves what waits, and pauses all', async () => {
  const asked: string[] = []
  const state = {
    training: [run(1, { status: 'running', epochs: 5 })],
    paused: [],
    waiting: [run(2, { status: 'queued' }), run(3, { status: 'queued' })],
    moreWaiting: 4,
    threads: 2,
    parallel: null,
    resumes: false
  }
  let { waiting } = state
  const app = appOver({
    queue: {
      get: () => Promise.resolve({ ...state, waiting }),
      move: ({ runId, to }: { runId: number; to: string }) => {
        asked.push(`${runId} ${to}`)
        waiting = waiting.toReversed()
        return Promise.resolve({ ...state, waiting })
      }
    },
    sweeps: { list: () => Promise.resolve([]), active: () => Promise.resolve([]) }
  })
  const page = show(Queue, {}, { app })
  await page.getByRole('button', { name: 'Queue' }).click()
  const links = () =>
    page
      .getByRole('link')
      .elements()
      .map((link) => /run \d/.exec(link.textContent ?? '')?.[0])
  await expect.poll(links).toEqual(['run 1', 'run 2', 'run 3'])
  await expect.element(page.getByText('and 4 runs after these')).toBeInTheDocument()
  await expect.element(page.getByRole('button', { name: 'Run 2 earlier' })).toBeDisabled()
  await page.getByRole('button', { name: 'Run 3 first' }).click()
  await expect.poll(links).toEqual(['run 1', 'run 3', 'run 2'])
  expect(asked).toEqual(['3 first'])
})

test('a confusion matrix is read by class, and left out where it would not fit', async () => {
  const averages = { precision: 0.5, recall: 0.25, f1: 0.3 }
  const details = (size: number) => ({
    task: 'classification' as const,
    confusion: Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, at) => (row === at ? 9 : at))),
    classes: Array.from({ length: size }, () => ({ ...averages, support: 10, rocAuc: 0.8 })),
    macro: averages,
    weighted: averages,
    rocAuc: 0.8,
    logLoss: 0.4
  })
  const names = ['setosa', 'virginica']
  const page = show(ConfusionMatrix, { details: details(2), names, part: 'validation part' })
  const matrix = page.getByRole('region', { name: 'Confusion matrix, validation part' })
  const row = matrix.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'setosa' }) })
  expect([...row.element().children].map((cell) => cell.textContent)).toEqual(['setosa', '9', '1'])
  await leave()
  const many = Array.from({ length: 20 }, (_, index) => `class ${index}`)
  show(ConfusionMatrix, { details: details(20), names: many, part: 'validation part' })
  await expect.element(matrix).not.toBeInTheDocument()
  await expect.element(page.getByRole('region', { name: 'Classes, validation part' })).toBeInTheDocument()
})

test('a name is kept by Enter, given up by Escape, and never emptied', async () => {
  const names: string[] = []
  const page = show(EditableName, { name: 'iris', label: 'Name', onrename: (name: string) => names.push(name) })
  const rename = async (text: string, key: string) => {
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.getByLabelText('Name', { exact: true }).fill(text)
    await userEvent.keyboard(key)
  }
  await rename('flowers', '{Escape}')
  await rename('   ', '{Enter}')
  await rename(' flowers ', '{Enter}')
  expect(names).toEqual(['flowers'])
})
