/** How much of the kernel's work fits the time that is left, learned from the calls before. */
export class Pace {
  #msPerPiece = 0
  #pieces = 1

  /** Units: milliseconds left; returns pieces, at least 1, and at most twice as many as last time. */
  next(leftMs: number): number {
    const fitting = this.#msPerPiece > 0 ? Math.floor(leftMs / this.#msPerPiece) : 1
    this.#pieces = Math.max(1, Math.min(this.#pieces * 2, fitting, 1_000_000))
    return this.#pieces
  }

  learn(pieces: number, ms: number): void {
    if (pieces > 0) this.#msPerPiece = Math.max(ms / pieces, 1e-6)
  }
}
