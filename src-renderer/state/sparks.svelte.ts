/**
 * The small curves in the rows of the table: validation loss, thinned to a few points. Read once for the rows in
 * sight, and while a run trains extended by what its events tell.
 */
import { SvelteMap } from 'svelte/reactivity'
import type { Run } from '#contract/runs.ts'
import { downsample, type Point } from '#renderer/pure/downsample.ts'
import type { LabClient } from '#renderer/lab/client.ts'
import { Curve } from '#renderer/pure/curve.ts'

/** Points of a small curve: more can't be told apart on its width. */
const mostPoints = 48
/** Rows asked for at once. */
const mostAsked = 60

export class Sparks {
  #client: Pick<LabClient['runs'], 'curves'>
  /** Known curve by curve: what one run tells is no reason to draw the rows of others anew. */
  #points = new SvelteMap<number, readonly Point[]>()
  #asked = new Set<number>()
  #waiting = new Set<number>()
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(client: Pick<LabClient['runs'], 'curves'>) {
    this.#client = client
  }

  of(runId: number): readonly Point[] | undefined {
    return this.#points.get(runId)
  }

  /** Asks for the curves of rows that came into sight, once the scrolling rests. */
  want(runs: readonly Run[]): void {
    this.#waiting.clear()
    for (const run of runs) if (run.epochs > 0 && !this.#asked.has(run.id)) this.#waiting.add(run.id)
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = this.#waiting.size === 0 ? null : setTimeout(() => void this.#read(), 120)
  }

  /** Takes the newest figures of runs that train. */
  take(runs: readonly Run[]): void {
    for (const run of runs) {
      const known = this.#points.get(run.id)
      const y = run.latest?.validation?.loss ?? run.latest?.train.loss
      if (!known || y === undefined || run.epochs <= (known.at(-1)?.x ?? 0)) continue
      this.#points.set(run.id, thin([...known, { x: run.epochs, y }]))
    }
  }

  forget(runIds: readonly number[]): void {
    for (const runId of runIds) {
      this.#points.delete(runId)
      this.#asked.delete(runId)
    }
  }

  async #read(): Promise<void> {
    const runIds = [...this.#waiting].slice(0, mostAsked)
    runIds.forEach((runId) => this.#asked.add(runId))
    try {
      const pieces = await this.#client.curves({ runIds, columns: ['validationLoss'] })
      for (const [runId, own] of Map.groupBy(pieces, (piece) => piece.runId)) {
        const curve = new Curve()
        own.forEach((piece) => curve.merge(piece))
        this.#points.set(runId, downsample(curve.column('validationLoss'), mostPoints))
      }
    } catch {
      // A small curve that could not be read is asked for again when its row comes into sight anew.
      runIds.forEach((runId) => this.#asked.delete(runId))
    }
  }
}

/** Halves the points of a curve that has grown too long, the newest kept. */
function thin(points: readonly Point[]): readonly Point[] {
  if (points.length <= 2 * mostPoints) return points
  return points.filter((_, index) => index % 2 === 1 || index === points.length - 1)
}
