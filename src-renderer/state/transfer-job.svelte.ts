/** An experiment on its way out of the lab: one at a time, with progress, to be cancelled. */
import type { Experiment } from '#contract/experiments.ts'
import { type Destination, destinations, type TransferProgress } from '#contract/transfers.ts'
import type { FileTarget } from '#renderer/lab/targets.ts'
import type { LabClient } from '#renderer/lab/client.ts'
import type { Failure } from '#renderer/lab/failure.ts'
import type { FollowOptions } from '#renderer/lab/follow.ts'

export type Written = Extract<TransferProgress, { type: 'written' }>

export type TransferState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'running'; readonly fraction: number | null; readonly message: string }
  | { readonly phase: 'written'; readonly written: Written; readonly where: string }
  | { readonly phase: 'failed'; readonly message: string }

export interface TransferPorts {
  readonly transfers: Pick<LabClient['transfers'], 'write' | 'progress' | 'cancel'>
  readonly follow: (
    open: (options: FollowOptions) => Promise<AsyncIterable<TransferProgress>>,
    onItem: (item: TransferProgress) => void,
    signal: AbortSignal
  ) => Promise<void>
  readonly toFailure: (error: unknown) => Failure
  /** Asks for the place of a file of this name; null where the person cancels. */
  readonly chooseTarget: (name: string) => Promise<FileTarget | null>
}

export class TransferJob {
  state = $state.raw<TransferState>({ phase: 'idle' })
  #ports: TransferPorts
  #abort = new AbortController()
  #jobId: string | null = null

  constructor(ports: TransferPorts) {
    this.#ports = ports
  }

  /** Has the lab write the file to where the person wants it; folders become a zip. */
  async write(experiment: Pick<Experiment, 'id' | 'name'>, to: Destination): Promise<void> {
    this.cancel()
    const abort = (this.#abort = new AbortController())
    const { transfers, follow, toFailure, chooseTarget } = this.#ports
    const show = (state: TransferState) => {
      if (this.#abort === abort && !abort.signal.aborted) this.state = state
    }
    try {
      const target = await chooseTarget(fileName(experiment.name, to))
      if (!target) return
      show({ phase: 'running', fraction: null, message: 'Starting' })
      const { jobId } = await transfers.write({ experimentId: experiment.id, to, path: target.path })
      this.#jobId = jobId
      await follow(
        (options) => transfers.progress({ jobId }, options),
        (item) => {
          if (item.type === 'progress') show({ phase: 'running', fraction: item.fraction, message: item.message })
          else if (item.type === 'failed') show({ phase: 'failed', message: item.message })
          else if (item.type === 'written') {
            show({ phase: 'written', written: item, where: target.where })
            if (!abort.signal.aborted) target.deliver()
          }
        },
        abort.signal
      )
      this.#jobId = null
    } catch (error) {
      show({ phase: 'failed', message: toFailure(error).message })
    }
  }

  /** Ends what is under way and leaves nothing on the screen. */
  cancel(): void {
    const jobId = this.#jobId
    this.#jobId = null
    this.#abort.abort()
    this.state = { phase: 'idle' }
    // The lab may just have finished it; then there is nothing left to cancel.
    if (jobId !== null) void this.#ports.transfers.cancel({ jobId }).catch(() => undefined)
  }
}

/** `iris species.toplab`, `iris species mlflow.zip`: no sign in it that a disk refuses. */
export function fileName(experiment: string, to: Destination): string {
  const { ending, isFolder } = destinations[to]
  const plain = experiment.replace(/[\\/:*?"<>|\s]+/g, ' ').trim()
  return `${plain}${to === 'bundle' ? '' : ` ${to}`}${isFolder ? '.zip' : ending}`
}
