import { expect, test } from 'vitest'
import type { Column } from '#contract/datasets.ts'
import type { ExperimentSettings, Proposal } from '#contract/experiments.ts'
import { toFailure } from '#renderer/lab/failure.ts'
import { ProposalDraft } from '#renderer/state/proposal-draft.svelte.ts'

function proposalFor(target: string): Proposal {
  const columns = ['a', 'b', 'set', 'y'].map((name) => ({
    name,
    role: name === target ? ('target' as const) : ('input' as const),
    treatAs: 'numeric' as const
  }))
  const settings: ExperimentSettings = {
    datasetId: 'abc',
    target,
    task: 'classification',
    columns,
    preparation: { missing: 'impute', indicators: false, scaling: 'standard', levelCap: 20 },
    split: { kind: 'fractions', train: 60, validation: 20, test: 20, seed: 1, stratified: true }
  }
  return { settings, reasons: { target: '', task: '', split: '', columns: {} }, warnings: [] }
}

const experiments = {
  propose: ({ target }: { target?: string | undefined }) => Promise.resolve(proposalFor(target ?? 'y'))
}
const newDraft = () => new ProposalDraft('abc', experiments, toFailure)

function levels(...values: string[]): Column {
  return {
    name: 'set',
    type: 'categorical',
    missing: 0,
    distinct: values.length,
    integer: false,
    summary: null,
    histogram: { kind: 'levels', levels: values.map((value) => ({ value, count: 10 })), others: 0 },
    examples: values,
    note: null
  }
}

test('what a person changed stays when another target is proposed', async () => {
  const draft = newDraft()
  await draft.propose()
  draft.prepare({ scaling: 'minmax' })
  draft.column({ name: 'a', role: 'ignored', treatAs: 'numeric' }, levels())
  await draft.propose('b')
  expect(draft.settings?.target).toBe('b')
  expect(draft.settings?.preparation.scaling).toBe('minmax')
  expect(draft.settings?.columns.map(({ role }) => role)).toEqual(['ignored', 'target', 'input', 'input'])
})

test('a column that names the parts becomes the split, and fractions come back with it', async () => {
  const draft = newDraft()
  await draft.propose()
  draft.column({ name: 'set', role: 'part', treatAs: 'categorical' }, levels('train', 'test', 'val'))
  expect(draft.settings?.split).toMatchObject({
    kind: 'column',
    column: 'set',
    train: ['train'],
    validation: ['val'],
    test: ['test']
  })
  draft.column({ name: 'set', role: 'input', treatAs: 'categorical' }, levels('train', 'test', 'val'))
  expect(draft.settings?.split).toMatchObject({ kind: 'fractions', train: 60, validation: 20, test: 20 })
})

test('a column that keeps rows together becomes the split, with the shares of before, and another way takes it back', async () => {
  const draft = newDraft()
  await draft.propose()
  draft.split({ kind: 'fractions', train: 70, validation: 20, test: 10, seed: 3, stratified: true })
  draft.column({ name: 'set', role: 'group', treatAs: 'categorical' }, levels('a', 'b'))
  expect(draft.settings?.split).toEqual({
    kind: 'groups',
    column: 'set',
    train: 70,
    validation: 20,
    test: 10,
    seed: 3,
    stratified: true
  })
  draft.split({ kind: 'order', column: null, train: 60, validation: 20, test: 20, seed: 1, stratified: false })
  expect(draft.settings?.columns.find(({ name }) => name === 'set')?.role).toBe('input')
  expect(draft.settings?.split.kind).toBe('order')
})

test('a mend changes columns and split at once, and stays when another target is proposed', async () => {
  const draft = newDraft()
  await draft.propose()
  const column = { name: 'a', role: 'ignored', treatAs: 'numeric' } as const
  const split = { kind: 'order', column: 'b', train: 60, validation: 20, test: 20, seed: 1, stratified: false } as const
  draft.mend({ label: 'Mend', option: '--mend', columns: [column], split })
  await draft.propose('set')
  expect(draft.settings?.columns[0]).toEqual(column)
  expect(draft.settings?.split).toEqual(split)
})
