/**
 * The one generator of random numbers: xoshiro128** 1.1 by Blackman & Vigna (2018), 128 bits of state, period 2^128 - 1.
 * Every choice of a run (first weights, order of rows) comes from one of these, so that a seed names the run.
 */
export class Random {
  #a = 0
  #b = 0
  #c = 0
  #d = 0

  /** Starts from a whole number; its state comes from splitmix32, as the authors advise for filling a state. */
  constructor(seed: number) {
    let x = Math.imul(Math.floor(seed / 4294967296), 0x85ebca6b) ^ (seed | 0)
    const next = () => {
      x = (x + 0x9e3779b9) | 0
      let z = x
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
      return z ^ (z >>> 15)
    }
    this.state = Uint32Array.of(next(), next(), next(), next())
  }

  /** The four words of the state; setting them continues exactly there. */
  get state(): Uint32Array {
    return Uint32Array.of(this.#a, this.#b, this.#c, this.#d)
  }

  set state(words: Uint32Array) {
    this.#a = words[0] ?? 0
    this.#b = words[1] ?? 0
    this.#c = words[2] ?? 0
    this.#d = words[3] ?? 0
  }

  /** Draws 32 bits. Units: a whole number from 0 to 2^32 - 1. */
  bits(): number {
    const scrambled = Math.imul(this.#b, 5)
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9)
    const shifted = this.#b << 9
    this.#c ^= this.#a
    this.#d ^= this.#b
    this.#b ^= this.#c
    this.#a ^= this.#d
    this.#c ^= shifted
    this.#d = (this.#d << 11) | (this.#d >>> 21)
    return result >>> 0
  }

  /** Draws a number from 0 to 1, 1 left out, in steps of 2^-32. */
  uniform(): number {
    return this.bits() / 4294967296
  }

  /**
   * Draws from the normal distribution with mean 0 and deviation 1.
   * Source: Box & Muller 1958, of whose pair the second number is not kept: the state stays four words.
   */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()))
    return radius * Math.cos(2 * Math.PI * this.uniform())
  }

  /** Draws a whole number from 0 to count - 1; the bias is below count / 2^32. */
  below(count: number): number {
    return Math.floor(this.uniform() * count)
  }

  /** Puts numbers in random order, in place (Fisher & Yates, as Durstenfeld 1964 has it). */
  shuffle(values: Uint32Array): void {
    for (let last = values.length - 1; last > 0; last--) {
      const other = this.below(last + 1)
      const kept = values[last] ?? 0
      values[last] = values[other] ?? 0
      values[other] = kept
    }
  }
}
