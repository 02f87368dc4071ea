/** Pause, resume and stop of runs, with the sentence of what the lab refused last. */
import type { Run } from '#contract/runs.ts'
import { toFailure } from '#renderer/lab/failure.ts'
import type { App } from '#renderer/state/app.svelte.ts'
import { canPause, isActive } from '#trials/run-status.ts'

export class RunControl {
  problem = $state<string | null>(null)
  #app: App

  constructor(app: App) {
    this.#app = app
  }

  pause(run: Run): Promise<void> {
    return this.#do(() => this.#app.client.runs.pause({ runId: run.id }))
  }

  resume(run: Run): Promise<void> {
    return this.#do(() => this.#app.client.runs.resume({ runId: run.id }))
  }

  stop(run: Run): Promise<void> {
    return this.#do(() => this.#app.client.runs.stop({ runId: run.id }))
  }

  pauseAll(runs: readonly Run[]): void {
    waitingFirst(runs.filter(canPause)).forEach((run) => void this.pause(run))
  }

  /** Lets all go on that were paused; what ended otherwise is for a person to take up one by one. */
  resumeAll(runs: readonly Run[]): void {
    runs.filter(({ status }) => status === 'paused').forEach((run) => void this.resume(run))
  }

  /** Stops all that train, wait or are paused, as resumeAll() those that were paused. */
  stopAll(runs: readonly Run[]): void {
    waitingFirst(runs.filter(isActive)).forEach((run) => void this.stop(run))
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

/** What waits before what trains, so that nothing begins only to be ended. */
function waitingFirst(runs: readonly Run[]): Run[] {
  return runs.toSorted((a, b) => Number(a.status === 'running') - Number(b.status === 'running'))
}
