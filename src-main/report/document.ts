/** Gathers the report of an experiment from what the lab knows. The test part comes in as far as it was opened. */
import type { ChoiceState } from '#contract/choice.ts'
import type { ReportDocument } from '#contract/report.ts'
import type { Complexity } from '#contract/selection.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { StoredRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'

export interface ReportFacts {
  readonly store: Store
  readonly experiment: StoredExperiment
  readonly complexity: Complexity
  readonly choice: ChoiceState
  /** Of the lab. */
  readonly version: string
  /** Milliseconds since 1970. */
  readonly now: number
}

const rule =
  'The simplest topology whose mean validation error is above the lowest mean by no more than the zone of practical ' +
  'equality, once the luck of having been the lowest is taken off (bootstrap bias correction, Tsamardinos et al. 2018), ' +
  'and that is not surely worse by more. Topologies are compared row by row and seed by seed. The figure of a run is that of its best validation epoch; seeds, split and rows are the same ' +
  'for all topologies.'

const ruleOfFolds = (folds: number) =>
  `${rule} Training and validation part were dealt into ${folds} folds, the same for all topologies; each fold was judged ` +
  'by networks trained on the others, with a preparation fitted on those alone. Topologies are compared fold by fold; the ' +
  'error of a difference allows for the training rows that folds share (Benavoli et al. 2017). A topology counts once all ' +
  'its folds have ended.'

/** Gathers the document. */
export function gatherReport({ store, experiment, complexity, choice, version, now }: ReportFacts): ReportDocument {
  const { settings, preparation } = experiment
  const dataset = store.datasets.get(experiment.datasetId)
  const [chosen] = choice.choices
  return {
    format: 'topology-lab-report',
    version: 1,
    lab: version,
    writtenAt: now,
    experiment: {
      id: experiment.id,
      name: experiment.name,
      note: experiment.note,
      createdAt: experiment.createdAt
    },
    question: { target: settings.target, task: settings.task, classes: preparation.classes },
    data: {
      name: experiment.datasetName,
      hash: experiment.datasetHash,
      source: dataset?.source ?? '',
      reading: dataset?.reading?.facts ?? [],
      rows: { ...experiment.rowCounts, dropped: experiment.dropped },
      columns: settings.columns,
      inputs: preparation.inputs.length,
      preparation: settings.preparation,
      split: settings.split,
      warnings: [...experiment.warnings]
    },
    measure: complexity.measure,
    folds: complexity.folds,
    tried: complexity.points.map((point) => ({
      ...point,
      suggested: point.key === complexity.suggested,
      chosen: point.trials.some(({ runId }) => runId !== null && runId === chosen?.runId)
    })),
    rule: complexity.folds === null ? rule : ruleOfFolds(complexity.folds),
    suggestion: choice.suggestion,
    luck: { ...complexity.luck, tried: complexity.tried },
    choices: choice.choices,
    model: modelOf(store.runs.get(choice.finalRunId ?? chosen?.runId ?? 0)),
    openings: choice.openings
  }
}

function modelOf(run: StoredRun | null): ReportDocument['model'] {
  if (!run) return null
  return {
    runId: run.id,
    parentId: run.parentId,
    data: run.data,
    status: run.status,
    topology: { inputs: run.topology.inputs, layers: [...run.topology.layers] },
    plan: run.plan,
    seed: run.seed,
    parameters: run.parameters,
    epochs: run.epochs,
    bestEpoch: run.bestEpoch,
    train: run.train,
    validation: run.validation
  }
}
