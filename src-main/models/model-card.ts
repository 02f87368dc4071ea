/** The model card: what a model predicts from what, how it came about, and what it was measured to do, as Markdown. */
import { formatHidden, hiddenLayers, outputLayer } from '#engine/network/topology.ts'
import type { ColumnEncoding } from '#contract/preparation.ts'
import type { Exported } from '#contract/exports.ts'
import { writeClock, writeDate } from '#words/time-texts.ts'
import { stepsOf } from '#lab/datasets/preparation-steps.ts'
import type { Provenance, TrainedModel } from '#lab/models/model.ts'
import { describeMetrics } from '#words/metrics.ts'
import { formatCount, formatFigure } from '#words/numbers.ts'
import { describeSplit } from '#words/splits.ts'

/** Writes the card that goes beside an export of a format. */
export function writeModelCard(model: TrainedModel, { format, proof }: Pick<Exported, 'format' | 'proof'>): string {
  const { provenance, preparation, task, topology } = model
  const { dataset, rows, split, fold, figures, test } = provenance
  const hidden = formatHidden(hiddenLayers(topology))
  const output = outputLayer(topology)
  const what = task === 'classification' ? `one of ${preparation.classes?.length} classes` : 'a number'
  const proven = proof
    ? `Run on ${proof.rows} rows of the training and the validation part right after it was written: its outputs differ ` +
      `from the lab's by at most ${formatFigure(proof.largestDifference)} (tolerance ${proof.tolerance}).`
    : `The lab can't run this format by itself; compare it with \`lab predict\` before you rely on it.`
  const sections = [
    `# Model card: ${inline(preparation.target)}`,
    `Predicts **${inline(preparation.target)}** (${what}) from ${preparation.columns.length} columns. ` +
      `Run ${provenance.run} of "${inline(provenance.experiment)}", written by Topology Lab ${provenance.lab} as ${format}.`,
    preparation.classes ? `Classes, in the order of the outputs: ${preparation.classes.map(code).join(', ')}.` : '',
    '## Inputs',
    'A missing value is replaced by the value of the column "missing". A level that is not listed counts as "other" ' +
      'where there is such an input, else as none of the levels. Dates count days since 1970-01-01, with the time of day as a fraction; times and durations count hours.',
    table(
      ['Column', 'Kind', 'Missing', 'Prepared as'],
      preparation.columns.map((column) => [code(column.column), column.kind, ...describe(column)])
    ),
    '## Network',
    `${topology.inputs} inputs, hidden layers ${hidden}${activationOf(topology)}, ${output.units} ${output.activation} ` +
      `output${output.units === 1 ? '' : 's'}; ${formatCount(model.parameters.length)} numbers. ${describeTraining(provenance)}`,
    '## Data',
    `"${inline(dataset.name)}", content ${code(dataset.hash)}: ${rows.train} rows for training, ${rows.validation} for ` +
      `validation, ${rows.test} kept for testing. Split: ${inline(describeSplit(split))}.` +
      (fold
        ? ` For cross-validation, training and validation part were dealt anew: fold ${fold.index} of ${fold.of} validates.`
        : ''),
    '## Figures',
    table(
      ['Part', 'Figures'],
      [
        ['training', describeMetrics(figures.train)],
        ['validation', describeMetrics(figures.validation)],
        ['test', test ? describeMetrics(test.metrics) : 'not opened']
      ]
    ),
    `${provenance.source ? 'They were measured after it was taken over. ' : 'The network was chosen by the validation part, so its figures flatter a little. '}` +
      (test
        ? `The test part of this experiment had been opened ${test.openings} times when this figure was taken.`
        : 'The test part has not been opened for these weights.'),
    '## Limits',
    [
      'It knows what is in the training rows; values far outside them give answers without a warning.',
      'Probabilities were not calibrated on rows of their own.',
      ...preparation.warnings.map(inline)
    ]
      .map((limit) => `- ${limit}`)
      .join('\n'),
    '## Proof',
    proven
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

/** How it came about and was chosen. */
function describeTraining({ source, optimizer, loss, seed, trainedAt, weights, epoch }: Provenance): string {
  if (source) {
    return 'It was trained elsewhere and taken over from an ONNX file: on which rows, how, and how it was chosen is not known here.'
  }
  const day = trainedAt ? `, ${trainedAt.slice(0, 10)}` : ''
  const which =
    weights === 'best' ? `those of epoch ${epoch}, chosen by the validation part` : `those of the last epoch, ${epoch}`
  return `Trained with ${optimizer} on ${loss.replaceAll('_', ' ')}, seed ${seed}${day}. The weights are ${which}.`
}

function activationOf(topology: TrainedModel['topology']): string {
  const names = new Set(hiddenLayers(topology).map(({ activation }) => activation))
  return names.size === 1 ? ` (${[...names].join()})` : ''
}

function describe(encoding: ColumnEncoding): [string, string] {
  const flag = encoding.indicator ? ', and an input that tells it was missing' : ''
  if ('levels' in encoding) {
    const shown = encoding.levels
      .slice(0, 20)
      .map(code)
      .join(encoding.kind === 'ordinal' ? ' < ' : ', ')
    const more = encoding.levels.length > 20 ? ` and ${encoding.levels.length - 20} more` : ''
    const joined = Object.entries(encoding.aliases ?? {}).map(([other, level]) => `${code(other)} is ${code(level)}`)
    const also = joined.length > 0 ? `; ${joined.slice(0, 20).join(', ')}` : ''
    return [
      `${encoding.fill === null ? 'none' : code(encoding.fill)}${flag}`,
      `${shown}${more}${afterLevels(encoding)}${also}`
    ]
  }
  const { reads } = stepsOf(encoding)
  const fill =
    reads === 'date'
      ? writeDate(encoding.fill, !Number.isInteger(encoding.fill))
      : reads === 'clock'
        ? writeClock(encoding.fill)
        : String(encoding.fill)
  return [`${fill}${flag}`, describeNumber(encoding)]
}

function afterLevels(encoding: Extract<ColumnEncoding, { levels: string[] }>): string {
  if (encoding.kind === 'categorical') return encoding.other ? ', other' : ''
  const what =
    encoding.kind === 'ordinal' ? 'place in that order, from 0' : 'share of the training rows with that level'
  return `: (${what} - ${encoding.offset}) / ${encoding.scale}`
}

function describeNumber(encoding: Exclude<ColumnEncoding, { levels: string[] }>): string {
  if (encoding.kind === 'time') return 'hours on a circle of 24: sine and cosine'
  if (encoding.kind === 'date') {
    return encoding.parts
      .map(({ part, offset, scale }) =>
        part === 'days' || part === 'year' ? `(${part} - ${offset}) / ${scale}` : `${part} on a circle: sine and cosine`
      )
      .join('; ')
  }
  const what = encoding.reads === 'date' ? 'days since 1970' : encoding.reads === 'clock' ? 'hours' : 'value'
  return `(${what} - ${encoding.offset}) / ${encoding.scale}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Other people's names, without what would be Markdown or another line. */
function inline(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|#]/g, '\\$&')
}

function code(text: string): string {
  return `\`${text.replaceAll(/\s+/g, ' ').replaceAll('`', "'").replaceAll('|', '\\|')}\``
}
