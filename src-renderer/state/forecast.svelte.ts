/** What a sweep that is being planned would take, asked of the lab a moment after the last change. */
import type { SweepForecast } from '#contract/sweeps.ts'
import type { LabClient } from '#renderer/lab/client.ts'
import { type Failure, toFailure } from '#renderer/lab/failure.ts'

/** A sweep's settings as the contract takes them: what is left out has its default. */
export type SweepRequest = Parameters<LabClient['sweeps']['start']>[0]

/** Long enough for the next key, short enough to seem at once. */
const pauseMs = 120

export class Forecast {
  value = $state.raw<SweepForecast | null>(null)
  /** Why the sweep can't be run as it is, in the lab's own sentence. */
  problem = $state<string | null>(null)
  /** The field that it is about, where it is about one. */
  field = $state<string | null>(null)
  #sweeps: Pick<LabClient['sweeps'], 'forecast'>
  #timer: ReturnType<typeof setTimeout> | undefined
  #latest = 0
  #asked = ''

  constructor(sweeps: Pick<LabClient['sweeps'], 'forecast'>) {
    this.#sweeps = sweeps
  }

  /** Asks anew for sweeps that would be started together; what was known stays until the answer is there. */
  ask(requests: readonly SweepRequest[]): void {
    // The same trials are put together anew whenever a run tells of itself, which must not put the answer off.
    const text = JSON.stringify(requests)
    if (text === this.#asked) return
    this.#asked = text
    const asked = ++this.#latest
    clearTimeout(this.#timer)
    if (requests.length === 0) {
      this.value = null
      this.#settle(null)
      return
    }
    this.#timer = setTimeout(() => void this.#answer(requests, asked), pauseMs)
  }

  async #answer(requests: readonly SweepRequest[], asked: number): Promise<void> {
    try {
      const all = await Promise.all(requests.map((request) => this.#sweeps.forecast(request)))
      if (asked !== this.#latest) return
      this.value = all.reduce(together)
      this.#settle(null)
    } catch (error) {
      if (asked !== this.#latest) return
      this.value = null
      // What failed may be asked again.
      this.#asked = ''
      this.#settle(toFailure(error))
    }
  }

  #settle(failure: Failure | null): void {
    const field = failure?.details?.field
    this.problem = failure?.message ?? null
    this.field = typeof field === 'string' ? field : null
  }
}

function together(one: SweepForecast, other: SweepForecast): SweepForecast {
  return {
    points: one.points + other.points,
    runs: one.runs + other.runs,
    trainedAlready: one.trainedAlready + other.trainedAlready,
    leftOut: one.leftOut + other.leftOut,
    seconds: { low: one.seconds.low + other.seconds.low, high: one.seconds.high + other.seconds.high },
    basis: one.basis === 'assumed' ? one.basis : other.basis
  }
}
