/** The station of history: the entry that is open. */
import { addressOf, countField } from '#renderer/parts/foundations/address.ts'
import { history, type HistoryEntry } from '#renderer/parts/foundations/history/entries.ts'

const codec = addressOf({ at: countField(0, 0, history.length - 1) })

export class HistoryModel {
  readonly problem: string | null
  at = $state(0)

  constructor(address: string) {
    const { state, problem } = codec.read(address)
    this.at = state.at
    this.problem = problem
  }

  get address(): string {
    return codec.write({ at: this.at })
  }

  get entry(): HistoryEntry {
    const entry = history[this.at]
    if (!entry) throw new RangeError(`There is no entry ${this.at}.`)
    return entry
  }

  /** Goes to the next entry; false at the last. */
  step(): boolean {
    if (this.at >= history.length - 1) return false
    this.at++
    return this.at < history.length - 1
  }
}
