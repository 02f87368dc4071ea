/** Pause, resume and stop of runs, with the sentence of what the lab refused last. */
import type { Run } from '#contract/runs.ts'
import { toFailure } from '#renderer/lab/failure.ts'
import type { App } from '#renderer/state/app.svelte.ts'
import { live, resumable } from '#renderer/state/describe-run.ts'

export class RunControl {
  problem = $state<string | null>(null)
  #app: App

  constructor(app: App) {
    this.#app = app
  }

  readonly canPause = (run: Run) => run.status === 'running' || run.status === 'queued'
  readonly canResume = (run: Run) => resumable.includes(run.status)
  readonly canStop = (run: Run) => live.includes(run.status)

  pause(run: Run): Promise<void> {
    return this.#do(() => this.#app.client.runs.pause({ runId: run.id }))
  }

  resume(run: Run): Promise<void> {
    return this.#do(() => this.#app.client.runs.resume({ runId: run.id }))
  }

  stop(run: Run): Promise<void> {
    return this.#do(() => this.#app.client.runs.stop({ runId: run.id }))
  }

  remove(run: Run): void {
    this.#app.removeRuns([run], `Run ${run.id} is deleted.`)
  }

  async #do(act: () => Promise<Run>): Promise<void> {
    try {
      const run = await act()
      this.#app.runs.put([run])
      this.problem = null
    } catch (error) {
      this.problem = toFailure(error).message
    }
  }
}
