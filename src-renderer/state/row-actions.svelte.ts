/**
 * What a person does with the rows of the runs table, by keyboard and pointer: walk, tick, fold, edit, pause, delete.
 * Knows no element: keys and clicks come as plain data, and what follows is said to the session, the lab and the ports.
 */
import type { Run } from '#contract/runs.ts'
import type { App } from '#renderer/state/app.svelte.ts'
import type { ExperimentSession } from '#renderer/state/experiment-session.svelte.ts'
import { RowCursor } from '#renderer/state/row-cursor.svelte.ts'
import { RowWindow } from '#renderer/state/row-window.svelte.ts'
import { RunControl } from '#renderer/state/run-control.svelte.ts'
import { parseTags, RunMarks } from '#renderer/state/run-marks.svelte.ts'
import { runsOf, type RunTable, type TableRow } from '#renderer/state/run-table.svelte.ts'
import type { Shortcut } from '#renderer/state/shortcuts.svelte.ts'
import { canPause, canResume, canStop } from '#trials/run-status.ts'
import { formatNumbered } from '#words/numbers.ts'

export type RowField = 'note' | 'tags'

/** Keys held while something is pressed or clicked. */
type Held = Pick<KeyboardEvent | MouseEvent, 'shiftKey' | 'ctrlKey' | 'metaKey'>

interface Ports {
  /** Shows a run's details. */
  readonly open: (run: Run) => void
  /** Scrolls the table, to pixels from its top. */
  readonly scrollTo: (top: number) => void
}

export class RowActions {
  readonly control: RunControl
  readonly marks: RunMarks
  readonly cursor: RowCursor<TableRow>
  readonly window: RowWindow<TableRow>
  /** The cell that is being written in. */
  editing = $state.raw<{ readonly key: string; readonly field: RowField } | null>(null)
  #app: App
  #session: ExperimentSession
  #table: RunTable
  #ports: Ports

  constructor(app: App, session: ExperimentSession, table: RunTable, ports: Ports) {
    this.#app = app
    this.#session = session
    this.#table = table
    this.#ports = ports
    this.control = new RunControl(app)
    this.marks = new RunMarks(app)
    const rows = () => table.rows
    this.cursor = new RowCursor(rows, () => (session.focused === null ? 0 : table.rowOf(session.focused)))
    this.window = new RowWindow(rows)
  }

  /** What the lab refused last, in a sentence. */
  get problem(): string | null {
    return this.control.problem ?? this.marks.problem
  }

  get ticked(): readonly Run[] {
    return this.#session.shown.flatMap((runId) => this.#app.runs.get(runId) ?? [])
  }

  /** How much of a row is ticked. */
  tickOf(row: TableRow): 'all' | 'some' | 'none' {
    const own = runsOf(row)
    const count = own.filter(({ id }) => this.#session.placeOf(id) >= 0).length
    return count === 0 ? 'none' : count === own.length ? 'all' : 'some'
  }

  /** Goes to the row of the run in focus, which may have been chosen elsewhere: in the address, a chart, the palette. */
  followFocus(): void {
    const { focused } = this.#session
    const own = this.#table.rows.find(({ key }) => key === this.cursor.key)
    if (focused === null || (own && runsOf(own).some(({ id }) => id === focused))) return
    const index = this.#table.rowOf(focused)
    const row = this.#table.rows[index]
    if (!row) return
    this.cursor.key = row.key
    this.#reveal(index)
  }

  /** Takes a key that was pressed in the table; false where it means nothing there. */
  press(event: Held & Pick<KeyboardEvent, 'key' | 'altKey'>): boolean {
    const { key } = event
    const { index, row } = this.cursor
    if (event.altKey || !row) return false
    // Until a key is pressed the cursor follows the run in focus; folding a group out must not take it there.
    this.cursor.key = row.key
    const isModified = event.ctrlKey || event.metaKey
    const target = this.#targetOf(key, index)
    const command = isModified ? undefined : this.#commands[key]
    if (target !== null) this.#step(target, event)
    else if (isModified && key.toLowerCase() === 'a') this.tickAll()
    else if (command) command(row)
    else return false
    return true
  }

  /** Takes a click on a row: opens it, or with a key held ticks it. */
  click(row: TableRow, held: Held): void {
    if (held.ctrlKey || held.metaKey || held.shiftKey) this.tickTo(row, held.shiftKey)
    else this.#open(row)
  }

  /** Ticks or unticks a row, or ticks all from where the range began to it. */
  tickTo(row: TableRow, extends_: boolean): void {
    if (extends_) {
      const range = this.cursor.extendTo(this.#table.rows.indexOf(row))
      this.#session.show([...new Set([...this.#session.shown, ...idsOf(range)])])
    } else this.#session.toggle(...idsOf([row]))
    this.cursor.anchorAt(row)
  }

  /** Ticks all runs of the table, or where all are ticked none. */
  tickAll(): void {
    const all = this.#table.ordered.map(({ id }) => id)
    if (all.every((runId) => this.#session.placeOf(runId) >= 0)) this.#session.focus(null)
    else this.#session.show(all)
  }

  /** Begins to write in a cell; a note is of a run, never of a group. */
  edit(row: TableRow, field: RowField): void {
    if (row.type === 'run' || field === 'tags') this.editing = { key: row.key, field }
  }

  /** Keeps what was written in a row's cell; null is what was given up. */
  endEdit(row: TableRow, text: string | null): void {
    const field = this.editing?.field
    this.editing = null
    if (text === null) return
    if (field === 'tags') void this.marks.setTags(runsOf(row), parseTags(text))
    else if (row.type === 'run') void this.marks.setNote(row.run, text)
  }

  star(runs: readonly Run[]): void {
    void this.marks.toggleStar(runs)
  }

  remove(gone: readonly Run[]): void {
    const [only] = gone
    if (!only) return
    const message =
      gone.length === 1 ? `Run ${only.id} is deleted.` : `${formatNumbered(gone.length, 'run')} are deleted.`
    this.#app.removeRuns(gone, message)
  }

  /** What the command palette offers while the table is shown. */
  get shortcuts(): Shortcut[] {
    const focused = () => (this.#session.focused === null ? undefined : this.#app.runs.get(this.#session.focused))
    return [
      {
        label: 'Star or unstar the run in focus',
        run: () => this.star([focused() ?? []].flat()),
        enabled: () => focused() !== undefined
      },
      {
        label: 'Compare the ticked runs',
        run: () => (this.#session.tab = 'curves'),
        enabled: () => this.#session.shown.length > 1
      },
      { label: 'Tick all runs of the table', run: () => this.tickAll(), enabled: () => this.#table.ordered.length > 0 }
    ]
  }

  readonly #commands: Record<string, (row: TableRow) => void> = {
    ArrowRight: (row) => this.#table.fold(row, true),
    ArrowLeft: (row) => this.#table.fold(row, false),
    Enter: (row) => this.#open(row),
    ' ': (row) => this.#session.toggle(...idsOf([row])),
    '*': (row) => this.star(runsOf(row)),
    t: (row) => this.edit(row, 'tags'),
    n: (row) => this.#editNewestNote(row),
    p: (row) => {
      if (row.type === 'run') this.#pauseOrResume(row.run)
    },
    s: (row) => {
      if (row.type === 'run' && canStop(row.run)) void this.control.stop(row.run)
    },
    Delete: (row) => this.#removeRow(row)
  }

  /** The row that a key goes to; null for a key that goes nowhere. */
  #targetOf(key: string, index: number): number | null {
    const { page } = this.window
    const targets: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: Infinity
    }
    const target = targets[key]
    return target === undefined ? null : Math.min(this.#table.rows.length - 1, Math.max(0, target))
  }

  #step(index: number, { shiftKey, ctrlKey }: Held): void {
    const before = this.cursor.row
    const row = this.#table.rows[index]
    if (!row) return
    if (shiftKey) this.#session.show(idsOf(this.cursor.extendTo(index)))
    else {
      this.cursor.goTo(row)
      // What was ticked one by one is not lost by walking on.
      const count = this.#session.shown.length
      const isFollowing = count === 0 || (before !== undefined && count <= runsOf(before).length)
      if (isFollowing && !ctrlKey) this.#showAlone(row)
    }
    this.#reveal(index)
  }

  #reveal(index: number): void {
    const top = this.window.scrollFor(index)
    if (top !== null) this.#ports.scrollTo(top)
  }

  /** Shows a row's runs alone, the one that stands for them in focus. */
  #showAlone(row: TableRow): void {
    const run = representative(row)
    if (!run) return
    this.#session.focus(run.id)
    this.#session.show(idsOf([row]))
  }

  #open(row: TableRow): void {
    const run = representative(row)
    this.cursor.goTo(row)
    if (run) this.#ports.open(run)
    if (row.type === 'group') this.#session.show(idsOf([row]))
  }

  #pauseOrResume(run: Run): void {
    if (canPause(run)) void this.control.pause(run)
    else if (canResume(run)) void this.control.resume(run)
  }

  /** Of a group the note of its newest run, which is the one that the group shows. */
  #editNewestNote(row: TableRow): void {
    const [run] = runsOf(row)
    this.#table.fold(row, true)
    const own = this.#table.rows.find((other) => other.type === 'run' && other.run === run)
    if (!own) return
    this.cursor.key = own.key
    this.edit(own, 'note')
  }

  /** Deletes what is ticked where the row is among it, else the row alone. */
  #removeRow(row: TableRow): void {
    const own = runsOf(row)
    this.remove(this.tickOf(row) === 'all' && this.ticked.length > own.length ? this.ticked : own)
  }
}

/** The run that stands for a row: of a group the one with the lowest validation loss, else the newest. */
export function representative(row: TableRow): Run | undefined {
  if (row.type === 'run') return row.run
  return row.group.finished.reduce<Run | undefined>(
    (best, run) => (run.validation && run.validation.loss < (best?.validation?.loss ?? Infinity) ? run : best),
    row.group.runs[0]
  )
}

function idsOf(rows: readonly TableRow[]): number[] {
  return rows.flatMap((row) => runsOf(row).map(({ id }) => id))
}
