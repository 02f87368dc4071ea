/**
 * The JSON documents of the terminal and of agents, made from what the contract gives; schemas.ts says what they hold.
 * Their field names are part of the interface.
 */
import { formatHidden } from '#engine/network/topology.ts'
import { valueOf } from '#engine/training/epoch-columns.ts'
import type { RunDetails } from '#engine/training/metrics.ts'
import type { Choice } from '#contract/choice.ts'
import type { Dataset } from '#contract/datasets.ts'
import type { Experiment } from '#contract/experiments.ts'
import type { CurvePiece, KeptEpochs, Run } from '#contract/runs.ts'
import type { Complexity, LearningCurve, LearningCurves, References } from '#contract/selection.ts'
import type { Sweep } from '#contract/sweeps.ts'
import type { DocumentOf } from '#lab/documents/schemas.ts'
import { nameTopology } from '#words/topologies.ts'

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
export function sweepDocument(sweep: Sweep, experiment: string): DocumentOf<'continue'>['sweep'] {
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
  // A topology as --hidden takes it; only sentences say the network without hidden layer in words.
  const names = new Map(points.map((point) => [point.key, nameTopology(point, 'none')]))
  const textOf = (key: string) => names.get(key) ?? ''
  return {
    ...(folds !== null && { folds }),
    measure: complexity.measure.name,
    points: points.map(({ key, validation, beside, ...point }) => ({
      key,
      topology: textOf(key),
      parameters: point.parameters,
      multiplyAdds: point.multiplyAdds,
      seeds: point.seeds,
      train: point.train,
      validation,
      unconverged: point.unconverged,
      worseThanBest: beside,
      baseline: point.baseline
    })),
    best: best && textOf(best),
    suggested: suggested && textOf(suggested),
    decided: complexity.decided,
    signal: complexity.signal,
    zone: complexity.zone,
    noise: complexity.noise,
    luck: { mean: complexity.luck.mean, single: complexity.luck.single },
    tried: complexity.tried,
    contested: contested.map(textOf),
    unconverged: unconverged.map(textOf),
    trainOn: complexity.trainOn,
    extraSeeds: complexity.extraSeeds,
    help,
    price: complexity.price,
    unpredicted: complexity.unpredicted,
    reason: complexity.reason
  }
}

type ChoiceDocument = Extract<DocumentOf<'choose'>, { readonly choice: unknown }>['choice']

/** The document of `learning-curve`: each curve with its topology as --hidden takes it. */
export function learningDocument({ measure, curves }: LearningCurves): DocumentOf<'learning-curve'> {
  const textOf = (curve: LearningCurve) => nameTopology({ ...curve, constant: null }, 'none')
  return { measure, curves: curves.map((curve) => ({ ...curve, topology: textOf(curve) })) }
}

/** The linear model and the forest in the document of `complexity`. */
export function referencesDocument(
  { models, missing, best, answer, reason }: References,
  { points }: Pick<Complexity, 'points'>
): NonNullable<DocumentOf<'complexity'>['references']> {
  const besideOf = points.find(({ key }) => key === best)
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
    best: besideOf ? nameTopology(besideOf, 'none') : null,
    answer,
    reason
  }
}

/** A choice in the document of `choose`; the names are those of the time when it was made. */
export function choiceDocument({ hidden, suggestion, ...choice }: Choice): ChoiceDocument {
  const { name: suggested, ...made } = suggestion
  return {
    ...choice,
    topology: hidden ? formatHidden(hidden) : choice.name,
    suggestion: { ...made, topology: suggested }
  }
}
