/**
 * The JSON documents of the terminal and of agents, made from what the contract gives; schemas.ts says what they hold.
 * Their field names are part of the interface.
 */
import { valueOf } from '#engine/training/epoch-columns.ts'
import type { RunDetails } from '#engine/training/metrics.ts'
import type { Choice } from '#contract/choice.ts'
import type { Dataset } from '#contract/datasets.ts'
import type { Experiment } from '#contract/experiments.ts'
import type { CurvePiece, KeptEpochs, Run } from '#contract/runs.ts'
import { type Complexity, noHiddenLayer, type References } from '#contract/selection.ts'
import type { Sweep } from '#contract/sweeps.ts'
import type { DocumentOf } from '#lab/documents/schemas.ts'

/** The document of `train` and `resume`; figures at the best epoch, of the training and validation part alone. */
export function runDocument(run: Run, experiment: Experiment): DocumentOf<'train'> {
  return {
    run: {
      id: run.id,
      status: run.status,
      experiment: experiment.name,
      dataset: experiment.settings.datasetId,
      target: experiment.settings.target,
      task: experiment.settings.task,
      topology: run.topology,
      plan: run.source ? null : run.plan,
      parameters: run.parameters,
      seed: run.seed,
      epochs: run.epochs,
      bestEpoch: run.bestEpoch,
      ...(run.ensemble && { members: run.ensemble.members.map((member) => member.run) }),
      ...(run.ensemble?.temperature !== undefined && { temperature: run.ensemble.temperature })
    },
    metrics: { train: run.train, validation: run.validation },
    seconds: run.seconds
  }
}

/** One entry of `runs`: the run with its figures beside it. */
export function runEntry(run: Run, experiment: Experiment): DocumentOf<'runs'>['runs'][number] {
  const { run: fields, ...rest } = runDocument(run, experiment)
  return { ...fields, ...rest }
}

/** The document of `show`: that of `train`, what the person wrote, the full figures, the epochs whose weights are kept, and the curve by epoch. */
export function showDocument(
  run: Run,
  experiment: Experiment,
  details: RunDetails | null,
  keptEpochs: KeptEpochs,
  pieces: readonly CurvePiece[]
): DocumentOf<'show'> {
  const { message, note } = run
  return { ...runDocument(run, experiment), message, note, details, keptEpochs, curve: curveRecords(pieces) }
}

/** One entry of `experiments`. */
export function experimentEntry(experiment: Experiment): DocumentOf<'experiments'>['experiments'][number] {
  const { id, name, datasetName, settings, rows, runs, openings, note, createdAt } = experiment
  const { datasetId: dataset, target, task, split } = settings
  return { id, name, dataset, datasetName, target, task, split, rows, runs, openings, note, createdAt }
}

/** The sweep in the document of `sweep`. */
export function sweepDocument(sweep: Sweep, experiment: string): DocumentOf<'sweep'>['sweep'] {
  const { id, status, points, planned, runs, elapsedSeconds, cost, message } = sweep
  return { id, experiment, status, points, planned, runs, elapsedSeconds, cost, message }
}

/** The document of `import` and `describe`. */
export function datasetDocument(dataset: Dataset): DocumentOf<'describe'> {
  return { dataset }
}

function curveRecords(pieces: readonly CurvePiece[]): DocumentOf<'show'>['curve'] {
  return pieces.flatMap((piece) =>
    Array.from({ length: piece.epochs }, (_, row) => {
      const figures = piece.columns.map((column, index) => [column, valueOf(piece, index, row)] as const)
      return { ...Object.fromEntries(figures), epoch: piece.firstEpoch + row }
    })
  )
}

/** The document of `complexity`: all that the advice rests on, in raw numbers. */
export function complexityDocument(complexity: Complexity): DocumentOf<'complexity'> {
  const { folds, points, best, suggested, contested, unconverged, help } = complexity
  const text = (name: string | null) => name && nameAsText(name)
  return {
    ...(folds !== null && { folds }),
    measure: complexity.measure.name,
    points: points.map(({ topology, validation, beside, ...point }) => ({
      topology: nameAsText(topology),
      parameters: point.parameters,
      multiplyAdds: point.multiplyAdds,
      seeds: point.seeds,
      train: point.train,
      validation,
      unconverged: point.unconverged,
      worseThanBest: beside,
      baseline: point.baseline
    })),
    best: text(best),
    suggested: text(suggested),
    decided: complexity.decided,
    signal: complexity.signal,
    zone: complexity.zone,
    noise: complexity.noise,
    luck: { mean: complexity.luck.mean, single: complexity.luck.single },
    tried: complexity.tried,
    contested: contested.map(nameAsText),
    unconverged: unconverged.map(nameAsText),
    trainOn: complexity.trainOn,
    extraSeeds: complexity.extraSeeds,
    help,
    price: complexity.price,
    reason: complexity.reason
  }
}

/** The linear model and the forest in the document of `complexity`. */
export function referencesDocument({
  models,
  missing,
  best,
  answer,
  reason
}: References): NonNullable<DocumentOf<'complexity'>['references']> {
  return {
    models: models.map(({ name, train, error, low, high, beside, trainedRows, seconds }) => ({
      name,
      train,
      validation: { mean: error, low, high },
      worseThanBest: beside,
      trainedRows,
      seconds
    })),
    missing,
    best: best && nameAsText(best),
    answer,
    reason
  }
}

/** A choice in the document of `choose`. */
export function choiceDocument({ topology, suggestion, ...choice }: Choice): Choice {
  const suggested = suggestion.topology && nameAsText(suggestion.topology)
  return { ...choice, topology: nameAsText(topology), suggestion: { ...suggestion, topology: suggested } }
}

/** A topology's name as --hidden takes it; only sentences say it in words. */
function nameAsText(name: string): string {
  return name.startsWith(noHiddenLayer) ? `none${name.slice(noHiddenLayer.length)}` : name
}
