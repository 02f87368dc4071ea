/** The report of an experiment, over what its choice was made by. */
import type { ChoiceService } from '#lab/choice/choice.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import type { Implementer } from '#lab/procedures/implementer.ts'
import { gatherReport } from '#lab/report/document.ts'
import { writeReport } from '#lab/report/report.ts'
import type { Selection } from '#lab/selection/selection.ts'
import type { Strays } from '#lab/store/strays.ts'
import type { Store } from '#lab/store/store.ts'

export interface Reported {
  readonly strays: Strays
  readonly store: Store
  readonly experiments: Pick<Experiments, 'find'>
  readonly selection: Pick<Selection, 'complexity'>
  readonly choice: Pick<ChoiceService, 'get'>
  /** Of the lab. */
  readonly version: string
}

export function reportProcedures({ report: os }: Implementer, reported: Reported) {
  const { store, experiments, selection, choice, version } = reported
  return {
    write: os.write.handler(async ({ input: { experimentId, format, path } }) => {
      const experiment = experiments.find(experimentId)
      const folds = await reportedFolds(reported, experimentId)
      const [complexity, chosen] = await Promise.all([
        selection.complexity({ experimentId, axis: 'parameters', measure: 'error', folds }),
        choice.get(experimentId, folds)
      ])
      const document = gatherReport({ store, experiment, complexity, choice: chosen, version, now: Date.now() })
      return writeReport(document, format, path, reported.strays)
    })
  }
}

/** Those of the chosen run; before a choice none, which is the validation part, or the folds where only they are. */
async function reportedFolds({ store, choice }: Reported, experimentId: number): Promise<number | null> {
  const [newest] = store.choices.ofExperiment(experimentId)
  const chosen = store.runs.get(newest?.runId ?? 0)
  if (chosen) return chosen.data.kind === 'fold' ? chosen.data.of : null
  const { candidates, foldCounts } = await choice.get(experimentId, null)
  return candidates.length > 0 ? null : (foldCounts.at(-1) ?? null)
}
