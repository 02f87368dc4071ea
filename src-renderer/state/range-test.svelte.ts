/** A learning-rate range test as a person follows it: under way, done or failed. Knows no pixels. */
import type { RangeTest } from '#engine/training/rate-range.ts'
import type { LabClient } from '#renderer/lab/client.ts'
import { toFailure } from '#renderer/lab/failure.ts'

export type RangeTestRequest = Parameters<LabClient['rangeTests']['run']>[0]

export class RangeTestView {
  result = $state.raw<RangeTest | null>(null)
  failure = $state<string | null>(null)
  /** From 0 to 1 while a test is under way. */
  progress = $state<number | null>(null)
  #abort: AbortController | null = null
  readonly #client: Pick<LabClient['rangeTests'], 'run'>

  constructor(client: Pick<LabClient['rangeTests'], 'run'>) {
    this.#client = client
  }

  /** Tests anew; a test under way is cancelled. */
  async run(request: RangeTestRequest): Promise<void> {
    this.cancel()
    const abort = new AbortController()
    this.#abort = abort
    this.result = null
    this.failure = null
    this.progress = 0
    try {
      for await (const item of await this.#client.run(request, { signal: abort.signal })) {
        if (item.type === 'progress') this.progress = item.done / item.of
        else if (item.type === 'done') this.result = item.result
        else this.failure = item.message
      }
    } catch (error) {
      if (!abort.signal.aborted) this.failure = toFailure(error).message
    } finally {
      if (this.#abort === abort) this.progress = null
    }
  }

  cancel(): void {
    this.#abort?.abort()
    this.#abort = null
    this.progress = null
  }
}
