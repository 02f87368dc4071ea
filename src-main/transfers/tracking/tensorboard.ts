/**
 * Writes runs as TensorBoard event files: a folder a run, in it one for the training and one for the validation part,
 * as Keras does, so that both draw on one chart; the settings as text, and as hyperparameters in the folder of the run, whose
 * table has the figures of its best epoch.
 * Source: tensorboard/compat/proto/{event,summary,tensor}.proto (numbers of fields), tensorboard/plugins/text/metadata.py,
 * tensorboard/plugins/hparams/{plugin_data.proto,metadata.py} (hyperparameters), google/protobuf/struct.proto (values).
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
  return [
    { path: `${folder}/${name}`, content: () => hyperparameters(run, start) },
    ...parts.map(({ part, series }) => ({
      path: `${folder}/${part}/${name}`,
      content: () => events(run, start, series, part === 'run')
    }))
  ]
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

/** A session of the table of hyperparameters: its settings, the figures of its best epoch, and how it ended. */
function* hyperparameters(run: TrackedRun, start: number): Generator<Uint8Array, void, void> {
  const event = (at: number, step: number, values: readonly Uint8Array[]) =>
    record([double(1, at), varint(2, step), message(5, values)])
  yield record([double(1, start), text(3, 'brain.Event:2')])
  const settings = [...run.settings].map(([name, { text: value }]) =>
    message(1, [text(1, name), message(2, [settingValue(value)])])
  )
  const begun = [...settings, text(4, run.name), double(5, start)]
  yield event(start, 0, [hyperparameterSummary('_hparams_/session_start_info', message(3, begun))])
  const end = run.endedAt === null ? start : run.endedAt / 1000
  const figures = [...run.figures].map(([name, value]) => message(1, [text(1, name), float(2, value)]))
  if (figures.length > 0) yield event(end, run.bestEpoch ?? 0, figures)
  const status = sessionStatus[run.status]
  if (status === undefined) return
  const ended = [varint(1, status), double(2, end)]
  yield event(end, 0, [hyperparameterSummary('_hparams_/session_end_info', message(4, ended))])
}

/** SUCCESS and FAILURE; one that can go on has not ended. */
const sessionStatus: Partial<Record<TrackedRun['status'], number>> = { done: 1, stopped: 1, diverged: 2, failed: 2 }

/** What the plugin reads is in the metadata of the value; a number there is shown as a range, all else as a choice. */
function hyperparameterSummary(tag: string, data: Uint8Array): Uint8Array {
  const plugin = message(1, [text(1, 'hparams'), bytes(2, data)])
  return message(1, [text(1, tag), message(9, [plugin])])
}

function settingValue(value: string): Uint8Array {
  if (value === 'true' || value === 'false') return varint(4, value === 'true' ? 1 : 0)
  const number = value.trim() === '' ? NaN : Number(value)
  return Number.isFinite(number) ? double(2, number) : text(3, value)
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
