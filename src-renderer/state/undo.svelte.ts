/** Deletions that can still be taken back: each is carried out only when its time is up. The app's only toasts. */

export const undoSeconds = 8

export interface Undoable {
  readonly id: number
  readonly message: string
  readonly revert: () => void
}

interface Pending extends Undoable {
  readonly commit: () => void
  readonly timer: ReturnType<typeof setTimeout>
}

export class Undo {
  #pending = $state.raw<readonly Pending[]>([])
  #nextId = 1

  get offers(): readonly Undoable[] {
    return this.#pending
  }

  /** Offers to take something back; `commit` runs once the time is up. */
  offer(message: string, commit: () => void, revert: () => void): void {
    const id = this.#nextId++
    const timer = setTimeout(() => {
      this.#remove(id)
      commit()
    }, undoSeconds * 1000)
    this.#pending = [...this.#pending, { id, message, commit, revert, timer }]
  }

  /** Takes back what an offer stands for. */
  take(id: number): void {
    this.#remove(id)?.revert()
  }

  /** Carries out everything at once: the page is about to go. */
  flush(): void {
    for (const pending of this.#pending) this.#remove(pending.id)?.commit()
  }

  #remove(id: number): Pending | undefined {
    const found = this.#pending.find((pending) => pending.id === id)
    if (found) clearTimeout(found.timer)
    this.#pending = this.#pending.filter((pending) => pending !== found)
    return found
  }
}
