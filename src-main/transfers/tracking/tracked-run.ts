/** A run as trackers of other programs take it: names and texts for its settings, numbers by epoch for its curve. */
import { hiddenLayers } from '#engine/network/topology.ts'
import { writeHidden } from '#engine/network/topology-text.ts'
import { typeValue } from '#engine/setting.ts'
import { hiddenSettings, planSettings, type WrittenSetting } from '#engine/training/plan-settings.ts'
import type { PartMetrics } from '#engine/training/metrics.ts'
import type { CurvePiece, RunStatus } from '#contract/runs.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { StoredRun } from '#lab/store/runs.ts'

/** The value of a setting as `--set` takes it, and what people call it where that is another word than its name. */
export interface TrackedSetting {
  readonly text: string
  readonly label?: string
}

export interface TrackedRun {
  /** The same each time the same run is written, anywhere. */
  readonly key: string
  readonly name: string
  readonly status: RunStatus
  readonly note: string
  readonly createdAt: number
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly settings: ReadonlyMap<string, TrackedSetting>
  /** At the best epoch, and of the test part only where it was opened. */
  readonly figures: ReadonlyMap<string, number>
  readonly bestEpoch: number | null
  readonly curve: CurvePiece | null
}

export interface TrackedExperiment {
  readonly key: string
  readonly name: string
  readonly note: string
  readonly createdAt: number
}

/** Names an experiment by what makes it this one. */
export function trackedExperiment({ name, note, createdAt, datasetHash }: StoredExperiment): TrackedExperiment {
  return { key: `${datasetHash} ${createdAt}`, name, note, createdAt }
}

/** Gathers what a tracker takes of a run; `test` where the sealed part was opened for it. */
export function trackedRun(
  experiment: StoredExperiment,
  run: StoredRun,
  curve: CurvePiece | null,
  test: PartMetrics | null
): TrackedRun {
  const layers = hiddenLayers(run.topology)
  // Whole, as `--hidden` takes it: a label for screens would call different networks alike.
  const hidden = writeHidden(layers, null)
  const { kind: splitKind, ...split } = experiment.settings.split
  const facts: [string, string][] = [
    ...flatten('data', run.data),
    ['data.name', experiment.datasetName],
    ['data.hash', experiment.datasetHash],
    ['data.target', experiment.settings.target],
    ['data.task', experiment.settings.task],
    ['split.kind', splitKind],
    ...flatten('split', split)
  ]
  const settings = new Map<string, TrackedSetting>([
    ['hidden', { text: hidden }],
    ...tracked(hiddenSettings(layers)),
    ['inputs', { text: `${run.topology.inputs}` }],
    ['outputs', { text: `${run.topology.layers.at(-1)?.units ?? 0}` }],
    ['parameters', { text: `${run.parameters}` }],
    // Of a network that was trained elsewhere nobody knows its seed and plan.
    ...(run.source
      ? [['trained', { text: run.ensemble ? 'as an ensemble' : 'elsewhere' }] as const]
      : [['seed', { text: `${run.seed}` }] as const, ...tracked(planSettings(run.plan), 'plan.')]),
    ...facts.map(([name, text]) => [name, { text }] as const)
  ])
  const figures = new Map<string, number>()
  const parts = { best_train: run.train, best_validation: run.validation, test }
  for (const [part, metrics] of Object.entries(parts)) {
    for (const [name, value] of Object.entries(metrics ?? {}) as [string, number][]) {
      if (Number.isFinite(value)) figures.set(`${part}_${name}`, value)
    }
  }
  return {
    key: `${experiment.datasetHash} ${experiment.createdAt} ${run.id} ${run.createdAt}`,
    name: `run ${run.id}, ${hidden}${run.ensemble ? ', ensemble' : run.source ? ', trained elsewhere' : `, seed ${run.seed}`}`,
    status: run.status,
    note: run.note,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    settings,
    figures,
    bestEpoch: run.bestEpoch,
    curve
  }
}

/** `validationLoss` is `validation_loss` in trackers. */
export function trackedColumn(column: string): string {
  return column.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/(?<=[a-z])(?=\d+$)/, '_layer_')
}

/** Settings by their path, such as `plan.optimizer.learningRate`: what absence means is written out. */
function tracked(settings: ReadonlyMap<string, WrittenSetting>, prefix = ''): [string, TrackedSetting][] {
  return Array.from(settings, ([path, { label, value }]) => [`${prefix}${path}`, { label, text: typeValue(value) }])
}

/** Nested settings as `split.seed`; what is not set has no line. */
function flatten(prefix: string, value: unknown): [string, string][] {
  if (value === undefined || value === null) return []
  if (typeof value !== 'object') return [[prefix, `${value as string | number | boolean}`]]
  if (Array.isArray(value)) return [[prefix, value.join(', ')]]
  return Object.entries(value).flatMap(([name, inner]) => flatten(`${prefix}.${name}`, inner))
}
