/** Collects epoch records row by row and hands them out column by column. */
export class Records {
  readonly #columns: number
  #values: Float32Array
  #count = 0

  constructor(columns: number) {
    this.#columns = columns
    this.#values = new Float32Array(columns * 16)
  }

  /** Adds the record of one epoch. */
  add(record: readonly number[]): void {
    const start = this.#count * this.#columns
    if (start === this.#values.length) {
      const larger = new Float32Array(this.#values.length * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    for (let column = 0; column < this.#columns; column++) this.#values[start + column] = record[column] ?? NaN
    this.#count++
  }

  /** Takes all records out, column-major. */
  take(): { epochs: number; values: Float32Array } {
    const epochs = this.#count
    const values = new Float32Array(epochs * this.#columns)
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (let column = 0; column < this.#columns; column++) {
        values[column * epochs + epoch] = this.#values[epoch * this.#columns + column] ?? NaN
      }
    }
    this.#count = 0
    return { epochs, values }
  }
}
