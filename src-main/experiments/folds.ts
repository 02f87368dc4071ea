/**
 * The folds of experiments for cross-validation: dealt of training and validation part, never of the sealed test part,
 * and kept with the preparation that is fitted on each fold's own training rows. An experiment has one cut for each
 * number of folds, so that all topologies are judged on the same ones.
 */
import { LabError } from '#contract/errors.ts'
import { foldProblem, makeFolds, readRowsToDeal, type RowsToDeal } from '#lab/datasets/folds.ts'
import { fitPreparation } from '#lab/datasets/preparation.ts'
import type { DuckDb } from '#lab/datasets/duckdb.ts'
import { rowsToFold } from '#lab/experiments/run-view.ts'
import { Remembered } from '#lab/datasets/remembered.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { StoredFold } from '#lab/store/folds.ts'
import type { Store } from '#lab/store/store.ts'

export interface Folds {
  /** Errors: LabError 'bad_settings' where the rows, or those of a class, are too few for so many folds. */
  check(experiment: StoredExperiment, count: number): Promise<void>
  /** Makes the folds where the experiment does not have them yet. Errors: as check(). */
  ensure(experiment: StoredExperiment, count: number): Promise<void>
}

export interface FoldsOptions {
  readonly store: Pick<Store, 'folds' | 'experiments' | 'transaction'>
  readonly duckDb: DuckDb
  /** The stored table of a data set. */
  readonly fileOf: (hash: string) => Promise<string>
}

/** Experiments whose rows are kept: a person plans for one, and compares with another. */
const mostKept = 2

/** Creates the service. */
export function createFolds({ store, duckDb, fileOf }: FoldsOptions): Folds {
  const known = new Remembered<number, RowsToDeal>(mostKept)

  /** An experiment's rows never change, so they are read once. */
  function rowsOf({ id, datasetHash, settings }: StoredExperiment): Promise<RowsToDeal> {
    const read = async () => readRowsToDeal(duckDb, await fileOf(datasetHash), settings, rowsToFold(store, id))
    return known.read(id, read)
  }

  async function check(experiment: StoredExperiment, count: number): Promise<void> {
    if (store.folds.has(experiment.id, count)) return
    const problem = foldProblem(await rowsOf(experiment), count, experiment.settings.target)
    if (problem !== null) throw new LabError('bad_settings', problem, { field: 'folds' })
  }

  return {
    check,
    async ensure(experiment, count) {
      await check(experiment, count)
      if (store.folds.has(experiment.id, count)) return
      const { id, datasetHash, settings } = experiment
      const dealt = await rowsOf(experiment)
      const made: StoredFold[] = []
      for (const { train, validation } of await makeFolds(dealt, count, settings.split.seed)) {
        const judging = new Set(validation)
        const trainRows = train ?? dealt.rows.filter((row) => !judging.has(row))
        made.push({
          preparation: await fitPreparation(duckDb, await fileOf(datasetHash), settings, trainRows),
          validationRows: validation,
          trainRows: train
        })
      }
      // Asked for twice at once, both come to the same folds.
      store.transaction(() => {
        if (!store.folds.has(id, count)) store.folds.add(id, made)
      })
    }
  }
}
