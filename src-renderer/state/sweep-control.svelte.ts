/** Pause, resume and stop of sweeps, with the sentence of what the lab refused last. */
import type { Sweep } from '#contract/sweeps.ts'
import { toFailure } from '#renderer/lab/failure.ts'
import type { App } from '#renderer/state/app.svelte.ts'

export class SweepControl {
  problem = $state<string | null>(null)
  #app: App

  constructor(app: App) {
    this.#app = app
  }

  readonly pause = ({ id }: Sweep) => this.#do(() => this.#app.client.sweeps.pause({ sweepId: id }))
  readonly resume = ({ id }: Sweep) => this.#do(() => this.#app.client.sweeps.resume({ sweepId: id }))
  /** Runs again what failed. */
  readonly retry = ({ id }: Sweep) => this.#do(() => this.#app.client.sweeps.retry({ sweepId: id }))
  readonly stop = ({ id }: Sweep) => this.#do(() => this.#app.client.sweeps.stop({ sweepId: id }))

  async #do(act: () => Promise<Sweep>): Promise<void> {
    try {
      this.#app.sweeps.put([await act()])
      this.problem = null
    } catch (error) {
      this.problem = toFailure(error).message
    }
  }
}
