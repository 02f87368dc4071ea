/** The choice of an experiment on the screen: what the lab says of it, read again when runs end, and the person's steps. */
import type { ChoiceState } from '#contract/choice.ts'
import { type Failure, toFailure } from '#renderer/lab/failure.ts'
import type { App } from '#renderer/state/app.svelte.ts'

export class ChoiceView {
  state = $state.raw<ChoiceState | null>(null)
  failure = $state.raw<Failure | null>(null)
  busy = $state(false)
  /** The folds whose candidates are asked for; null for those of the one validation part. */
  #folds: number | null = null
  #app: App
  #experimentId: number
  #reading = false
  #isStale = false

  constructor(app: App, experimentId: number) {
    this.#app = app
    this.#experimentId = experimentId
  }

  /** Asks for what these folds, or the one part, say. */
  judgeBy(folds: number | null): Promise<void> {
    this.#folds = folds
    return this.refresh()
  }

  /** Reads the state again; asked for while it is being read, once more after that, however often. */
  async refresh(): Promise<void> {
    this.#isStale = true
    if (this.#reading) return
    this.#reading = true
    try {
      while (this.#isStale) {
        this.#isStale = false
        this.state = await this.#app.client.choice.get({ experimentId: this.#experimentId, folds: this.#folds })
      }
    } catch (error) {
      this.failure = toFailure(error)
    } finally {
      this.#reading = false
    }
  }

  /** Records a choice; says whether the lab took it. */
  make(runId: number, reason: string): Promise<boolean> {
    return this.#do(async () => {
      this.state = await this.#app.client.choice.make({ experimentId: this.#experimentId, runId, reason })
    })
  }

  trainFinal(): Promise<boolean> {
    return this.#do(async () => {
      this.#app.runs.put([await this.#app.client.choice.trainFinal({ experimentId: this.#experimentId })])
      await this.refresh()
    })
  }

  async #do(act: () => Promise<void>): Promise<boolean> {
    this.busy = true
    try {
      await act()
      this.failure = null
      return true
    } catch (error) {
      this.failure = toFailure(error)
      return false
    } finally {
      this.busy = false
    }
  }
}
