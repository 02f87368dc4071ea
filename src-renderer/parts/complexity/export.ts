/** The complexity curve as CSV: a row a trial, so that any figure can be made from it anew. */
import type { Complexity } from '#contract/selection.ts'

export function complexityToCsv({ points, measure }: Complexity): string {
  const head = [
    'topology',
    'hidden layers',
    'parameters',
    'multiply-adds',
    'hidden units',
    'depth',
    'baseline',
    'run',
    'seed',
    'best epoch'
  ]
  const rows = points.flatMap((point) =>
    point.trials.map((trial) => [
      `"${point.topology.replaceAll('"', '""')}"`,
      point.units.join('x'),
      point.parameters,
      point.multiplyAdds,
      point.hiddenUnits,
      point.depth,
      point.baseline,
      trial.runId ?? '',
      trial.seed,
      trial.bestEpoch ?? '',
      trial.train,
      trial.validation
    ])
  )
  const columns = [...head, `training ${measure.name}`, `validation ${measure.name}`]
  return [columns, ...rows].map((row) => row.join(',')).join('\n') + '\n'
}
