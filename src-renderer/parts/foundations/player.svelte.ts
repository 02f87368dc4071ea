/**
 * Plays a station: so many steps a second, done in animation frames within a budget, so that the page stays at the
 * screen's pace. The station gives the step; nothing plays where reduced motion is asked for.
 */

export const speeds = { slow: 2, normal: 12, fast: 240 } as const
export type Speed = keyof typeof speeds

/** Of a frame of 16.7 ms; the rest is for drawing. */
const budgetMs = 6
/** While a state is made up for, there is nothing to take hold of yet. */
const catchUpMs = 12

/** What of the page it needs. */
export interface Frames {
  readonly request: (task: (at: number) => void) => number
  readonly cancel: (id: number) => void
  readonly now: () => number
}

const pageFrames: Frames = {
  request: (task) => requestAnimationFrame(task),
  cancel: (id) => cancelAnimationFrame(id),
  now: () => performance.now()
}

export class Player {
  playing = $state(false)
  speed = $state<Speed>('normal')
  /** Does one step; false at the end. */
  readonly #step: () => boolean
  readonly #frames: Frames
  #frame = 0
  #last = 0
  /** Steps that are due, a fraction as well. */
  #due = 0

  constructor(step: () => boolean, frames: Frames = pageFrames) {
    this.#step = step
    this.#frames = frames
  }

  /** Does some steps at once, as far as there are so many. */
  step(count = 1): void {
    for (let done = 0; done < count; done++) if (!this.#step()) return
  }

  play(): void {
    if (this.playing) return
    this.playing = true
    this.#last = this.#frames.now()
    // The first step is seen at once, whatever the speed.
    this.#due = 1
    this.#frame = this.#frames.request(this.#tick)
  }

  /** Does what an address asks for, as fast as the frames allow, while `isBehind`. */
  catchUp(isBehind: () => boolean): void {
    const go = () => {
      const end = this.#frames.now() + catchUpMs
      while (isBehind() && this.#step() && this.#frames.now() < end);
      if (isBehind()) this.#frame = this.#frames.request(go)
    }
    this.stop()
    if (isBehind()) this.#frame = this.#frames.request(go)
  }

  stop(): void {
    this.playing = false
    this.#frames.cancel(this.#frame)
  }

  toggle(): void {
    if (this.playing) this.stop()
    else this.play()
  }

  readonly #tick = (at: number): void => {
    if (!this.playing) return
    this.#due += (Math.max(0, at - this.#last) / 1000) * speeds[this.speed]
    this.#last = Math.max(this.#last, at)
    const end = this.#frames.now() + budgetMs
    while (this.#due >= 1) {
      if (!this.#step()) return this.stop()
      this.#due--
      // What does not fit is left out rather than caught up with later.
      if (this.#frames.now() >= end) this.#due = 0
    }
    this.#frame = this.#frames.request(this.#tick)
  }
}
