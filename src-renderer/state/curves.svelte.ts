/**
 * The curves on the screen: follows the metrics of the runs that are shown, and tells of changes once a frame.
 * The values live in typed arrays outside of Svelte's tracking; readers depend on `revision`.
 */
import type { MetricsItem } from '#contract/runs.ts'
import type { LabClient } from '#renderer/lab/client.ts'
import type { FollowOptions } from '#renderer/lab/follow.ts'
import { Curve } from '#renderer/pure/curve.ts'

/** What the class needs of its surroundings, so that it can be driven without a page. */
export interface CurvesPorts {
  readonly runs: Pick<LabClient['runs'], 'curves' | 'metrics'>
  readonly follow: (
    open: (options: FollowOptions) => Promise<AsyncIterable<MetricsItem>>,
    onItem: (item: MetricsItem) => void,
    signal: AbortSignal
  ) => Promise<void>
  /** Runs a function before the next frame is drawn. */
  readonly nextFrame: (task: () => void) => void
}

/** Runs that were asked for together share a stream, which ends with the last of them. */
interface Batch {
  readonly runIds: Set<number>
  /** Whether all columns are followed. */
  readonly isWhole: boolean
  readonly controller: AbortController
}

/** What is drawn of every run; of the one in focus all columns are read. */
const drawnColumns = [
  'seconds',
  'learningRate',
  'trainLoss',
  'validationLoss',
  'trainAccuracy',
  'validationAccuracy',
  'trainRmse',
  'validationRmse',
  'trainMae',
  'validationMae',
  'trainR2',
  'validationR2'
]

/** Curves that are drawn within a frame; changes of more are told less often, so that the window stays free for others. */
const drawnPerFrame = 100

/** Curves that are kept for when a person comes back to them. */
const mostKept = 200

export class Curves {
  /** Grows by one whenever curves have changed, at most once a frame and less often where they are many. */
  revision = $state(0)
  #ports: CurvesPorts
  #curves = new Map<number, Curve>()
  #following = new Map<number, Batch>()
  #framePending = false

  constructor(ports: CurvesPorts) {
    this.#ports = ports
  }

  /** The curve of a run as far as it is known; depends on `revision`. */
  of(runId: number): Curve | null {
    void this.revision
    return this.#curves.get(runId) ?? null
  }

  /** Follows exactly these runs from now on, the one in focus with all its columns. */
  show(runIds: readonly number[], focused: number | null = runIds[0] ?? null): void {
    const wanted = new Set(runIds)
    for (const runId of [...this.#following.keys()]) if (!wanted.has(runId)) this.#leave(runId)
    const isNew = (runId: number) => {
      const batch = this.#following.get(runId)
      return !batch || (runId === focused && !batch.isWhole)
    }
    const fresh = runIds.filter(isNew)
    const whole = fresh.filter((runId) => runId === focused)
    const others = fresh.filter((runId) => runId !== focused)
    if (whole.length > 0) this.#follow(whole, true)
    if (others.length > 0) this.#follow(others, false)
    this.#forgetOldest()
  }

  /** Drops what is known of runs that are gone. */
  forget(runIds: readonly number[]): void {
    for (const runId of runIds) {
      this.#leave(runId)
      this.#curves.delete(runId)
    }
  }

  #leave(runId: number): void {
    const batch = this.#following.get(runId)
    if (!batch) return
    this.#following.delete(runId)
    batch.runIds.delete(runId)
    if (batch.runIds.size === 0) batch.controller.abort()
  }

  #forgetOldest(): void {
    let spare = this.#curves.size - this.#following.size - mostKept
    for (const runId of this.#curves.keys()) {
      if (spare <= 0) return
      if (this.#following.has(runId)) continue
      this.#curves.delete(runId)
      spare--
    }
  }

  #follow(runIds: readonly number[], isWhole: boolean): void {
    runIds.forEach((runId) => this.#leave(runId))
    const batch: Batch = { runIds: new Set(runIds), isWhole, controller: new AbortController() }
    runIds.forEach((runId) => this.#following.set(runId, batch))
    const wanted = { runIds: [...runIds], ...(isWhole ? {} : { columns: drawnColumns }) }
    const { runs, follow } = this.#ports
    const ended = follow(
      (options) => runs.metrics(wanted, options),
      (item) => {
        if (item.type === 'curves') this.#take(item.pieces)
        else void runs.curves(wanted).then((pieces) => this.#take(pieces))
      },
      batch.controller.signal
    )
    // The runs may have been removed meanwhile; then there is nothing to draw. A later show() asks again.
    void ended
      .catch(() => undefined)
      .finally(() => {
        for (const runId of batch.runIds) if (this.#following.get(runId) === batch) this.#following.delete(runId)
      })
  }

  #take(pieces: Extract<MetricsItem, { type: 'curves' }>['pieces']): void {
    for (const piece of pieces) {
      let curve = this.#curves.get(piece.runId)
      if (!curve) this.#curves.set(piece.runId, (curve = new Curve()))
      curve.merge(piece)
    }
    if (this.#framePending) return
    this.#framePending = true
    this.#tellAfter(Math.floor(this.#following.size / drawnPerFrame))
  }

  #tellAfter(frames: number): void {
    this.#ports.nextFrame(() => {
      if (frames > 0) return this.#tellAfter(frames - 1)
      this.#framePending = false
      this.revision++
    })
  }
}
