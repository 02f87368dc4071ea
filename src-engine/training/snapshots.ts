/**
 * Snapshots: the weights of chosen epochs, kept so that a run can be looked at as it was.
 * Which epochs is decided before the run begins, from its plan alone, so that a resumed run keeps the same ones.
 */

export interface Snapshot {
  /** Epochs completed; 0 has the weights that training began with. */
  readonly epoch: number
  /** In the order of network/parameters.ts. */
  readonly parameters: Float32Array
}

/** More than these are too close together to tell apart on a slider. */
export const mostSnapshots = 32

/**
 * Chooses the epochs to keep: the start, then at equal steps on a logarithmic scale up to the last planned epoch, since
 * a network changes most at first.
 * Units: as many as `limitBytes` hold of `bytesEach`, at most 32; none where not even two fit.
 */
export function snapshotEpochs(plannedEpochs: number, bytesEach: number, limitBytes: number): number[] {
  const count = Math.min(mostSnapshots, Math.floor(limitBytes / bytesEach))
  if (count < 2) return []
  // Close to the start steps are below one epoch and fall together; a finer scale makes up for what that loses.
  let best = spaced(plannedEpochs, count)
  for (let steps = count + 1; ; steps++) {
    const epochs = spaced(plannedEpochs, steps)
    if (epochs.length > count) return best
    best = epochs
    if (epochs.length > plannedEpochs) return best
  }
}

/** Epoch 0 and `steps - 1` more up to `last`, equal ones once. */
function spaced(last: number, steps: number): number[] {
  const epochs = Array.from({ length: steps - 1 }, (_, step) =>
    Math.round(last ** (steps === 2 ? 1 : step / (steps - 2)))
  )
  return [...new Set([0, ...epochs])]
}
