/** The whole contract, composed of what each room implements. Knows no transport and does no work of its own. */
import type { LabError } from '#contract/errors.ts'
import { choiceProcedures, testPartProcedures } from '#lab/choice/procedures.ts'
import { experimentProcedures } from '#lab/experiments/procedures.ts'
import { diagnosticsProcedures, understandProcedures } from '#lab/insight/procedures.ts'
import { datasetProcedures } from '#lab/library/procedures.ts'
import { exportProcedures, modelProcedures, predictionProcedures } from '#lab/models/procedures.ts'
import type { Parts } from '#lab/parts.ts'
import { hostProcedures } from '#lab/procedures/host.ts'
import { createImplementer } from '#lab/procedures/implementer.ts'
import { reportProcedures } from '#lab/report/procedures.ts'
import { queueProcedures, rangeTestProcedures, runProcedures } from '#lab/runs/procedures.ts'
import { selectionProcedures } from '#lab/selection/procedures.ts'
import { runForecastProcedures, sweepProcedures } from '#lab/sweeps/procedures.ts'
import { transferProcedures } from '#lab/transfers/procedures.ts'
import { sharingProcedures } from '#lab/workers/procedures.ts'

/** Implements the contract; what would change the lab is refused with `readOnly`, where that is given. */
export function createRouter(parts: Parts, readOnly: LabError | null) {
  const { store, experiments, runs } = parts
  const os = createImplementer({ readOnly, log: parts.log })
  return os.router({
    host: hostProcedures(os, parts),
    datasets: datasetProcedures(os, parts.library),
    experiments: experimentProcedures(os, experiments),
    runs: {
      ...runProcedures(os, runs, parts.stream),
      ...runForecastProcedures(os, store, experiments),
      ...testPartProcedures(os, parts, runs)
    },
    queue: queueProcedures(os, parts.queue),
    sweeps: { ...sweepProcedures(os, parts.sweeps, parts.trainsOn), ...sharingProcedures(os, parts) },
    selection: selectionProcedures(os, parts.selection),
    choice: choiceProcedures(os, parts.choice),
    diagnostics: diagnosticsProcedures(os, parts.diagnostics),
    report: reportProcedures(os, parts),
    understand: understandProcedures(os, parts),
    exports: exportProcedures(os, parts, runs),
    predictions: predictionProcedures(os, parts.predictions),
    models: modelProcedures(os, parts),
    transfers: transferProcedures(os, parts.transfers),
    rangeTests: rangeTestProcedures(os, parts.rangeTests)
  })
}

export type Router = ReturnType<typeof createRouter>
