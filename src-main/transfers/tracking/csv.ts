/**
 * Runs and curves as CSV (RFC 4180): a row a run, or a row an epoch. Numbers are written whole, with a decimal point.
 */
import { columnNamed } from '#engine/training/epoch-columns.ts'
import { type TrackedRun, trackedColumn } from '#lab/transfers/tracking/tracked-run.ts'

/** Writes one row a run: its settings, its figures at the best epoch, its note. */
export function* runsCsv(runs: readonly TrackedRun[]): Generator<string, void, void> {
  const settings = namesOf(runs, (run) => run.settings)
  const figures = namesOf(runs, (run) => run.figures)
  yield line(['run', 'status', ...settings, 'best_epoch', ...figures, 'started', 'ended', 'note'])
  for (const run of runs) {
    yield line([
      run.name,
      run.status,
      ...settings.map((name) => run.settings.get(name)?.text),
      run.bestEpoch,
      ...figures.map((name) => run.figures.get(name)),
      timeOf(run.startedAt),
      timeOf(run.endedAt),
      run.note
    ])
  }
}

/** Writes one row an epoch of every run, in columns that all runs share. */
export async function* curvesCsv(runs: AsyncIterable<TrackedRun>, columns: readonly string[]): AsyncGenerator<string> {
  yield line(['run', 'epoch', ...columns.map(trackedColumn)])
  for await (const { name, curve } of runs) {
    if (!curve) continue
    const { epochs, firstEpoch } = curve
    const figures = columns.map((column) => columnNamed(curve, column))
    for (let epoch = 0; epoch < epochs; epoch++) {
      yield line([name, firstEpoch + epoch, ...figures.map((figure) => figure[epoch])])
    }
  }
}

function namesOf(runs: readonly TrackedRun[], part: (run: TrackedRun) => ReadonlyMap<string, unknown>): string[] {
  return [...new Set(runs.flatMap((run) => [...part(run).keys()]))]
}

function line(cells: readonly (string | number | null | undefined)[]): string {
  return `${cells.map(cell).join(',')}\r\n`
}

/** What is missing or no number is an empty cell. */
function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value))) return ''
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function timeOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
