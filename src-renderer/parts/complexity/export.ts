/** The complexity and the learning curve as CSV: a row a trial, so that any figure can be made from it anew. */
import { formatHidden } from '#engine/network/topology.ts'
import type { Complexity, LearningCurves } from '#contract/selection.ts'
import { toCsv } from '#renderer/pure/csv.ts'
import { nameTopology } from '#words/topologies.ts'

export function complexityToCsv({ points, measure }: Complexity): string {
  const head = [
    'key',
    'topology',
    'hidden layers',
    'parameters',
    'multiply-adds',
    'hidden units',
    'depth',
    'baseline',
    'run',
    'seed',
    'fold',
    'best epoch'
  ]
  const rows = points.flatMap((point) =>
    point.trials.map((trial) => [
      point.key,
      nameTopology(point),
      point.constant === null ? formatHidden(point.hidden) : '',
      point.parameters,
      point.multiplyAdds,
      point.hiddenUnits,
      point.depth,
      point.baseline,
      trial.runId,
      trial.seed,
      trial.fold ?? '',
      trial.bestEpoch,
      trial.train,
      trial.validation
    ])
  )
  const columns = [...head, `training ${measure.name}`, `validation ${measure.name}`]
  return toCsv([columns, ...rows])
}

export function learningCurveToCsv({ curves, measure }: LearningCurves): string {
  const columns = ['key', 'topology', 'share of the training part', 'training rows', 'run', 'seed', 'best epoch']
  const rows = curves.flatMap(({ points, ...named }) =>
    points.flatMap(({ share, rows: count, trials }) =>
      trials.map(({ runId, seed, bestEpoch, train, validation }) => [
        named.key,
        nameTopology({ ...named, constant: null }),
        share,
        count,
        runId,
        seed,
        bestEpoch,
        train,
        validation
      ])
    )
  )
  return toCsv([[...columns, `training ${measure.name}`, `validation ${measure.name}`], ...rows])
}
