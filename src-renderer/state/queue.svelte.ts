/** The queue before the engine, as long as somebody looks at it: read again when the lab says that it has changed. */
import type { QueueState } from '#contract/queue.ts'
import type { Sweep } from '#contract/sweeps.ts'
import type { LabClient } from '#renderer/lab/client.ts'
import { toFailure } from '#renderer/lab/failure.ts'

/** Tiny runs change it many times a second; nobody reads that fast. */
const pauseMs = 250

export class Queue {
  state = $state.raw<QueueState | null>(null)
  /** Sweeps that run or were paused. */
  sweeps = $state.raw<readonly Sweep[]>([])
  /** The sentence of what the lab refused last. */
  problem = $state<string | null>(null)
  #client: Pick<LabClient, 'queue' | 'sweeps' | 'runs'>
  #watchers = 0
  #reading = false
  #isStale = false

  constructor(client: Pick<LabClient, 'queue' | 'sweeps' | 'runs'>) {
    this.#client = client
  }

  /** Keeps the state up to date until the returned function is called. */
  watch(): () => void {
    this.#watchers++
    this.onChange()
    return () => this.#watchers--
  }

  /** Hears that the queue has changed. */
  onChange(): void {
    this.#isStale = true
    if (this.#watchers > 0 && !this.#reading) void this.#read()
  }

  move(runId: number, to: 'first' | 'earlier' | 'later'): Promise<void> {
    return this.#do(async () => void (this.state = await this.#client.queue.move({ runId, to })))
  }

  set(change: { readonly parallel?: number | null; readonly resumes?: boolean }): Promise<void> {
    return this.#do(async () => void (this.state = await this.#client.queue.set(change)))
  }

  /** Pauses all that trains or waits: sweeps first, so that they hand out nothing more, then the runs that wait. */
  pauseAll(): Promise<void> {
    return this.#do(async () => {
      const { sweeps, runs } = this.#client
      for (const { id } of this.sweeps.filter(({ status }) => status === 'running')) await sweeps.pause({ sweepId: id })
      for (const { id } of await this.#active()) await runs.pause({ runId: id })
    })
  }

  resumeAll(): Promise<void> {
    return this.#do(async () => {
      const { sweeps, runs } = this.#client
      for (const { id } of this.sweeps.filter(({ status }) => status === 'paused')) await sweeps.resume({ sweepId: id })
      for (const { id, sweepId } of this.state?.paused ?? []) if (!sweepId) await runs.resume({ runId: id })
    })
  }

  stopAll(): Promise<void> {
    return this.#do(async () => {
      const { sweeps, runs } = this.#client
      for (const { id } of this.sweeps) await sweeps.stop({ sweepId: id })
      for (const { id } of await this.#active()) await runs.stop({ runId: id })
    })
  }

  /** What waits before what trains, so that nothing begins only to be ended. */
  async #active() {
    const { waiting, training } = await this.#client.queue.get()
    return [...waiting, ...training]
  }

  async #do(work: () => Promise<void>): Promise<void> {
    try {
      await work()
      this.problem = null
    } catch (error) {
      this.problem = toFailure(error).message
    }
    this.onChange()
  }

  async #read(): Promise<void> {
    this.#reading = true
    while (this.#isStale && this.#watchers > 0) {
      this.#isStale = false
      try {
        const [state, sweeps] = await Promise.all([this.#client.queue.get(), this.#client.sweeps.list({})])
        this.state = state
        this.sweeps = sweeps.filter(({ status }) => status === 'running' || status === 'paused')
      } catch (error) {
        this.problem = toFailure(error).message
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
    this.#reading = false
  }
}
