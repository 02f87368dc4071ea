/** Bringing data in, and what a column is used for. */
import { expect, test, vi } from 'vitest'
import { ORPCError } from '@orpc/client'
import ColumnCard from '#renderer/parts/data/ColumnCard.svelte'
import DropZone from '#renderer/parts/data/DropZone.svelte'
import type { Column } from '#contract/datasets.ts'
import type { ColumnSetting } from '#contract/experiments.ts'
import { appOver, show } from '#test/components/part.ts'

const source = { kind: 'sample', label: 'iris', sampleId: 'iris' } as const

test('an import under way shows how far it is, and is cancelled', async () => {
  const cancelled: unknown[] = []
  let end = () => undefined as void
  const app = appOver({
    datasets: {
      import: () => Promise.resolve({ jobId: '7' }),
      importProgress: async function* () {
        yield { type: 'progress', fraction: 0.4, message: 'Reading rows' }
        await new Promise<void>((resolve) => (end = resolve))
      },
      cancelImport: (job: unknown) => Promise.resolve(void cancelled.push(job))
    }
  })
  const page = show(DropZone, { large: true }, { app })
  const done = app.importFiles(source)
  const bar = page.getByRole('progressbar', { name: 'Import of iris' })
  await expect.poll(() => (bar.element() as HTMLProgressElement).value).toBe(0.4)
  await expect.element(page.getByRole('status')).toHaveTextContent('Reading rows')
  await page.getByRole('button', { name: 'Cancel' }).click()
  end()
  await done
  await vi.waitFor(() => expect(cancelled).toEqual([{ jobId: '7' }]))
  await expect.element(page.getByRole('button', { name: 'Choose files' })).toBeInTheDocument()
})

test('a table that can not be read has its sentence, and is read again as the person says', async () => {
  const asked: unknown[] = []
  const app = appOver({
    datasets: {
      import: (request: { options: unknown }) => {
        asked.push(request.options)
        return Promise.reject(
          new ORPCError('BAD_TABLE', { message: 'Line 3 has 2 fields, not 4.', data: {}, defined: true })
        )
      }
    }
  })
  const page = show(DropZone, { large: false }, { app })
  const files = { kind: 'files', label: 'iris.csv', open: () => Promise.resolve([{ path: '/iris.csv' }]) } as const
  await app.importFiles(files)
  await expect.element(page.getByText('Line 3 has 2 fields, not 4.')).toBeInTheDocument()
  await page.getByLabelText('Delimiter').selectOptions('Semicolon')
  await page.getByRole('button', { name: /again/i }).click()
  await expect.poll(() => asked).toEqual([{}, { delimiter: ';' }])
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await expect.element(page.getByText('Line 3 has 2 fields, not 4.')).not.toBeInTheDocument()
})

const column: Column = {
  name: 'length',
  type: 'numeric',
  missing: 5,
  distinct: 40,
  integer: false,
  summary: { minimum: 0, maximum: 4, mean: 2, median: 2, deviation: 1 },
  histogram: { kind: 'numeric', edges: [0, 1, 2, 3, 4], counts: [1, 4, 0, 2] },
  examples: ['1', '2'],
  note: null
}

test('a column tells what is in it, and takes another role', async () => {
  const changed: ColumnSetting[] = []
  const setting: ColumnSetting = { name: 'length', role: 'input', treatAs: 'numeric' }
  const onchange = (next: ColumnSetting) => changed.push(next)
  const page = show(ColumnCard, { column, rows: 50, setting, reason: undefined, onchange }, { width: 300, height: 300 })
  await expect.element(page.getByText(/10\.0\s%\smissing/)).toBeInTheDocument()
  const bars = [...page.getByRole('img', { name: 'Histogram' }).element().querySelectorAll('rect')]
  expect(bars.map((bar) => Number(bar.getAttribute('height')))).toEqual([11, 44, 0, 22])
  await page.getByLabelText('Treat length as').selectOptions('as categories')
  await page.getByLabelText('Role of length').selectOptions('Ignored')
  expect(changed.map(({ role, treatAs }) => [role, treatAs])).toEqual([
    ['input', 'categorical'],
    ['ignored', 'numeric']
  ])
})

test('the target is not given another role by its card', async () => {
  const setting: ColumnSetting = { name: 'length', role: 'target', treatAs: 'numeric' }
  const page = show(ColumnCard, { column, rows: 50, setting, reason: undefined, onchange: () => undefined })
  await expect.element(page.getByText('Target', { exact: true })).toBeInTheDocument()
  await expect.element(page.getByRole('combobox')).not.toBeInTheDocument()
})
