/** Topology, plan, sweep and the row that is predicted: what a person changes by hand. */
import { expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import Splitter from '#renderer/parts/common/Splitter.svelte'
import RowForm from '#renderer/parts/model/RowForm.svelte'
import PlanForm from '#renderer/parts/plan/PlanForm.svelte'
import SweepForm from '#renderer/parts/sweeps/SweepForm.svelte'
import Diagram from '#renderer/parts/topology/Diagram.svelte'
import { RowPrediction } from '#renderer/state/row-prediction.svelte.ts'
import { TopologyDraft } from '#renderer/state/topology-draft.svelte.ts'
import { appOver, show } from '#test/components/part.ts'
import { experiment } from '#test/unit/renderer/state/app.ts'

const two = [
  { units: 8, activation: 'relu' },
  { units: 4, activation: 'tanh' }
] as const

test('layers of the diagram are changed, moved, doubled and removed by keys, and the focus stays with them', async () => {
  const draft = new TopologyDraft(two, { inputs: 4, outputs: 3 })
  const page = show(Diagram, { draft, inputs: 4, output: { units: 3, activation: 'softmax' as const } })
  const focusedName = () => document.activeElement?.getAttribute('aria-label')
  ;(page.getByRole('button', { name: /^Hidden layer 1: 8 units/ }).element() as HTMLElement).focus()
  await userEvent.keyboard('{ArrowUp}{Shift>}{ArrowDown}{/Shift}')
  expect(draft.hidden.map(({ units }) => units)).toEqual([5, 4])
  await userEvent.keyboard('{Alt>}{ArrowRight}{/Alt}')
  expect(draft.hidden).toEqual([two[1], { units: 5, activation: 'relu' }])
  await expect.poll(focusedName).toBe('Hidden layer 2: 5 units, ReLU')
  await userEvent.keyboard('d')
  await expect.poll(focusedName).toBe('Hidden layer 3: 5 units, ReLU')
  await userEvent.keyboard('{Delete}{Delete}{Delete}')
  await expect.poll(() => draft.hidden).toEqual([])
  await expect.poll(focusedName).toBe('Add a layer before the output')
  draft.undo()
  await expect.element(page.getByRole('button', { name: /^Hidden layer 1: 4 units/ })).toBeInTheDocument()
})

test('a layer of the diagram is added between two by its button', async () => {
  const draft = new TopologyDraft(two, { inputs: 4, outputs: 3 })
  const page = show(Diagram, { draft, inputs: 4, output: { units: 3, activation: 'softmax' as const } })
  await page.getByRole('button', { name: 'Add a layer before hidden layer 2' }).click()
  expect(draft.hidden).toHaveLength(3)
  await expect.element(page.getByRole('button', { name: /^Hidden layer 2/ })).toHaveFocus()
})

test('what the plan can not be says so beside its field', async () => {
  const app = appOver()
  const session = app.session(experiment)
  const page = show(PlanForm, { session }, { app })
  const rate = page.getByLabelText('Learning rate', { exact: true })
  await rate.fill('-1')
  await expect.element(rate).toHaveAttribute('aria-invalid', 'true')
  const told = document.getElementById(rate.element().getAttribute('aria-describedby')?.split(' ').at(-1) ?? '')
  expect(told?.textContent).toMatch(/above 0/)
  expect(session.problems.has('optimizer.learningRate')).toBe(true)
  await rate.fill('0.01')
  await expect.element(rate).not.toHaveAttribute('aria-invalid')
  expect(session.plan.plan.optimizer.learningRate).toBe(0.01)
})

test('full batch and stop early switch their fields off, and the plan follows', async () => {
  const app = appOver()
  const session = app.session(experiment)
  const page = show(PlanForm, { session }, { app })
  await page.getByLabelText('Full batch').click()
  await expect.element(page.getByLabelText('Batch size', { exact: true })).toBeDisabled()
  expect(session.plan.plan.batchSize).toBe('full')
  await page.getByLabelText('Stop early').click()
  await expect.element(page.getByLabelText('Patience', { exact: true })).toBeDisabled()
  expect(session.plan.plan.stopping.patience).toBeNull()
})

test('a setting that was changed under More stays in sight as a chip, and is taken back by it', async () => {
  const app = appOver()
  const session = app.session(experiment)
  session.plan.set('regularisation.clipNorm', 5)
  const page = show(PlanForm, { session }, { app })
  const back = page.getByRole('button', { name: /^Take back:/ })
  await expect.element(back).toBeInTheDocument()
  await back.click()
  await expect.element(back).not.toBeInTheDocument()
  expect(session.plan.plan.regularisation?.clipNorm).toBeUndefined()
})

test('a sweep takes sizes by preset, and says what its lists can not be', async () => {
  const app = appOver()
  const session = app.session(experiment)
  const page = show(SweepForm, { session }, { app })
  await page.getByRole('button', { name: 'One layer' }).click()
  await expect.element(page.getByText(/^8 sizes/)).toBeInTheDocument()
  await page.getByLabelText('Seeds per point').fill('0')
  await expect.element(page.getByText('Seeds must be a whole number from 1 to 1,000.')).toBeInTheDocument()
  await page.getByLabelText('Seeds per point').fill('3')
  expect(session.sweep.problems.size).toBe(0)
  await page.getByRole('button', { name: 'Back to a single run' }).click()
  expect(session.sweeping).toBe(false)
})

const columns = [
  { kind: 'numeric', column: 'length', minimum: 0, maximum: 10, integer: false, date: false, fill: 5 },
  { kind: 'categorical', column: 'colour', levels: ['red', 'blue'], fill: 'red' }
] as const

test('a row is predicted as it is typed, a missing value included', async () => {
  const asked: unknown[] = []
  const answer = { label: 'x', value: null, probabilities: [1] }
  const form = {
    columns,
    target: 'kind',
    classes: ['x'],
    targetRange: null,
    image: null,
    parts: { train: 1, validation: 1 }
  }
  const app = appOver({
    predictions: {
      form: () => Promise.resolve(form),
      rows: ({ rows }: { rows: unknown[] }) => {
        asked.push(rows[0])
        return Promise.resolve(rows.map(() => answer))
      }
    }
  })
  const row = new RowPrediction(1, { predictions: app.client.predictions, toFailure: (error) => error as never })
  await row.load()
  const page = show(RowForm, { row, columns: [...columns] }, { app })
  await page.getByRole('spinbutton', { name: 'length' }).fill('2.5')
  await page.getByRole('combobox', { name: 'colour' }).selectOptions('blue')
  await expect.poll(() => asked.at(-1)).toEqual({ length: 2.5, colour: 'blue' })
  await expect.element(page.getByRole('slider', { name: 'length, slider' })).toHaveValue('2.5')
  await page.getByRole('spinbutton', { name: 'length' }).fill('')
  await expect.poll(() => asked.at(-1)).toEqual({ length: null, colour: 'blue' })
})

test('the bar between panes moves by keys, keeps its limits and folds away', async () => {
  const sizes: number[] = []
  const props = { label: 'Width', direction: 'horizontal' as const, size: 30, least: 20, most: 31 }
  const page = show(Splitter, { ...props, onresize: (size: number) => sizes.push(size), onsettle: () => undefined })
  ;(page.getByRole('separator', { name: 'Width' }).element() as HTMLElement).focus()
  await userEvent.keyboard('{ArrowRight}{ArrowLeft}{Home}{End}{Enter}')
  expect(sizes).toEqual([31, 28, 20, 31, 0])
})
