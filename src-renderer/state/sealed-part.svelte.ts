/** The sealed test part as the screens show it: what an opening gave, and the one call that opens it. */
import type { Experiment } from '#contract/experiments.ts'
import type { Run } from '#contract/runs.ts'
import { toFailure } from '#renderer/lab/failure.ts'
import type { App } from '#renderer/state/app.svelte.ts'

export type OpenedTest = NonNullable<Awaited<ReturnType<App['client']['runs']['openedTest']>>>

export class SealedPart {
  problem = $state<string | null>(null)
  busy = $state(false)
  /** Of the run that was asked about last: whether an agent may open the part for it. Null until that is known. */
  #leave = $state.raw<{ readonly runId: number; readonly allowed: boolean } | null>(null)
  #opened = $state.raw<{ readonly runId: number; readonly result: OpenedTest } | null>(null)
  #app: App

  constructor(app: App) {
    this.#app = app
  }

  /** What the newest opening of a run gave; null where it is sealed, or not read yet. */
  resultOf(runId: number): OpenedTest | null {
    return this.#opened?.runId === runId ? this.#opened.result : null
  }

  /** Whether an agent may open the part for a run; null where it is not known, or opened already. */
  isAgentAllowed(runId: number): boolean | null {
    return this.#leave?.runId === runId && this.resultOf(runId) === null ? this.#leave.allowed : null
  }

  /** Reads whether an agent may open the part for a run. */
  async readLeave(runId: number): Promise<void> {
    try {
      this.#leave = { runId, ...(await this.#app.client.runs.testAllowed({ runId })) }
    } catch (error) {
      this.problem = toFailure(error).message
    }
  }

  /** Lets an agent open the part for a run, once, or takes that back. */
  async letAgent(runId: number, allowed: boolean): Promise<void> {
    try {
      this.#leave = { runId, ...(await this.#app.client.runs.allowTest({ runId, allowed })) }
    } catch (error) {
      this.problem = toFailure(error).message
    }
  }

  /** Reads what was opened before, where the run says so. */
  async read({ id, testOpened }: Pick<Run, 'id' | 'testOpened'>): Promise<void> {
    this.problem = null
    if (!testOpened) return
    try {
      const found = await this.#app.client.runs.openedTest({ runId: id })
      if (found) this.#opened = { runId: id, result: found }
    } catch (error) {
      this.problem = toFailure(error).message
    }
  }

  /** Opens the test part for a run, which is recorded for good. */
  async open(runId: number, { id: experimentId }: Experiment): Promise<void> {
    this.busy = true
    try {
      this.#opened = { runId, result: await this.#app.client.runs.openTest({ runId }) }
      this.#app.library.put(await this.#app.client.experiments.get({ experimentId }))
    } catch (error) {
      this.problem = toFailure(error).message
    } finally {
      this.busy = false
    }
  }
}
