/** The workers at the servers of sweeps, as long as somebody looks at them: read again when the lab has heard of one. */
import type { ServerWorkers } from '#contract/sweeps.ts'
import type { LabClient } from '#renderer/lab/client.ts'

/** Hundreds of workers tell of themselves every two seconds; nobody reads that fast. */
const pauseMs = 1000

export class Workers {
  servers = $state.raw<readonly ServerWorkers[]>([])
  #client: { readonly sweeps: Pick<LabClient['sweeps'], 'workers'> }
  #watchers = 0
  #isReading = false
  #isStale = false

  constructor(client: { readonly sweeps: Pick<LabClient['sweeps'], 'workers'> }) {
    this.#client = client
  }

  /** Keeps them up to date until the returned function is called. */
  watch(): () => void {
    this.#watchers++
    this.onChange()
    return () => this.#watchers--
  }

  /** Hears that something of a worker has changed. */
  onChange(): void {
    this.#isStale = true
    if (this.#watchers > 0 && !this.#isReading) void this.#read()
  }

  async #read(): Promise<void> {
    this.#isReading = true
    while (this.#isStale && this.#watchers > 0) {
      this.#isStale = false
      // What can't be read now is told of by the queue beside it, and read with the next sign of life.
      const found = await this.#client.sweeps.workers().catch(() => null)
      if (found) this.servers = found.servers
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
    this.#isReading = false
  }
}
