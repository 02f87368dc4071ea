/** Runs as a CSV table: one row a run, every setting and figure in full precision. */
import type { Run } from '#contract/runs.ts'
import { toCsv } from '#renderer/pure/csv.ts'
import type { RunKinds } from '#renderer/pure/runs/run-groups.ts'

const figures = ['loss', 'accuracy', 'rmse', 'mae', 'r2'] as const

/** Writes runs in the order given; figures are those of the best epoch, of training and validation part alone. */
export function runsToCsv(runs: readonly Run[], kinds: RunKinds): string {
  // Every setting that some run says, with what its absence means in the others.
  const said = runs.flatMap((run) => [...kinds.of(run).settings].filter(([, { isSaid }]) => isSaid))
  const labels = new Map(said.map(([path, { label }]) => [path, label]))
  const measured = figures.filter((name) => runs.some((run) => run.train?.[name] !== undefined))
  const header = [
    ...['run', 'status', 'topology', 'parameters', 'seed', 'epochs', 'best epoch'],
    ...measured.map((name) => `training ${name}`),
    ...measured.map((name) => `validation ${name}`),
    ...['seconds', ...labels.values(), 'made from run', 'started', 'message', 'tags', 'starred'],
    'note'
  ]
  const rows = runs.map((run) => {
    const { topology, settings } = kinds.of(run)
    return [
      ...[run.id, run.status, topology, run.parameters, run.seed, run.epochs, run.bestEpoch],
      ...measured.map((name) => run.train?.[name]),
      ...measured.map((name) => run.validation?.[name]),
      ...[run.seconds, ...[...labels.keys()].map((path) => settings.get(path)?.text), run.parentId],
      ...[
        new Date(run.startedAt ?? run.createdAt).toISOString(),
        run.message,
        run.tags?.join('; '),
        run.starred === true
      ],
      run.note
    ]
  })
  return toCsv([header, ...rows])
}
