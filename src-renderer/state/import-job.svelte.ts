/**
 * The import that is under way, or the one that failed: one at a time, of a table or of a bundle. It can be cancelled,
 * and a table tried again otherwise.
 */
import type { Dataset, FileSource, ImportProgress } from '#contract/datasets.ts'
import type { ReadOptions } from '#contract/reading.ts'
import type { Experiment } from '#contract/experiments.ts'
import type { TransferProgress } from '#contract/transfers.ts'
import type { LabClient } from '#renderer/lab/client.ts'
import type { FollowOptions } from '#renderer/lab/follow.ts'
import type { Failure } from '#renderer/lab/failure.ts'

/** Files, made readable for the lab on demand. */
export interface FilesSource {
  readonly kind: 'files'
  readonly label: string
  readonly open: (signal: AbortSignal) => Promise<FileSource[]>
}

/** What is imported: files, a sample, or what was imported before. */
export type ImportSource =
  | FilesSource
  | { readonly kind: 'sample'; readonly label: string; readonly sampleId: string }
  /** The files of a data set once more, where the lab knows where they lie. */
  | { readonly kind: 'dataset'; readonly label: string; readonly datasetId: string }

export type ImportState =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'running'
      readonly source: ImportSource
      /** 0 to 1; null where it cannot be told. */
      readonly fraction: number | null
      readonly message: string
    }
  | {
      readonly phase: 'failed'
      readonly source: ImportSource
      readonly failure: Failure
      /** Whether it may help to read the files in another way. */
      readonly isTable: boolean
    }

type Item = ImportProgress | TransferProgress

export interface ImportPorts {
  readonly datasets: Pick<LabClient['datasets'], 'import' | 'importProgress' | 'cancelImport'>
  readonly transfers: Pick<LabClient['transfers'], 'read' | 'progress' | 'cancel'>
  readonly follow: (
    open: (options: FollowOptions) => Promise<AsyncIterable<Item>>,
    onItem: (item: Item) => void,
    signal: AbortSignal
  ) => Promise<void>
  readonly toFailure: (error: unknown) => Failure
}

/** How one kind of import is started, followed and cancelled. */
interface Kind<Result> {
  readonly isTable: boolean
  readonly start: (signal: AbortSignal) => Promise<{ jobId: string }>
  readonly progress: (jobId: string, options: FollowOptions) => Promise<AsyncIterable<Item>>
  readonly cancel: (jobId: string) => Promise<void>
  /** What its last item brings; null for any other item. */
  readonly resultOf: (item: Item) => Result | null
}

export class ImportJob {
  state = $state.raw<ImportState>({ phase: 'idle' })
  #ports: ImportPorts
  #abort = new AbortController()
  #cancelJob: (() => Promise<void>) | null = null

  constructor(ports: ImportPorts) {
    this.#ports = ports
  }

  /** Imports a table and resolves to the data set, or to null where it failed (`state` tells why) or was cancelled. */
  run(source: ImportSource, options: ReadOptions = {}): Promise<Dataset | null> {
    const { datasets } = this.#ports
    return this.#run(source, {
      isTable: true,
      start: async (signal) => {
        const from =
          source.kind === 'sample'
            ? { sampleId: source.sampleId, seed: 1 }
            : source.kind === 'dataset'
              ? { datasetId: source.datasetId }
              : { files: await source.open(signal) }
        return datasets.import({ source: from, options })
      },
      progress: (jobId, followOptions) => datasets.importProgress({ jobId }, followOptions),
      cancel: (jobId) => datasets.cancelImport({ jobId }),
      resultOf: (item) => (item.type === 'done' ? item.dataset : null)
    })
  }

  /** Takes in a bundle and resolves to its experiment, or to null where it failed or was cancelled. */
  runBundle(source: FilesSource): Promise<Experiment | null> {
    const { transfers } = this.#ports
    return this.#run(source, {
      isTable: false,
      start: async (signal) => {
        const [file] = await source.open(signal)
        if (!file) throw new Error('A bundle is one file.')
        return transfers.read({ source: file })
      },
      progress: (jobId, followOptions) => transfers.progress({ jobId }, followOptions),
      cancel: (jobId) => transfers.cancel({ jobId }),
      resultOf: (item) => (item.type === 'taken' ? item.experiment : null)
    })
  }

  cancel(): void {
    const cancelJob = this.#cancelJob
    this.#cancelJob = null
    this.#abort.abort()
    this.state = { phase: 'idle' }
    // The lab may just have finished it; then there is nothing left to cancel.
    void cancelJob?.().catch(() => undefined)
  }

  /** Puts the sentence of a failure away. */
  dismiss(): void {
    if (this.state.phase === 'failed') this.state = { phase: 'idle' }
  }

  async #run<Result>(source: ImportSource, kind: Kind<Result>): Promise<Result | null> {
    this.cancel()
    const abort = (this.#abort = new AbortController())
    const { signal } = abort
    const show = (state: ImportState) => {
      if (this.#abort === abort && !signal.aborted) this.state = state
    }
    const fail = (failure: Failure) => show({ phase: 'failed', source, failure, isTable: kind.isTable })
    show({ phase: 'running', source, fraction: null, message: `Opening ${source.label}` })
    try {
      const { jobId } = await kind.start(signal)
      if (signal.aborted) {
        await kind.cancel(jobId)
        return null
      }
      this.#cancelJob = () => kind.cancel(jobId)
      let result: Result | null = null
      let failure: Failure | null = null
      await this.#ports.follow(
        (options) => kind.progress(jobId, options),
        (item) => {
          if (item.type === 'progress') {
            show({ phase: 'running', source, fraction: item.fraction, message: item.message })
          } else if (item.type === 'failed') {
            const details = ('details' in item ? item.details : undefined) ?? {}
            failure = { code: item.code === 'cancelled' ? 'cancelled' : 'bad_file', message: item.message, details }
          } else {
            result = kind.resultOf(item)
          }
        },
        signal
      )
      if (signal.aborted) return null
      this.#cancelJob = null
      if (failure) fail(failure)
      else show({ phase: 'idle' })
      return result
    } catch (error) {
      fail(this.#ports.toFailure(error))
      return null
    }
  }
}
