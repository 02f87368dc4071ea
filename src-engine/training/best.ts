/** Keeps which epoch was best so far, and says when patience has run out. Lower values are better. */
export class Best {
  #epoch: number
  #value: number
  readonly #minimum: number

  /** Units: an improvement of less than `minimum` does not count. */
  constructor(minimum: number, epoch = 0, value = Infinity) {
    this.#minimum = minimum
    this.#epoch = epoch
    this.#value = value
  }

  /** 0 where no epoch has had a finite value yet. */
  get epoch(): number {
    return this.#epoch
  }
  get value(): number {
    return this.#value
  }

  /** Takes in the value of an epoch and says whether it is the best so far. */
  offer(epoch: number, value: number): boolean {
    if (!(value < this.#value - this.#minimum)) return false
    this.#epoch = epoch
    this.#value = value
    return true
  }

  /** Whether `patience` epochs have passed since the best one; null never runs out. */
  isExhausted(epoch: number, patience: number | null): boolean {
    return patience !== null && epoch - this.#epoch >= patience
  }
}
