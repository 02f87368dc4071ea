/** The sweeps the screen knows, by id: read an experiment at a time, kept up to date by the lab's events. */
import type { Sweep } from '#contract/sweeps.ts'

export class SweepList {
  #byId = $state.raw<ReadonlyMap<number, Sweep>>(new Map())

  has(sweepId: number): boolean {
    return this.#byId.has(sweepId)
  }

  get(sweepId: number): Sweep | undefined {
    return this.#byId.get(sweepId)
  }

  /** The sweeps of an experiment, newest first. */
  ofExperiment(experimentId: number): Sweep[] {
    return [...this.#byId.values()].filter((sweep) => sweep.experimentId === experimentId).sort((a, b) => b.id - a.id)
  }

  put(sweeps: readonly Sweep[]): void {
    this.#byId = new Map([...this.#byId, ...sweeps.map((sweep) => [sweep.id, sweep] as const)])
  }
}

/** A sweep that has not come to its end: it runs, or can be resumed. */
export function isUnderWay({ status }: Pick<Sweep, 'status'>): boolean {
  return status === 'running' || status === 'paused' || status === 'interrupted'
}
