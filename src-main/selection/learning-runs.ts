/** Which runs ended while they were still learning, by their curves; a run that has ended is looked at once. */
import { columnOf } from '#engine/training/epoch-columns.ts'
import { joinPieces } from '#lab/runs/pieces.ts'
import { learningTail, mayLearnOn, type Tail } from '#lab/selection/convergence.ts'
import type { TrialRun } from '#lab/store/runs.ts'
import type { Store } from '#lab/store/store.ts'

export interface LearningRunsOptions {
  readonly store: Store
  readonly columnsOf: (runId: number) => readonly string[]
}

const mostPieces = 100_000

export class LearningRuns {
  readonly #options: LearningRunsOptions
  /** By run and its epochs: a run that trains further ends anew. */
  readonly #known = new Map<string, Tail | null>()

  constructor(options: LearningRunsOptions) {
    this.#options = options
  }

  /** The epochs of one figure of a run, from its curves; epochs without it are NaN. */
  curve(runId: number, column: string): number[] {
    const { store, columnsOf } = this.#options
    const index = columnsOf(runId).indexOf(column)
    const pieces = joinPieces(store.metrics.after([runId], 0, mostPieces))
    return pieces.flatMap((piece) => [...columnOf(piece, index)])
  }

  /** What the end of a run shows of a loss that still fell; null for one that had converged, or that its plan did not end. */
  tailOf(run: Pick<TrialRun, 'id' | 'status' | 'reason' | 'bestEpoch' | 'plan'>): Tail | null {
    if (!mayLearnOn(run)) return null
    const key = `${run.id} ${run.plan.stopping.epochs}`
    let tail = this.#known.get(key)
    if (tail === undefined) {
      tail = learningTail(this.curve(run.id, 'validationLoss').filter(Number.isFinite), run.bestEpoch)
      this.#known.set(key, tail)
    }
    return tail
  }
}
