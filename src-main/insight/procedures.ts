/** Looking into what runs have learned, and where they are wrong. */
import type { Diagnostics } from '#lab/insight/diagnostics/diagnostics.ts'
import type { LossSlices } from '#lab/insight/understanding/loss-slices.ts'
import type { Understanding } from '#lab/insight/understanding/understanding.ts'
import type { Implementer } from '#lab/procedures/implementer.ts'

export function understandProcedures(
  { understand: os }: Implementer,
  { understanding, lossSlices }: { readonly understanding: Understanding; readonly lossSlices: LossSlices }
) {
  return {
    axes: os.axes.handler(({ input }) => understanding.axes(input.experimentId)),
    surface: os.surface.handler(({ input }) => understanding.surface(input)),
    network: os.network.handler(({ input }) => understanding.network(input)),
    row: os.row.handler(({ input }) => understanding.row(input)),
    lossSlice: os.lossSlice.handler(({ input, signal }) => lossSlices.measure(input, signal))
  }
}

export function diagnosticsProcedures({ diagnostics: os }: Implementer, diagnostics: Diagnostics) {
  return {
    ofPart: os.ofPart.handler(({ input }) => diagnostics.ofPart(input.runId, input.part)),
    worstRows: os.worstRows.handler(({ input }) => diagnostics.worstRows(input.runId, input.part, input.limit)),
    importance: os.importance.handler(({ input }) => diagnostics.importance(input.runId))
  }
}
