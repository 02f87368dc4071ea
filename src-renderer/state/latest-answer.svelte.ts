/**
 * Answers to questions that change faster than they can be answered, such as a picture that follows a slider: one is
 * asked at a time, and when it is answered the newest one is next; those between are never asked.
 */
export class LatestAnswer<Question, Answer> {
  /** The newest answer; the one before stays until the next is there. */
  answer = $state.raw<Answer | null>(null)
  /** Why the newest question could not be answered, in a sentence. */
  failure = $state<string | null>(null)
  #put: (question: Question) => Promise<Answer>
  #describe: (error: unknown) => string
  #next: { readonly question: Question } | null = null
  #isBusy = false
  #restMs: number

  /** Units: restMs is the pause after an answer; what is asked meanwhile waits for its end. */
  constructor(put: (question: Question) => Promise<Answer>, describe: (error: unknown) => string, restMs = 0) {
    this.#restMs = restMs
    this.#put = put
    this.#describe = describe
  }

  ask(question: Question): void {
    this.#next = { question }
    if (!this.#isBusy) void this.#work()
  }

  async #work(): Promise<void> {
    this.#isBusy = true
    for (let next = this.#next; next; next = this.#next) {
      this.#next = null
      try {
        this.answer = await this.#put(next.question)
        this.failure = null
      } catch (error) {
        this.failure = this.#describe(error)
      }
      if (this.#restMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#restMs))
    }
    this.#isBusy = false
  }
}
