/** The prediction of a whole file: opened and matched, then written where the person wants it. It can be cancelled. */
import type { FileSource } from '#contract/datasets.ts'
import type { CheckedTable, PredictionProgress, WrittenPredictions } from '#contract/predictions.ts'
import type { LabClient } from '#renderer/lab/client.ts'
import type { Failure } from '#renderer/lab/failure.ts'
import type { FollowOptions } from '#renderer/lab/follow.ts'
import type { FileTarget } from '#renderer/lab/targets.ts'

export type FilePredictionState =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'working'
      readonly label: string
      /** 0 to 1; null where it cannot be told. */
      readonly fraction: number | null
      readonly message: string
    }
  | { readonly phase: 'checked'; readonly table: CheckedTable }
  | {
      readonly phase: 'written'
      readonly table: CheckedTable
      readonly result: WrittenPredictions
      readonly where: string
    }
  | { readonly phase: 'failed'; readonly message: string; readonly table: CheckedTable | null }

export interface FilePredictionPorts {
  readonly predictions: Pick<LabClient['predictions'], 'check' | 'write' | 'progress' | 'cancel' | 'release'>
  readonly follow: (
    open: (options: FollowOptions) => Promise<AsyncIterable<PredictionProgress>>,
    onItem: (item: PredictionProgress) => void,
    signal: AbortSignal
  ) => Promise<void>
  readonly toFailure: (error: unknown) => Failure
}

export class FilePrediction {
  state = $state.raw<FilePredictionState>({ phase: 'idle' })
  readonly runId: number
  #ports: FilePredictionPorts
  #abort = new AbortController()

  constructor(runId: number, ports: FilePredictionPorts) {
    this.runId = runId
    this.#ports = ports
  }

  /** Reads files and matches their columns; `open` makes them readable for the lab. */
  async check(label: string, open: (signal: AbortSignal) => Promise<FileSource[]>): Promise<void> {
    this.clear()
    await this.#work(label, `Opening ${label}`, null, async (signal) => {
      const files = await open(signal)
      return this.#ports.predictions.check({ runId: this.runId, files })
    })
  }

  /** Predicts the checked file into a target. */
  async write(
    target: FileTarget,
    weights: 'best' | 'last',
    probabilities: boolean,
    marksFormulas = false
  ): Promise<void> {
    const table = this.table
    if (!table) return
    const request = { tableId: table.tableId, weights, path: target.path, probabilities, marksFormulas }
    await this.#work(table.name, 'Starting', table, () => this.#ports.predictions.write(request), target)
  }

  get table(): CheckedTable | null {
    const { state } = this
    return 'table' in state ? state.table : null
  }

  /** Breaks off what is under way; a file that was checked stays. */
  cancel(): void {
    this.#abort.abort()
  }

  /** Lets go of the file. */
  clear(): void {
    this.#abort.abort()
    const table = this.table
    this.state = { phase: 'idle' }
    // Beside a restarted lab there is nothing left to let go of.
    if (table) void this.#ports.predictions.release({ tableId: table.tableId }).catch(() => undefined)
  }

  async #work(
    label: string,
    message: string,
    table: CheckedTable | null,
    start: (signal: AbortSignal) => Promise<{ jobId: string }>,
    target?: FileTarget
  ): Promise<void> {
    const abort = (this.#abort = new AbortController())
    const { signal } = abort
    const show = (state: FilePredictionState) => {
      if (this.#abort === abort) this.state = state
    }
    show({ phase: 'working', label, fraction: null, message })
    try {
      const { jobId } = await start(signal)
      const cancel = () => void this.#ports.predictions.cancel({ jobId }).catch(() => undefined)
      if (signal.aborted) cancel()
      else signal.addEventListener('abort', cancel, { once: true })
      await this.#ports.follow(
        (options) => this.#ports.predictions.progress({ jobId }, options),
        (item) => this.#take(item, label, table, target, show),
        signal
      )
      if (signal.aborted) show(table ? { phase: 'checked', table } : { phase: 'idle' })
    } catch (error) {
      if (signal.aborted) show(table ? { phase: 'checked', table } : { phase: 'idle' })
      else show({ phase: 'failed', message: this.#ports.toFailure(error).message, table })
    }
  }

  #take(
    item: PredictionProgress,
    label: string,
    table: CheckedTable | null,
    target: FileTarget | undefined,
    show: (state: FilePredictionState) => void
  ): void {
    if (item.type === 'progress') show({ phase: 'working', label, fraction: item.fraction, message: item.message })
    else if (item.type === 'checked') show({ phase: 'checked', table: item.table })
    else if (item.type === 'failed') show({ phase: 'failed', message: item.message, table })
    else if (table && target) {
      target.deliver()
      show({ phase: 'written', table, result: item.predictions, where: target.where })
    }
  }
}
