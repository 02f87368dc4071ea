/**
 * What a person lets an agent spend in one session: runs, and minutes in which anything trains. The agent can not raise
 * it; the person starts the session anew to do so.
 */
import { LabError } from '#contract/errors.ts'
import { formatNumbered } from '#words/numbers.ts'

export interface SessionLimits {
  readonly runs: number
  /** On the clock, while at least one call trains. */
  readonly minutes: number
}

export interface Left {
  readonly runs: number
  readonly minutes: number
}

const msPerMinute = 60_000

export class Session {
  #runs: number
  #leftMs: number
  #training = 0
  #since = 0
  #end: ReturnType<typeof setTimeout> | undefined
  readonly #over = new AbortController()

  constructor({ runs, minutes }: SessionLimits) {
    this.#runs = runs
    this.#leftMs = minutes * msPerMinute
  }

  left(): Left {
    const training = this.#training > 0 ? performance.now() - this.#since : 0
    return { runs: this.#runs, minutes: Math.max(0, this.#leftMs - training) / msPerMinute }
  }

  /**
   * Takes runs from the budget and trains; `work` gets a signal that the minutes of the session are over.
   * Where `work` fails before it has started anything, it says so with `giveBack`.
   * Errors: LabError 'conflict' where the budget does not hold so many runs, or no minute is left; what `work` throws.
   */
  async train<Result>(
    runs: number,
    work: (over: AbortSignal, giveBack: (runs: number) => void) => Promise<Result>
  ): Promise<Result> {
    const { runs: left, minutes } = this.left()
    if (minutes <= 0)
      throw new LabError('conflict', 'The minutes of training that a person gave this session are used up.')
    if (runs > left) {
      throw new LabError(
        'conflict',
        `This takes ${formatNumbered(runs, 'run')}; of those that a person gave this session, ${left} are left.`
      )
    }
    this.#runs -= runs
    this.#begin()
    try {
      return await work(this.#over.signal, (back) => (this.#runs += back))
    } finally {
      this.#finish()
    }
  }

  #begin(): void {
    if (this.#training++ > 0) return
    this.#since = performance.now()
    // Longer timers than these run at once; that is 24 days.
    this.#end = setTimeout(() => this.#over.abort(), Math.min(this.#leftMs, 2 ** 31 - 1))
  }

  #finish(): void {
    if (--this.#training > 0) return
    clearTimeout(this.#end)
    this.#leftMs -= performance.now() - this.#since
  }
}
