/** A run with its curve, as the charts draw it. Types only. */
import type { Run } from '#contract/runs.ts'
import type { Curve } from '#renderer/pure/curve.ts'

export interface ShownRun {
  readonly run: Run
  readonly curve: Curve
}
