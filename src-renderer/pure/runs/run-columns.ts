/** The columns of the runs table: what each says of a run and of a group, and how it sorts and is written. */
import type { Run } from '#contract/runs.ts'
import type { Task } from '#engine/network/losses.ts'
import { statusLabels } from '#renderer/pure/runs/describe-run.ts'
import type { RunGroup, RunKind, Spread } from '#renderer/pure/runs/run-groups.ts'
import { scoreOf, type SortKey } from '#renderer/pure/runs/run-order.ts'
import { formatCount, formatFigure, formatRate, formatShare } from '#words/numbers.ts'
import { formatSeconds, formatTime } from '#words/times.ts'

/** How a cell is drawn where text alone would not do. */
export type CellKind = 'text' | 'run' | 'status' | 'progress' | 'curve' | 'tags' | 'note'

export interface RunColumn {
  readonly key: string
  readonly label: string
  readonly help?: string
  readonly width: number
  /** Where each row is a run: a figure without its deviation needs less. */
  readonly widthOfRuns?: number
  /** Whether it says of every single run the same. */
  readonly isOfGroups?: boolean
  readonly isNumber: boolean
  readonly cell: CellKind
  /** Whether it stands in the table before anybody chose. */
  readonly isUsual: boolean
  /** Better when smaller: the first click sorts upwards. */
  readonly smallIsGood?: boolean
  readonly ofRun: (run: Run, kind: RunKind) => SortKey
  readonly ofGroup: (group: RunGroup) => SortKey
  readonly writeRun: (run: Run, kind: RunKind) => string
  readonly writeGroup: (group: RunGroup) => string
}

/** As wide as a topology's name may become, in pixels: the figures beside it are read as well. */
const mostNameWidth = 240

/** The width of a column where the longest topology has so many letters: its name is what tells the rows apart. */
export function fittedWidth({ key, width, widthOfRuns }: RunColumn, letters: number, isGrouped: boolean): number {
  if (key === 'topology') return Math.min(mostNameWidth, Math.max(width, Math.ceil(letters * 8.2) + 12))
  return isGrouped ? width : (widthOfRuns ?? width)
}

/** Writes mean and deviation over seeds; a single seed has a mean only. */
export function formatSpread(spread: Spread | null, write: (value: number) => string): string {
  if (!spread) return write(NaN)
  if (spread.deviation === null) return write(spread.mean)
  return `${write(spread.mean)} \u00b1 ${write(spread.deviation)}`
}

type Base = Pick<RunColumn, 'key' | 'label' | 'width'> &
  Partial<Pick<RunColumn, 'help' | 'isUsual' | 'smallIsGood' | 'widthOfRuns'>>

/** A column of a figure: of the run itself, and over the finished seeds of a group. */
function figure(
  base: Base,
  ofRun: (run: Run) => number | null | undefined,
  ofGroup: (group: RunGroup) => Spread | null,
  write: (value: number) => string
): RunColumn {
  return {
    isNumber: true,
    cell: 'text',
    isUsual: true,
    ...base,
    ofRun,
    ofGroup: (group) => ofGroup(group)?.mean,
    writeRun: (run) => write(ofRun(run) ?? NaN),
    writeGroup: (group) => formatSpread(ofGroup(group), write)
  }
}

const share = (value: number) => formatShare(value)
const whole = (value: number) => (Number.isFinite(value) ? formatCount(Math.round(value)) : formatFigure(value))
const newest = (group: RunGroup) => group.runs[0] as Run

/** The columns before the score. */
const identityAndLoss: readonly RunColumn[] = [
  {
    key: 'id',
    label: 'Run',
    width: 76,
    isNumber: false,
    cell: 'run',
    isUsual: true,
    ofRun: ({ id }) => id,
    ofGroup: (group) => newest(group).id,
    writeRun: ({ id }) => `${id}`,
    writeGroup: ({ kind, runs }) => (kind.folds === runs.length ? `${kind.folds} folds` : `${runs.length} runs`)
  },
  {
    key: 'status',
    label: 'Status',
    width: 140,
    isNumber: false,
    cell: 'status',
    isUsual: true,
    ofRun: ({ status }) => statusLabels[status],
    ofGroup: (group) => statusLabels[newest(group).status],
    writeRun: ({ status }) => statusLabels[status],
    writeGroup: ({ statuses }) => [...statuses].map(([status, count]) => `${count} ${status}`).join(', ')
  },
  {
    key: 'topology',
    label: 'Topology',
    help: 'Hidden layers, with the activation they share. Sorts by the number of parameters.',
    width: 118,
    isNumber: false,
    cell: 'text',
    isUsual: true,
    ofRun: ({ parameters }) => parameters,
    ofGroup: (group) => newest(group).parameters,
    writeRun: (_run, kind) => kind.topology,
    writeGroup: ({ kind }) => kind.topology
  },
  figure(
    {
      key: 'loss',
      label: 'Val. loss',
      help: 'Loss of the validation part at the best epoch; of a group the mean and the standard deviation over its finished seeds, or over its folds.',
      width: 146,
      widthOfRuns: 96,
      smallIsGood: true
    },
    (run) => run.validation?.loss,
    (group) => group.loss,
    formatFigure
  )
]

/** The score of the validation part: accuracy or root of the mean squared error. */
function scoreColumn(task: Task): RunColumn {
  const isClasses = task === 'classification'
  return figure(
    {
      key: 'score',
      label: isClasses ? 'Val. accuracy' : 'Val. RMSE',
      help: `${isClasses ? 'Share of validation rows whose class is named rightly' : "Root of the mean squared error of the validation part, in the target's units"}, at the best epoch.`,
      width: 130,
      widthOfRuns: 112,
      smallIsGood: !isClasses
    },
    (run) => scoreOf(run.validation),
    (group) => group.score,
    isClasses ? share : formatFigure
  )
}

/** The columns after the score. */
const circumstances: readonly RunColumn[] = [
  {
    key: 'seeds',
    label: 'n',
    help: 'Runs that came to their own end: the figures of a group are of these alone, and of folds once all have ended.',
    width: 44,
    isOfGroups: true,
    isNumber: true,
    cell: 'text',
    isUsual: true,
    ofRun: ({ status }) => (status === 'done' ? 1 : 0),
    ofGroup: ({ finished }) => finished.length,
    writeRun: ({ status }) => (status === 'done' ? '1' : ''),
    writeGroup: ({ finished }) => `${finished.length}`
  },
  {
    key: 'curve',
    label: 'Curve',
    help: 'Validation loss by epoch, from the first to the last.',
    width: 84,
    isNumber: false,
    cell: 'curve',
    isUsual: true,
    ofRun: ({ validation }) => validation?.loss,
    ofGroup: ({ loss }) => loss?.mean,
    writeRun: () => '',
    writeGroup: () => ''
  },
  {
    ...figure(
      { key: 'epochs', label: 'Epochs', help: 'Completed; of a group the mean.', width: 70 },
      ({ epochs }) => epochs,
      ({ epochs }) => epochs,
      whole
    ),
    cell: 'progress',
    writeGroup: ({ epochs }) => whole(epochs?.mean ?? NaN)
  },
  figure(
    { key: 'bestEpoch', label: 'Best epoch', width: 92, isUsual: false },
    ({ bestEpoch }) => bestEpoch,
    ({ bestEpoch }) => bestEpoch,
    whole
  ),
  {
    key: 'seconds',
    label: 'Time',
    help: 'Training time, pauses left out; while it trains, what is left. Of a group: all its runs together.',
    width: 82,
    isNumber: true,
    cell: 'text',
    isUsual: true,
    ofRun: ({ seconds }) => seconds,
    ofGroup: ({ seconds }) => seconds,
    writeRun: writeTime,
    writeGroup: ({ seconds }) => formatSeconds(seconds)
  },
  figure(
    { key: 'trainLoss', label: 'Train. loss', width: 146, widthOfRuns: 96, isUsual: false, smallIsGood: true },
    (run) => run.train?.loss,
    (group) => group.trainLoss,
    formatFigure
  ),
  {
    key: 'parameters',
    label: 'Parameters',
    help: 'Weights and biases that training moves.',
    width: 96,
    isNumber: true,
    cell: 'text',
    isUsual: false,
    ofRun: ({ parameters }) => parameters,
    ofGroup: (group) => newest(group).parameters,
    writeRun: ({ parameters }) => formatCount(parameters),
    writeGroup: (group) => formatCount(newest(group).parameters)
  },
  {
    key: 'seed',
    label: 'Seed',
    help: 'Decides first weights and the order of the rows; nothing else differs within a group.',
    width: 64,
    isNumber: true,
    cell: 'text',
    isUsual: false,
    ofRun: ({ seed }) => seed,
    ofGroup: ({ runs }) => runs.length,
    writeRun: ({ seed }) => `${seed}`,
    writeGroup: ({ runs }) =>
      runs
        .map(({ seed }) => seed)
        .toSorted((a, b) => a - b)
        .slice(0, 5)
        .join(' ')
  },
  {
    key: 'rate',
    label: 'Samples/s',
    width: 84,
    isNumber: true,
    cell: 'text',
    isUsual: false,
    ofRun: ({ samplesPerSecond }) => samplesPerSecond,
    ofGroup: (group) => newest(group).samplesPerSecond,
    writeRun: ({ samplesPerSecond }) => (samplesPerSecond === null ? '' : formatRate(samplesPerSecond)),
    writeGroup: () => ''
  },
  {
    key: 'started',
    label: 'Started',
    width: 150,
    isNumber: true,
    cell: 'text',
    isUsual: false,
    ofRun: ({ startedAt, createdAt }) => startedAt ?? createdAt,
    ofGroup: (group) => newest(group).createdAt,
    writeRun: ({ startedAt, createdAt }) => formatTime(startedAt ?? createdAt),
    writeGroup: (group) => formatTime(newest(group).createdAt)
  },
  {
    key: 'tags',
    label: 'Tags',
    width: 120,
    isNumber: false,
    cell: 'tags',
    isUsual: true,
    ofRun: ({ tags }) => tags?.join(' '),
    ofGroup: ({ tags }) => (tags.length > 0 ? tags.join(' ') : null),
    writeRun: ({ tags }) => tags?.join(', ') ?? '',
    writeGroup: ({ tags }) => tags.join(', ')
  },
  {
    key: 'note',
    label: 'Note',
    width: 180,
    isNumber: false,
    cell: 'note',
    isUsual: true,
    ofRun: ({ note }) => note || null,
    ofGroup: (group) => newest(group).note || null,
    writeRun: ({ note }) => note,
    writeGroup: (group) => newest(group).note
  }
]

const columnsFor = (task: Task) => [...identityAndLoss, scoreColumn(task), ...circumstances]

function writeTime(run: Run): string {
  const isLeft = run.status === 'running' && run.etaSeconds !== null
  return isLeft ? `${formatSeconds(run.etaSeconds)} left` : formatSeconds(run.seconds)
}

const byTask = { classification: columnsFor('classification'), regression: columnsFor('regression') }

/** The columns that are always to be had. */
export function fixedColumns(task: Task): readonly RunColumn[] {
  return byTask[task]
}

/** A column of a setting that is not the same in all runs. */
export function settingColumn(path: string, label: string): RunColumn {
  const key = ({ settings }: RunKind): SortKey => {
    const { value = null, text = '' } = settings.get(path) ?? {}
    return typeof value === 'number' ? value : text
  }
  const write = ({ settings }: RunKind) => settings.get(path)?.text ?? ''
  return {
    key: `setting ${path}`,
    label,
    width: Math.max(84, 24 + label.length * 7),
    isNumber: false,
    cell: 'text',
    isUsual: true,
    ofRun: (_run, kind) => key(kind),
    ofGroup: ({ kind }) => key(kind),
    writeRun: (_run, kind) => write(kind),
    writeGroup: ({ kind }) => write(kind)
  }
}
