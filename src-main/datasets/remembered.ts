/** Answers that take work and never change, each worked out once while it is kept: the oldest makes room for the next. */
export class Remembered<Key, Answer> {
  readonly #most: number
  readonly #isKept: (answer: Answer) => boolean
  readonly #answers = new Map<Key, Promise<Answer>>()

  /** Keeps so many answers, of those that `isKept` allows. */
  constructor(most: number, isKept: (answer: Answer) => boolean = () => true) {
    this.#most = most
    this.#isKept = isKept
  }

  /** Reads an answer, or works it out. Errors: as `work`; what failed is tried anew the next time. */
  read(key: Key, work: () => Promise<Answer>): Promise<Answer> {
    const known = this.#answers.get(key)
    if (known) return known
    const answer = work()
    this.#answers.set(key, answer)
    answer.then(
      (value) => !this.#isKept(value) && this.#answers.delete(key),
      () => this.#answers.delete(key)
    )
    const [oldest] = this.#answers.keys()
    if (this.#answers.size > this.#most && oldest !== undefined) this.#answers.delete(oldest)
    return answer
  }
}
