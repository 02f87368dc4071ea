/** Who takes files that are dropped on the window: the import of data, or the screen that claims them. */

export interface DropClaim {
  /** What hangs over the window while files do. */
  readonly call: string
  readonly take: (files: readonly File[]) => void
}

export class DropTarget {
  claim = $state.raw<DropClaim | null>(null)

  /** Takes dropped files from now on; the result lets go again. */
  hold(claim: DropClaim): () => void {
    this.claim = claim
    return () => {
      if (this.claim === claim) this.claim = null
    }
  }
}
