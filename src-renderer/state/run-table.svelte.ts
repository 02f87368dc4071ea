/**
 * The runs table as a person set it: filter, grouping, order, what is folded out, and the rows that come of it.
 * Worked out in one pass from the runs; nothing of it belongs to a single row.
 */
import type { Run } from '#contract/runs.ts'
import type { Task } from '#engine/network/losses.ts'
import { differingSettings } from '#engine/training/plan-settings.ts'
import { fixedColumns, type RunColumn, settingColumn } from '#renderer/pure/runs/run-columns.ts'
import { filterRuns, noFilter, type RunFilter } from '#renderer/pure/runs/run-filter.ts'
import { groupRuns, type RunGroup, type RunKind, type RunKinds } from '#renderer/pure/runs/run-groups.ts'
import { sortBy, type Sorting } from '#renderer/pure/runs/run-order.ts'

/** A row: a group of several runs, or a run, alone or within its group that is folded out. */
export type TableRow =
  | { readonly type: 'group'; readonly key: string; readonly group: RunGroup; readonly isOpen: boolean }
  | { readonly type: 'run'; readonly key: string; readonly run: Run; readonly kind: RunKind; readonly isInner: boolean }

/** The runs that a row stands for. */
export function runsOf(row: TableRow): readonly Run[] {
  return row.type === 'group' ? row.group.runs : [row.run]
}

/** What the runs of a row have in common. */
export function kindOf(row: TableRow): RunKind {
  return row.type === 'group' ? row.group.kind : row.kind
}

export class RunTable {
  readonly kinds: RunKinds
  filter = $state.raw<RunFilter>(noFilter)
  sorting = $state.raw<Sorting>({ by: 'id', ascending: false })
  #open = $state.raw<ReadonlySet<number>>(new Set())
  #runs: () => readonly Run[]
  #task: Task
  #isGrouped: () => boolean
  #hidden: () => ReadonlySet<string>

  constructor(options: {
    readonly runs: () => readonly Run[]
    readonly kinds: RunKinds
    readonly task: Task
    readonly isGrouped: () => boolean
    /** Keys of columns that are hidden though usual, or with a plus before them shown though not. */
    readonly chosenColumns: () => ReadonlySet<string>
  }) {
    this.#runs = options.runs
    this.kinds = options.kinds
    this.#task = options.task
    this.#isGrouped = options.isGrouped
    this.#hidden = options.chosenColumns
  }

  readonly filtered = $derived.by(() => filterRuns(this.#runs(), this.filter, this.kinds))

  readonly #groups = $derived.by(() => groupRuns(this.filtered, this.kinds))

  /** Groups that are of more than one run, in the present selection. */
  readonly groupCount = $derived(this.#groups.length)

  /** As text, so that the columns stay the same objects while nothing of it changes. */
  readonly #differing = $derived.by(() =>
    JSON.stringify([...differingSettings(this.#groups.map(({ kind }) => kind.settings))])
  )

  /** All columns there are: the fixed ones, and before the tags those of the settings that differ. */
  readonly columns = $derived.by(() => {
    const fixed = fixedColumns(this.#task).filter(({ isOfGroups }) => this.#isGrouped() || !isOfGroups)
    const settings = (JSON.parse(this.#differing) as [path: string, label: string][]).map((each) =>
      settingColumn(...each)
    )
    const at = fixed.findIndex(({ key }) => key === 'tags')
    return [...fixed.slice(0, at), ...settings, ...fixed.slice(at)]
  })

  readonly shownColumns = $derived(this.columns.filter((column) => this.isShown(column)))

  readonly tags = $derived.by(() => [...new Set(this.#runs().flatMap((run) => run.tags ?? []))].sort())

  readonly rows = $derived.by((): TableRow[] => {
    const { by, ascending } = this.sorting
    const column = this.columns.find(({ key }) => key === by) ?? fixedColumns(this.#task)[0]
    if (!column) return []
    const sortRuns = (runs: readonly Run[]) =>
      sortBy(runs, ascending, { key: (run) => column.ofRun(run, this.kinds.of(run)), age: ({ id }) => id })
    if (!this.#isGrouped()) return sortRuns(this.filtered).map((run) => this.#toRow(run, false))
    const groups = sortBy(this.#groups, ascending, {
      key: (group) => (isSingle(group) ? column.ofRun(group.runs[0] as Run, group.kind) : column.ofGroup(group)),
      age: ({ runs }) => runs[0]?.id ?? 0
    })
    return groups.flatMap((group) => {
      if (isSingle(group)) return group.runs.map((run) => this.#toRow(run, false))
      const isOpen = this.#open.has(group.kind.number)
      const own: TableRow = { type: 'group', key: `g${group.kind.number}`, group, isOpen }
      return isOpen ? [own, ...sortRuns(group.runs).map((run) => this.#toRow(run, true))] : [own]
    })
  })

  /** The filtered runs in the order of the rows, those of folded groups included. */
  get ordered(): Run[] {
    return this.rows.flatMap((row) => {
      if (row.type === 'group') return row.isOpen ? [] : row.group.runs
      return row.run
    })
  }

  isShown({ key, isUsual }: RunColumn): boolean {
    return isUsual ? !this.#hidden().has(key) : this.#hidden().has(`+${key}`)
  }

  sort({ key, isNumber, smallIsGood }: RunColumn): void {
    const { by, ascending } = this.sorting
    this.sorting = { by: key, ascending: by === key ? !ascending : smallIsGood === true || !isNumber }
  }

  /** Folds a group out or in. */
  fold(row: TableRow, open: boolean): void {
    if (row.type !== 'group') return
    const next = new Set(this.#open)
    if (open) next.add(row.group.kind.number)
    else next.delete(row.group.kind.number)
    this.#open = next
  }

  /** The row that a run is in, or is folded away in; -1 where the filter leaves it out. */
  rowOf(runId: number): number {
    const own = this.rows.findIndex((row) => row.type === 'run' && row.run.id === runId)
    if (own >= 0) return own
    return this.rows.findIndex((row) => runsOf(row).some(({ id }) => id === runId))
  }

  #toRow(run: Run, isInner: boolean): TableRow {
    return { type: 'run', key: `r${run.id}`, run, kind: this.kinds.of(run), isInner }
  }
}

function isSingle(group: RunGroup): boolean {
  return group.runs.length === 1
}
