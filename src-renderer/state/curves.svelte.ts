/**
 * The curves on the screen: follows the metrics of the runs that are shown, and tells of changes once a frame.
 * The values live in typed arrays outside of Svelte's tracking; readers depend on `revision`.
 */
import type { MetricsItem } from '#contract/runs.ts'
import type { LabClient } from '#renderer/lab/client.ts'
import type { FollowOptions } from '#renderer/lab/follow.ts'
import { Curve } from '#renderer/state/curve.ts'

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

export class Curves {
  /** Grows by one whenever a curve has changed, at most once a frame. */
  revision = $state(0)
  #ports: CurvesPorts
  #curves = new Map<number, Curve>()
  #following = new Map<number, AbortController>()
  #framePending = false

  constructor(ports: CurvesPorts) {
    this.#ports = ports
  }

  /** The curve of a run as far as it is known; depends on `revision`. */
  of(runId: number): Curve | null {
    void this.revision
    return this.#curves.get(runId) ?? null
  }

  /** Follows exactly these runs from now on; what is known of the others is kept. */
  show(runIds: readonly number[]): void {
    for (const [runId, controller] of this.#following) {
      if (!runIds.includes(runId)) {
        controller.abort()
        this.#following.delete(runId)
      }
    }
    for (const runId of runIds) if (!this.#following.has(runId)) this.#follow(runId)
  }

  /** Drops what is known of runs that are gone. */
  forget(runIds: readonly number[]): void {
    for (const runId of runIds) {
      this.#following.get(runId)?.abort()
      this.#following.delete(runId)
      this.#curves.delete(runId)
    }
  }

  #follow(runId: number): void {
    const controller = new AbortController()
    this.#following.set(runId, controller)
    const { runs, follow } = this.#ports
    const ended = follow(
      (options) => runs.metrics({ runIds: [runId] }, options),
      (item) => {
        if (item.type === 'curves') this.#take(item.pieces)
        else void runs.curves({ runIds: [runId] }).then((pieces) => this.#take(pieces))
      },
      controller.signal
    )
    // The run may have been removed meanwhile; then there is nothing to draw. A later show() asks again.
    void ended
      .catch(() => undefined)
      .finally(() => {
        if (this.#following.get(runId) === controller) this.#following.delete(runId)
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
    this.#ports.nextFrame(() => {
      this.#framePending = false
      this.revision++
    })
  }
}
