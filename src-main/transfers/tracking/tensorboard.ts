/**
 * Writes runs as TensorBoard event files: a folder a run, in it one for the training and one for the validation part,
 * as Keras does, so that both draw on one chart; the settings as text.
 * Source: tensorboard/compat/proto/{event,summary,tensor}.proto (numbers of fields), tensorboard/plugins/text/metadata.py.
 */
import { columnNamed, valueOf } from '#engine/training/epoch-columns.ts'
import type { OutputFile } from '#lab/models/output-file.ts'
import { bytes, double, float, message, record, text, varint } from '#lab/transfers/tracking/event-records.ts'
import { type TrackedRun, trackedColumn } from '#lab/transfers/tracking/tracked-run.ts'

/** Gives the event files of one run. */
export function tensorboardFiles(run: TrackedRun): OutputFile[] {
  const { curve } = run
  const folder = run.name.replace(/[^\w.,: -]+/g, '_').replaceAll(':', '-')
  const start = (run.startedAt ?? run.createdAt) / 1000
  const name = `events.out.tfevents.${Math.floor(start)}.topology-lab`
  const columns = curve?.columns ?? []
  const inPart = (part: string) =>
    columns
      .map((column, index) => ({ column, index }))
      .filter(({ column }) => column.startsWith(part) && /^[A-Z]/.test(column.slice(part.length)))
      .map(({ column, index }) => ({ tag: trackedColumn(column.slice(part.length)).replace(/^_/, ''), index }))
  const parts = [
    { part: 'train', series: inPart('train') },
    { part: 'validation', series: inPart('validation') },
    {
      part: 'run',
      series: columns
        .map((column, index) => ({ column, index }))
        .filter(({ column }) => !/^(train|validation)[A-Z]/.test(column) && column !== 'seconds')
        .map(({ column, index }) => ({ tag: trackedColumn(column), index }))
    }
  ]
  return parts.map(({ part, series }) => ({
    path: `${folder}/${part}/${name}`,
    content: () => events(run, start, series, part === 'run')
  }))
}

function* events(
  run: TrackedRun,
  start: number,
  series: readonly { tag: string; index: number }[],
  withSettings: boolean
): Generator<Uint8Array, void, void> {
  yield record([double(1, start), text(3, 'brain.Event:2')])
  if (withSettings) yield record([double(1, start), varint(2, 0), message(5, [message(1, settingsSummary(run))])])
  const { curve } = run
  if (!curve) return
  const seconds = columnNamed(curve, 'seconds')
  for (let epoch = 0; epoch < curve.epochs; epoch++) {
    const measured = series.flatMap(({ tag, index }) => {
      const value = valueOf(curve, index, epoch)
      return Number.isFinite(value) ? [message(1, [text(1, tag), float(2, value)])] : []
    })
    if (measured.length === 0) continue
    const at = start + (seconds[epoch] ?? 0)
    yield record([double(1, at), varint(2, curve.firstEpoch + epoch), message(5, measured)])
  }
}

/** A value of the text plugin: a string tensor (DT_STRING is 7) that holds a table in Markdown. */
function settingsSummary({ settings, note }: TrackedRun): Uint8Array[] {
  const rows = [...settings].map(
    ([name, { label = name, text: value }]) => `| ${label} | ${value.replaceAll('|', '\\|')} |`
  )
  const table = ['| setting | value |', '| --- | --- |', ...rows].join('\n')
  const markdown = note === '' ? table : `${note}\n\n${table}`
  const shape = message(2, [message(2, [varint(1, 1)])])
  return [
    text(1, 'settings/text_summary'),
    message(8, [varint(1, 7), shape, bytes(8, new TextEncoder().encode(markdown))]),
    message(9, [message(1, [text(1, 'text')])])
  ]
}
