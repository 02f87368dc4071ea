/** Networks that leave, come in, and predict. */
import type { LabEvent } from '#contract/host.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import type { DatasetLibrary } from '#lab/library/library.ts'
import { makeEnsemble } from '#lab/models/ensembles.ts'
import { type ExportOptions, writeExport } from '#lab/models/exports.ts'
import { takeOver, type TakeOverOptions } from '#lab/models/onnx-import/take-over.ts'
import type { Predictions } from '#lab/models/predictions/predictions.ts'
import type { Implementer } from '#lab/procedures/implementer.ts'
import type { Runs } from '#lab/runs/runs.ts'

export function exportProcedures({ exports: os }: Implementer, options: ExportOptions, runs: Pick<Runs, 'get'>) {
  return {
    write: os.write.handler(({ input }) => writeExport(options, input)),
    list: os.list.handler(({ input: { runId } }) => {
      runs.get(runId)
      return options.store.exports.ofRun(runId)
    })
  }
}

export interface ModelImport extends TakeOverOptions {
  readonly experiments: Pick<Experiments, 'find'>
  readonly library: Pick<DatasetLibrary, 'find' | 'release'>
  readonly runs: Pick<Runs, 'get'>
  readonly events: { publish(event: LabEvent): void }
}

export function modelProcedures({ models: os }: Implementer, options: ModelImport) {
  const { experiments, library, runs, events } = options
  return {
    ensemble: os.ensemble.handler(async ({ input }) => {
      const run = runs.get(await makeEnsemble(options, input))
      events.publish({ type: 'run', run })
      events.publish({ type: 'experiments' })
      return run
    }),
    import: os.import.handler(async ({ input: { experimentId, file, companions, output = null, inputs } }) => {
      const experiment = experiments.find(experimentId)
      try {
        const beside = companions.map((companion) => library.find(companion))
        const request = { experiment, file: library.find(file), companions: beside, output, inputs }
        const run = runs.get(await takeOver(options, request))
        events.publish({ type: 'run', run })
        events.publish({ type: 'experiments' })
        return run
      } finally {
        library.release([file, ...companions])
      }
    })
  }
}

export function predictionProcedures({ predictions: os }: Implementer, predictions: Predictions) {
  return {
    form: os.form.handler(({ input }) => predictions.form(input.runId)),
    rows: os.rows.handler(({ input }) => predictions.rows(input.runId, input.weights, input.rows)),
    example: os.example.handler(({ input }) => predictions.example(input.runId, input.part, input.position)),
    check: os.check.handler(({ input }) => ({ jobId: predictions.check(input) })),
    write: os.write.handler(({ input }) => ({ jobId: predictions.write(input) })),
    progress: os.progress.handler(({ input, signal }) => predictions.follow(input.jobId, signal)),
    cancel: os.cancel.handler(({ input }) => predictions.cancel(input.jobId)),
    release: os.release.handler(({ input }) => predictions.release(input.tableId))
  }
}
