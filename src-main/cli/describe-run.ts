/** A run as text for people. */
import { sharedActivation, writeHidden } from '#engine/network/topology-text.ts'
import { hiddenLayers, outputLayer } from '#engine/network/topology.ts'
import { inSentence } from '#engine/setting.ts'
import { planSettings, saidSettings, tellApart } from '#engine/training/plan-settings.ts'
import type { PartMetrics } from '#engine/training/metrics.ts'
import type { Experiment } from '#contract/experiments.ts'
import type { Run } from '#contract/runs.ts'
import { formatFacts, formatTable, type TableColumn } from '#lab/cli/table.ts'
import { formatCount, formatFigure, formatShare } from '#words/numbers.ts'
import { formatSeconds } from '#words/times.ts'

/** Writes a run with its figures at the best epoch; says nothing of the test part. */
export function describeRun(run: Run, experiment: Experiment): string {
  const { settings } = experiment
  const best = run.bestEpoch === null ? '' : `, best ${run.bestEpoch}`
  const facts = formatFacts([
    ['run', `${run.id} (${run.status})`],
    ['experiment', experiment.name],
    ['target', `${settings.target} (${settings.task}) of ${experiment.datasetName}`],
    ['topology', describeTopology(run)],
    ['parameters', formatCount(run.parameters)],
    ...(run.source
      ? ([
          ['trained', run.ensemble ? null : 'elsewhere, taken over from an ONNX file'],
          ['average of', run.ensemble ? `runs ${run.ensemble.members.map((member) => member.run).join(', ')}` : null],
          ['temperature', run.ensemble?.temperature === undefined ? null : formatFigure(run.ensemble.temperature)]
        ] as const)
      : ([
          ['seed', String(run.seed)],
          ['epochs', `${run.epochs}${best}`],
          ['training time', formatSeconds(run.seconds)],
          ...saidSettings(run.plan).map(({ label, text }) => [inSentence(label), text] as const)
        ] as const)),
    ['note', run.note === '' ? null : run.note]
  ])
  const parts = { training: run.train, validation: run.validation }
  return `${facts}\n\n${describeParts(parts)}`
}

/** Writes the figures of parts as a table: one row a part. */
export function describeParts(parts: Record<string, PartMetrics | null>): string {
  const rows = Object.entries(parts).flatMap(([part, metrics]) => (metrics ? [{ part, metrics }] : []))
  if (rows.length === 0) return 'No epoch is finished yet.'
  const isClassification = rows.some(({ metrics }) => metrics.accuracy !== undefined)
  const figure = (title: string, text: (metrics: PartMetrics) => string): TableColumn<(typeof rows)[number]> => ({
    title,
    text: ({ metrics }) => text(metrics),
    right: true
  })
  return formatTable(rows, [
    { title: 'part', text: ({ part }) => part },
    figure('loss', ({ loss }) => formatFigure(loss)),
    ...(isClassification
      ? [figure('accuracy', ({ accuracy }) => formatShare(accuracy))]
      : [
          figure('RMSE', ({ rmse }) => formatFigure(rmse)),
          figure('MAE', ({ mae }) => formatFigure(mae)),
          figure('R2', ({ r2 }) => formatFigure(r2))
        ])
  ])
}

/**
 * Writes a topology as `30-64x32-2 relu`: inputs, hidden layers with all there is to them, outputs, and the activation
 * that the hidden layers share.
 */
export function describeTopology({ topology }: Pick<Run, 'topology'>): string {
  const hidden = hiddenLayers(topology)
  const shared = sharedActivation(hidden)
  const layers = [
    topology.inputs,
    ...(hidden.length > 0 ? [writeHidden(hidden, shared)] : []),
    outputLayer(topology).units
  ]
  return `${layers.join('-')}${shared === null ? '' : ` ${shared}`}`
}

/** The column of the settings in which runs differ; none where they differ in none. */
export function settingsColumn<Row extends { readonly run: Run }>(rows: readonly Row[]): TableColumn<Row>[] {
  const known = rows.filter(({ run }) => !run.source)
  const texts = tellApart(known.map(({ run }) => planSettings(run.plan))).map((own) => own.join(', '))
  const byRow = new Map(known.map((row, index) => [row, texts[index]]))
  if (texts.every((text) => text === '')) return []
  return [{ title: 'settings that differ', text: (row) => byRow.get(row) ?? '' }]
}
