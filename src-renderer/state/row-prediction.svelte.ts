/**
 * One row as it is typed, and what the network says of it: asked again with every change, one question at a time, so that
 * a slider never waits behind its own past. Beside it, how the outputs move along the range of one column.
 */
import type { FormColumn, Prediction, PredictionForm, RowValues } from '#contract/predictions.ts'
import type { LabClient } from '#renderer/lab/client.ts'
import type { Failure } from '#renderer/lab/failure.ts'

export interface RowPorts {
  readonly predictions: Pick<LabClient['predictions'], 'form' | 'rows' | 'example'>
  readonly toFailure: (error: unknown) => Failure
}

/** Outputs along the range of a column, all else as in the row. */
export interface Response {
  readonly column: string
  readonly at: readonly number[]
  readonly predictions: readonly Prediction[]
}

/** A row of the experiment that was taken over. */
export interface TakenRow {
  readonly part: 'train' | 'validation'
  readonly position: number
  readonly row: number
  readonly target: string | number | null
}

/** Points of a response: enough for a smooth line, few enough to be asked with every move of a slider. */
const responsePoints = 41

export class RowPrediction {
  form = $state.raw<PredictionForm | null>(null)
  values = $state.raw<RowValues>({})
  prediction = $state.raw<Prediction | null>(null)
  response = $state.raw<Response | null>(null)
  /** The numeric column whose response is shown. */
  watched = $state<string | null>(null)
  /** The row that was taken over, while nothing in it has been changed. */
  taken = $state.raw<TakenRow | null>(null)
  problem = $state<string | null>(null)
  readonly runId: number
  #weights: 'best' | 'last' = 'best'
  #ports: RowPorts
  #asking = false
  #changed = false

  constructor(runId: number, ports: RowPorts) {
    this.runId = runId
    this.#ports = ports
  }

  /** Reads the form and begins in the middle of what training saw, or with the first validation row of an image. */
  async load(): Promise<void> {
    try {
      const form = await this.#ports.predictions.form({ runId: this.runId })
      this.form = form
      this.values = Object.fromEntries(form.columns.map((column) => [column.column, column.fill]))
      this.watched = form.image ? null : (form.columns.find(({ kind }) => kind === 'numeric')?.column ?? null)
      if (form.image) await this.take(form.parts.validation > 0 ? 'validation' : 'train', 0)
      else this.#ask()
    } catch (error) {
      this.#fail(error)
    }
  }

  use(weights: 'best' | 'last'): void {
    this.#weights = weights
    if (this.form) this.#ask()
  }

  set(column: string, value: string | number | null): void {
    this.values = { ...this.values, [column]: value }
    this.taken = null
    this.#ask()
  }

  /** Sets many columns at once, such as the pixels of a picture. */
  setAll(values: RowValues): void {
    this.values = values
    this.taken = null
    this.#ask()
  }

  watch(column: FormColumn): void {
    if (column.kind !== 'numeric' || this.watched === column.column) return
    this.watched = column.column
    this.#ask()
  }

  /** Takes a row of the experiment over. */
  async take(part: 'train' | 'validation', position: number): Promise<void> {
    try {
      const { row, values, target } = await this.#ports.predictions.example({ runId: this.runId, part, position })
      this.values = values
      this.taken = { part, position, row, target }
      this.#ask()
    } catch (error) {
      this.#fail(error)
    }
  }

  #ask(): void {
    this.#changed = true
    if (!this.#asking) void this.#answer()
  }

  /** Asks until the answer is of the newest values. */
  async #answer(): Promise<void> {
    this.#asking = true
    try {
      while (this.#changed) {
        this.#changed = false
        const values = this.values
        const column = this.form?.columns.find((one) => one.column === this.watched)
        const at = column?.kind === 'numeric' ? pointsOf(column) : []
        const rows = [values, ...at.map((value) => ({ ...values, [column?.column ?? '']: value }))]
        const [own, ...predictions] = await this.#ports.predictions.rows({
          runId: this.runId,
          weights: this.#weights,
          rows
        })
        this.prediction = own ?? null
        this.response = column && at.length > 0 ? { column: column.column, at, predictions } : null
        this.problem = null
      }
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#asking = false
    }
  }

  #fail(error: unknown): void {
    this.problem = this.#ports.toFailure(error).message
  }
}

function pointsOf({ minimum, maximum }: Extract<FormColumn, { kind: 'numeric' }>): number[] {
  if (!(maximum > minimum)) return []
  return Array.from(
    { length: responsePoints },
    (_, index) => minimum + ((maximum - minimum) * index) / (responsePoints - 1)
  )
}
