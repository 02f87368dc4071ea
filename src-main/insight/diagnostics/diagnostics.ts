/** What a run gets wrong: curves, calibration, residuals and the worst rows of the training or validation part. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ClassificationDiagnostics, ImportanceItem, PartDiagnostics, WorstRows } from '#contract/diagnostics.ts'
import { predictedClass } from '#engine/training/part-details.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'
import { calibrationOf, classCurves } from '#lab/insight/diagnostics/class-curves.ts'
import { type ImportanceOptions, measureImportance } from '#lab/insight/diagnostics/importance.ts'
import { probabilityOf } from '#lab/insight/diagnostics/probability.ts'
import { describeResiduals } from '#lab/insight/diagnostics/residuals.ts'
import type { OpenPart, ReadRunOutputs, RunOutputs } from '#lab/insight/diagnostics/run-outputs.ts'
import { listWorstRows } from '#lab/insight/diagnostics/worst-rows.ts'

export interface Diagnostics {
  ofPart(runId: number, part: OpenPart): Promise<PartDiagnostics>
  worstRows(runId: number, part: OpenPart, limit: number): Promise<WorstRows>
  importance(runId: number): AsyncGenerator<ImportanceItem, void, void>
}

export interface DiagnosticsOptions extends ImportanceOptions {
  readonly outputs: ReadRunOutputs
  readonly duckDb: DuckDb
  /** The stored table of a data set. */
  readonly fileOf: (hash: string) => Promise<string>
}

/** Creates the service. Errors: as the reader of outputs. */
export function createDiagnostics(options: DiagnosticsOptions): Diagnostics {
  const { outputs, duckDb, fileOf } = options
  return {
    async ofPart(runId, part) {
      const answer = await outputs(runId, part)
      const classifies = answer.experiment.settings.task === 'classification'
      return classifies ? describeClasses(answer) : describeResiduals(answer)
    },
    async worstRows(runId, part, limit) {
      const answer = await outputs(runId, part)
      return listWorstRows(duckDb, await fileOf(answer.experiment.datasetHash), answer, limit)
    },
    importance: (runId) => measureImportance(options, runId)
  }
}

/** Each class sorts all rows, so other work comes between. */
async function describeClasses(answer: RunOutputs): Promise<ClassificationDiagnostics> {
  const { outputs, targets, units, epoch, experiment } = answer
  const names = experiment.preparation.classes ?? []
  const classes: ClassificationDiagnostics['classes'] = []
  for (const [index, name] of names.entries()) {
    const scores = Float32Array.from(targets, (_, row) => probabilityOf(outputs, row * units, units, index))
    const members = Uint8Array.from(targets, (target) => Number(target === index))
    const rows = members.reduce((sum, member) => sum + member, 0)
    classes.push({ name, rows, ...classCurves(scores, members) })
    await nextTurn()
  }
  const said = Uint32Array.from(targets, (_, row) => predictedClass(outputs, row * units, units))
  const confidences = Float32Array.from(said, (index, row) => probabilityOf(outputs, row * units, units, index))
  const right = Uint8Array.from(said, (index, row) => Number(index === targets[row]))
  return {
    task: 'classification',
    epoch,
    rows: targets.length,
    classes,
    calibration: calibrationOf(confidences, right)
  }
}
