/** Error over model complexity, and what it advises. */
import type { Implementer } from '#lab/procedures/implementer.ts'
import type { Selection } from '#lab/selection/selection.ts'

export function selectionProcedures({ selection: os }: Implementer, selection: Selection) {
  return {
    complexity: os.complexity.handler(({ input }) => selection.complexity(input)),
    learningCurves: os.learningCurves.handler(({ input }) =>
      selection.learningCurves(input.experimentId, input.hidden)
    ),
    references: os.references.handler(({ input }) => selection.references(input)),
    setZone: os.setZone.handler(({ input }) => selection.setZone(input.experimentId, input.share)),
    verdict: os.verdict.handler(({ input }) => selection.verdict(input.runId))
  }
}
