/** The full figures of a run as text for people. */
import type { ClassDetails, PartDetails, RunDetails } from '#engine/training/metrics.ts'
import type { Experiment } from '#contract/experiments.ts'
import { formatTable, type TableColumn } from '#lab/cli/table.ts'
import { formatSetShare, formatCount, formatFigure, formatShare } from '#words/numbers.ts'

/** A matrix with more columns is wider than a terminal. */
const mostConfused = 12

/** Writes the figures of the validation part, or of the training part where there is none. */
export function describeDetails({ epoch, train, validation }: RunDetails, { classes }: Experiment): string {
  const head = `${validation ? 'Validation' : 'Training'} part at epoch ${epoch}`
  return describePart(head, validation ?? train, classes ?? [])
}

/** Writes the full figures of some rows; `head` says of which. */
export function describePart(head: string, details: PartDetails, names: readonly string[]): string {
  if (details.task === 'regression') return `${head}, prediction minus target:\n${describeResiduals(details)}`
  const isShown = details.confusion !== null && names.length <= mostConfused
  const matrix = isShown
    ? [`${head}, true class by row, predicted by column:\n${describeConfusion(details, names)}`]
    : []
  return [...matrix, `${isShown ? 'By class' : head}:\n${describeClasses(details, names)}`].join('\n\n')
}

type ClassificationDetails = Extract<PartDetails, { task: 'classification' }>

function describeConfusion({ confusion }: ClassificationDetails, names: readonly string[]): string {
  const rows = (confusion ?? []).map((counts, index) => ({ name: names[index] ?? '', counts }))
  const columns = names.map((title, index) => ({
    title,
    text: ({ counts }: (typeof rows)[number]) => formatCount(counts[index] ?? 0),
    right: true
  }))
  return formatTable(rows, [{ title: '', text: ({ name }) => name }, ...columns])
}

type ClassRow = Pick<ClassDetails, 'precision' | 'recall' | 'f1'> & {
  readonly name: string
  readonly rocAuc: number | null
  readonly support: number | null
}

function describeClasses(details: ClassificationDetails, names: readonly string[]): string {
  const rows: ClassRow[] = [
    ...details.classes.map((figures, index) => ({ ...figures, name: names[index] ?? '' })),
    { ...details.macro, name: 'mean of classes', rocAuc: details.rocAuc, support: null },
    { ...details.weighted, name: 'weighted by rows', rocAuc: null, support: null }
  ]
  const figure = (title: string, text: (row: ClassRow) => string): TableColumn<ClassRow> => ({
    title,
    text,
    right: true
  })
  return formatTable(rows, [
    { title: 'class', text: ({ name }) => name },
    figure('precision', ({ precision }) => formatShare(precision)),
    figure('recall', ({ recall }) => formatShare(recall)),
    figure('F1', ({ f1 }) => formatShare(f1)),
    figure('ROC-AUC', ({ rocAuc }) => formatFigure(rocAuc)),
    figure('rows', ({ support }) => (support === null ? '' : formatCount(support)))
  ])
}

function describeResiduals({ residuals }: Extract<PartDetails, { task: 'regression' }>): string {
  return formatTable(residuals, [
    { title: 'rows below', text: ({ share }) => formatSetShare(share), right: true },
    { title: 'residual', text: ({ value }) => formatFigure(value), right: true }
  ])
}
