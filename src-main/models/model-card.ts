/** The model card: what a model predicts from what, how it came about, and what it was measured to do, as Markdown. */
import { LEAKY_SLOPE } from '#engine/network/constants.ts'
import { writeHidden } from '#engine/network/topology-text.ts'
import { hiddenLayers, type Layer, outputLayer } from '#engine/network/topology.ts'
import type { ColumnEncoding } from '#contract/preparation.ts'
import type { Exported, ExportFormat } from '#contract/exports.ts'
import { writeClock, writeDate } from '#words/time-texts.ts'
import { stepsOf } from '#lab/datasets/preparation-steps.ts'
import type { Provenance, TrainedModel } from '#lab/models/model.ts'
import { deviceCosts } from '#lab/models/writers/c-costs.ts'
import { onnxPorts } from '#lab/models/onnx/write.ts'
import { describeMetrics } from '#words/metrics.ts'
import { formatCount, formatFigure } from '#words/numbers.ts'
import { describeSplit } from '#words/splits.ts'

/** Writes the card that goes beside an export of a format. */
export function writeModelCard(model: TrainedModel, { format, proof }: Pick<Exported, 'format' | 'proof'>): string {
  const { provenance, preparation, task, topology } = model
  const { dataset, rows, split, fold, figures, test } = provenance
  const { limits } = preparation.targetScale
  const hidden = hiddenLayers(topology)
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
      preparation.columns.map((column) => [cell(column.column), kindOf(column), ...describe(column)])
    ),
    ...describePorts(model, format),
    ...(format === 'c' ? describeCosts(model) : []),
    '## Network',
    `${topology.inputs} inputs, ${hidden.length === 0 ? 'no hidden layer' : `hidden layers ${code(writeHidden(hidden, null))}`}; ` +
      `${formatCount(model.parameters.length)} numbers. ${describeTraining(provenance)}${describeEnsemble(model)}`,
    table(
      ['Layer', 'Units', 'Activation', 'Normalisation', 'Dropout in training'],
      topology.layers.map((layer, index) => layerRow(layer, index === hidden.length ? 'output' : String(index + 1)))
    ),
    '## Data',
    `"${inline(dataset.name)}", content ${code(dataset.hash)}` +
      `${dataset.reading?.length ? `, read as ${inline(dataset.reading.join(', '))}` : ''}: ${rows.train} rows for training, ${rows.validation} for ` +
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
      model.temperature === undefined
        ? 'Probabilities were not calibrated on rows of their own.'
        : 'The temperature of its probabilities was fitted on the validation part, which chose the epochs as well.',
      ...(limits
        ? [`Predictions stay within ${limits.minimum} and ${limits.maximum}, the range of the training targets.`]
        : []),
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

/** What else predicts beside the network that the table shows. */
function describeEnsemble({ provenance: { members = [] }, further = [], temperature }: TrainedModel): string {
  const runs = members.map(({ run, seed }) => `${run} (seed ${seed})`).join(', ')
  const average =
    further.length > 0
      ? ` It is an ensemble: the outputs of ${further.length + 1} networks are averaged, those of runs ${runs}; what is told here of layers and training is of the first.`
      : ''
  const scaled =
    temperature === undefined
      ? ''
      : ` Probabilities p become p^(1 / ${formatFigure(temperature)}), divided by their sum.`
  return average + scaled
}

/** What the header takes of a small device. */
function describeCosts(model: TrainedModel): string[] {
  const { multiplyAdds, flashBytes, ramBytes } = deviceCosts(model)
  return [
    '## On a device',
    `A row costs ${formatCount(multiplyAdds)} multiply-adds, one activation a unit, and about ${formatCount(ramBytes)} bytes of stack beside the row itself; ` +
      `the constants take ${formatCount(flashBytes)} bytes of flash, and the code comes on top.`
  ]
}

function layerRow({ units, activation, slope, normalisation, dropout }: Layer, name: string): string[] {
  const slopeText = activation === 'leaky_relu' ? ` (slope ${slope ?? LEAKY_SLOPE})` : ''
  return [name, String(units), `${activation}${slopeText}`, normalisation ?? 'none', String(dropout ?? 0)]
}

/** The inputs and outputs of the file, for those who call it by name; empty for a format that takes rows. */
function describePorts(model: TrainedModel, format: ExportFormat): string[] {
  const { preparation, topology } = model
  const units = outputLayer(topology).units
  const head = ['Name', 'Element type', 'Shape', 'Meaning']
  const shape = (columns: number) => `(rows, ${columns})`
  if (format === 'onnx-network') {
    return [
      '## Inputs and outputs of the file',
      table(head, [
        [
          cell('inputs'),
          'float',
          shape(topology.inputs),
          'prepared numbers, in the order of the metadata "inputs"; none may be missing'
        ],
        [
          cell('outputs'),
          'float',
          shape(units),
          preparation.classes ? 'probabilities of the classes' : 'the scaled number'
        ]
      ])
    ]
  }
  if (format !== 'onnx') return []
  const { inputs, outputs } = onnxPorts(model)
  const meaning = {
    text: 'text; missing: empty',
    number: 'number; missing: NaN',
    date: 'days since 1970-01-01, with the time of day as a fraction; missing: NaN',
    clock: 'hours; missing: NaN'
  }
  return [
    '## Inputs and outputs of the file',
    table(head, [
      ...inputs.map(({ column, type }) => [`${cell(column.column)} (in)`, type, shape(1), meaning[column.reads]]),
      ...outputs.map(({ name, type, columns }) => [
        `${cell(name)} (out)`,
        type,
        columns === null ? '(rows)' : shape(columns),
        columns === null
          ? 'the most probable class'
          : preparation.classes
            ? 'probabilities of the classes'
            : 'the value, in the units of the target'
      ])
    ])
  ]
}

/** What the column holds, and what it is prepared as where that is another word. */
function kindOf(encoding: ColumnEncoding): string {
  const { reads } = stepsOf(encoding)
  const holds = { text: encoding.kind, number: 'numeric', date: 'date', clock: 'time or duration' }[reads]
  return encoding.kind === 'numeric' && reads !== 'number' ? `${holds}, as a number` : holds
}

function describe(encoding: ColumnEncoding): [string, string] {
  const flag = encoding.indicator ? ', and an input that tells it was missing' : ''
  if ('levels' in encoding) {
    const shown = encoding.levels
      .slice(0, 20)
      .map(cell)
      .join(encoding.kind === 'ordinal' ? ' < ' : ', ')
    const more = encoding.levels.length > 20 ? ` and ${encoding.levels.length - 20} more` : ''
    const joined = Object.entries(encoding.aliases ?? {}).map(([other, level]) => `${cell(other)} is ${cell(level)}`)
    const also = joined.length > 0 ? `; ${joined.slice(0, 20).join(', ')}` : ''
    return [
      `${encoding.fill === null ? 'none' : cell(encoding.fill)}${flag}`,
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
  const scaled = `(${what} - ${encoding.offset}) / ${encoding.scale}`
  return encoding.smoothClip ? `${scaled}, then z / sqrt(1 + (z / 3)^2) of that` : scaled
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Without line ends, and without signs that steer a terminal in which a card may be shown. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
}

/** Other people's names, without what would be Markdown or another line. */
function inline(text: string): string {
  return oneLine(text).replaceAll(/[\\`*_[\]<>|#]/g, '\\$&')
}

function code(text: string): string {
  return `\`${oneLine(text).replaceAll('`', "'")}\``
}

/** In a table, where a bar would end the cell, even within code. */
function cell(text: string): string {
  return code(text).replaceAll('|', '\\|')
}
