/** The import that is under way, or the one that failed: one at a time. It can be cancelled, and tried again otherwise. */
import type { Dataset, FileSource, ImportProgress, ReadOptions } from '#contract/datasets.ts'
import type { LabClient } from '#renderer/lab/client.ts'
import type { FollowOptions } from '#renderer/lab/follow.ts'
import type { Failure } from '#renderer/lab/failure.ts'

/** What is imported: files, made readable for the lab on demand, or a sample. */
export type ImportSource =
  | {
      readonly kind: 'files'
      readonly label: string
      readonly open: (signal: AbortSignal) => Promise<FileSource[]>
    }
  | { readonly kind: 'sample'; readonly label: string; readonly sampleId: string }

export type ImportState =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'running'
      readonly source: ImportSource
      /** 0 to 1; null where it cannot be told. */
      readonly fraction: number | null
      readonly message: string
    }
  | { readonly phase: 'failed'; readonly source: ImportSource; readonly failure: Failure }

export interface ImportPorts {
  readonly datasets: Pick<LabClient['datasets'], 'import' | 'importProgress' | 'cancelImport'>
  readonly follow: (
    open: (options: FollowOptions) => Promise<AsyncIterable<ImportProgress>>,
    onItem: (item: ImportProgress) => void,
    signal: AbortSignal
  ) => Promise<void>
  readonly toFailure: (error: unknown) => Failure
}

export class ImportJob {
  state = $state.raw<ImportState>({ phase: 'idle' })
  #ports: ImportPorts
  #abort = new AbortController()
  #jobId: string | null = null

  constructor(ports: ImportPorts) {
    this.#ports = ports
  }

  /** Imports and resolves to the data set, or to null where it failed (`state` tells why) or was cancelled. */
  async run(source: ImportSource, options: ReadOptions = {}): Promise<Dataset | null> {
    this.cancel()
    const abort = (this.#abort = new AbortController())
    const { signal } = abort
    const show = (state: ImportState) => {
      if (this.#abort === abort && !signal.aborted) this.state = state
    }
    show({ phase: 'running', source, fraction: null, message: `Opening ${source.label}` })
    try {
      const from =
        source.kind === 'sample' ? { sampleId: source.sampleId, seed: 1 } : { files: await source.open(signal) }
      const { jobId } = await this.#ports.datasets.import({ source: from, options })
      if (signal.aborted) {
        await this.#ports.datasets.cancelImport({ jobId })
        return null
      }
      this.#jobId = jobId
      return await this.#await(jobId, source, signal, show)
    } catch (error) {
      show({ phase: 'failed', source, failure: this.#ports.toFailure(error) })
      return null
    }
  }

  cancel(): void {
    const jobId = this.#jobId
    this.#jobId = null
    this.#abort.abort()
    this.state = { phase: 'idle' }
    // The lab may just have finished it; then there is nothing left to cancel.
    if (jobId !== null) void this.#ports.datasets.cancelImport({ jobId }).catch(() => undefined)
  }

  /** Puts the sentence of a failure away. */
  dismiss(): void {
    if (this.state.phase === 'failed') this.state = { phase: 'idle' }
  }

  async #await(
    jobId: string,
    source: ImportSource,
    signal: AbortSignal,
    show: (state: ImportState) => void
  ): Promise<Dataset | null> {
    let imported: Dataset | null = null
    let failure: Failure | null = null
    await this.#ports.follow(
      (options) => this.#ports.datasets.importProgress({ jobId }, options),
      (item) => {
        if (item.type === 'progress') {
          show({ phase: 'running', source, fraction: item.fraction, message: item.message })
        } else if (item.type === 'done') {
          imported = item.dataset
        } else {
          failure = { code: item.code === 'cancelled' ? 'cancelled' : 'bad_file', message: item.message, details: {} }
        }
      },
      signal
    )
    if (signal.aborted) return null
    this.#jobId = null
    show(failure ? { phase: 'failed', source, failure } : { phase: 'idle' })
    return imported
  }
}
