/** What a person looks at in the Understand view of an experiment: which columns, held where, and which epoch. */
import type { Axes } from '#contract/understand.ts'
import type { KeptEpochs, Run } from '#contract/runs.ts'

export type UnderstandTab = 'response' | 'network' | 'mistakes' | 'columns'

/** A run as it is now while it trains and at its best epoch afterwards, or at a kept epoch. */
export type Moment = 'auto' | number

export class UnderstandView {
  tab = $state<UnderstandTab>('response')
  axes = $state.raw<Axes | null>(null)
  x = $state<string>('')
  /** Null for a line over x. */
  y = $state<string | null>(null)
  /** The row of the data set that the other columns are held at; null for their typical values. */
  row = $state<number | null>(null)
  moment = $state<Moment>('auto')

  /** Takes the columns of the experiment, and begins with those that are suggested. */
  begin(axes: Axes): void {
    this.axes = axes
    const [x = '', y = null] = axes.suggested
    this.x = x
    this.y = y
  }

  /** Chooses a column for x; the two change places where it is y's. */
  chooseX(column: string): void {
    if (column === this.y) this.y = this.x
    this.x = column
  }

  /** Chooses a column for y, or none; the two change places where it is x's. */
  chooseY(column: string | null): void {
    if (column !== null && column === this.x && this.y !== null) this.x = this.y
    if (column !== this.x) this.y = column
  }

  /** The weights to ask for, of a run as it stands. */
  weightsOf(run: Pick<Run, 'status' | 'bestEpoch'>): 'now' | 'best' | number {
    if (this.moment !== 'auto') return this.moment
    // One that blew up in its first epoch has no other weights than those it began with.
    if (run.status === 'diverged' && run.bestEpoch === null) return 0
    return run.status === 'running' || run.status === 'paused' ? 'now' : 'best'
  }
}

/** The epochs that a slider over a run stops at, in order. */
export function stopsOf({ epochs, best, last }: KeptEpochs): number[] {
  const known = [...epochs, best, last].filter((epoch) => epoch !== null)
  return [...new Set(known)].sort((a, b) => a - b)
}
