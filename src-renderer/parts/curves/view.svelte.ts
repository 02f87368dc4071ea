/**
 * How the curves are looked at: what the x axis counts, which part of it is seen, and the place under the pointer. One
 * view for all charts of the panel, so that they move in step.
 */
import type { Parts, Range, XUnit } from '#renderer/parts/curves/series.ts'
import type { Preferences } from '#renderer/state/preferences.svelte.ts'

/** After so long without a change the axis is at rest: longer than between two notches of a wheel, too short to wait for. */
const restMs = 120

export class CurveView {
  readonly rows: number
  #preferences: Preferences
  parts = $state.raw<Parts>({ training: true, validation: true })
  hovered = $state<number | null>(null)
  pinned = $state<number | null>(null)
  #range = $state.raw<Range | null>(null)
  #restedRange = $state.raw<Range | null>(null)
  #rest: ReturnType<typeof setTimeout> | undefined

  constructor(rows: number, preferences: Preferences) {
    this.rows = rows
    this.#preferences = preferences
  }

  get xUnit(): XUnit {
    return this.#preferences.choice('curves x', ['epochs', 'seconds', 'samples'])
  }

  set xUnit(unit: XUnit) {
    this.#preferences.choose('curves x', unit)
    this.reset()
    this.hovered = null
  }

  /** The part of the x axis that is seen; null for all. */
  get range(): Range | null {
    return this.#range
  }

  /** The range as it last stood still: what takes long to draw waits for it. */
  get restedRange(): Range | null {
    return this.#restedRange
  }

  get isMean(): boolean {
    return this.#preferences.choice('curves of', ['runs', 'groups']) === 'groups'
  }

  set isMean(mean: boolean) {
    this.#preferences.choose('curves of', mean ? 'groups' : 'runs')
  }

  get isLogX(): boolean {
    return this.#preferences.choice('curves x scale', ['linear', 'log']) === 'log'
  }

  set isLogX(log: boolean) {
    this.#preferences.choose('curves x scale', log ? 'log' : 'linear')
  }

  readonly hover = (x: number | null): void => {
    this.hovered = x
  }

  /** Keeps a place, or lets it go where it is kept already. */
  readonly pin = (x: number | null): void => {
    this.pinned = this.pinned === null ? x : null
  }

  readonly zoom = (range: Range | null): void => {
    this.#range = range
    clearTimeout(this.#rest)
    this.#rest = setTimeout(() => (this.#restedRange = range), restMs)
  }

  /** Shows all of the axis again and keeps no place: what was chosen says nothing of what is to come. */
  reset(): void {
    clearTimeout(this.#rest)
    this.#range = this.#restedRange = this.pinned = null
  }

  /** The epoch of a curve at a place of the x axis; the last one for none. */
  epochAt(x: number | null, epochs: number, seconds: Float32Array): number {
    if (x === null || epochs === 0) return epochs
    if (this.xUnit !== 'seconds') {
      const epoch = Math.round(this.xUnit === 'samples' ? x / this.rows : x)
      return Math.min(epochs, Math.max(1, epoch))
    }
    let [low, high] = [0, epochs - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((seconds[middle] ?? Infinity) < x) low = middle + 1
      else high = middle
    }
    return low + 1
  }
}
