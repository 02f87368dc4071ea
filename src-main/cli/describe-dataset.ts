/** A data set as text for people. */
import type { Column, Dataset } from '#contract/datasets.ts'
import { formatFacts, formatTable } from '#lab/cli/table.ts'
import { tellDoubt } from '#lab/cli/reading-options.ts'
import { formatCount, formatFigure } from '#words/numbers.ts'

/** Writes a data set with one line a column, and what a person should know of it. */
export function describeDataset(dataset: Dataset): string {
  const facts = formatFacts([
    ['data set', `${dataset.name} (${dataset.id})`],
    ['source', dataset.source],
    ['read as', dataset.reading?.facts.join(', ') ?? null],
    ['rows', formatCount(dataset.rows)],
    ['images', dataset.image && `${dataset.image.width} x ${dataset.image.height} pixels`]
  ])
  const shown = dataset.image ? dataset.columns.filter(({ name }) => !isPixel(name)) : dataset.columns
  const columns = formatTable(shown, [
    { title: 'column', text: ({ name }) => name },
    { title: 'type', text: ({ type }) => type },
    { title: 'missing', text: ({ missing }) => formatCount(missing), right: true },
    { title: 'distinct', text: ({ distinct }) => formatCount(distinct), right: true },
    { title: 'minimum', text: ({ summary }) => figureOf(summary?.minimum), right: true },
    { title: 'median', text: ({ summary }) => figureOf(summary?.median), right: true },
    { title: 'maximum', text: ({ summary }) => figureOf(summary?.maximum), right: true },
    { title: 'values', text: valuesOf }
  ])
  return [facts, columns, [...dataset.warnings, ...dataset.doubts.map(tellDoubt)].join('\n')]
    .filter(Boolean)
    .join('\n\n')
}

/** Whole numbers, such as years, lose their meaning with a digit; the others are rounded. */
function figureOf(value: number | undefined): string {
  return value !== undefined && Number.isInteger(value) && Math.abs(value) < 1e7 ? String(value) : formatFigure(value)
}

/** Pixels say nothing one by one, and there are hundreds of them. */
function isPixel(name: string): boolean {
  return /^pixel/i.test(name)
}

function valuesOf({ histogram, examples, note }: Column): string {
  const levels = histogram?.kind === 'levels' ? histogram.levels.map(({ value }) => value) : examples
  const text = note ?? (histogram?.kind === 'numeric' ? '' : levels.slice(0, 4).join(', '))
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
