/** Writes the unfinished runs of a sweep into a folder, and takes in what workers have made of them. */
import { copyFile } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Gathered, Shared } from '#contract/sweeps.ts'
import { LabError } from '#contract/errors.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import type { Store } from '#lab/store/store.ts'
import type { Conductor } from '#lab/sweeps/conductor.ts'
import { noHalvingElsewhere } from '#lab/sweeps/sweeps.ts'
import { type Delivery, deliver } from '#lab/workers/deliver.ts'
import { makeUnitFolder, pathOf, readBounded, readManifest, writeWhole } from '#lab/workers/folder/layout.ts'
import { mostBytes, readResult } from '#lab/workers/result.ts'
import { wireVersion } from '#lab/workers/unit.ts'
import { createUnitsOf } from '#lab/workers/unit-of-run.ts'

export interface FolderSharing {
  /**
   * Writes what is unfinished of a sweep that nobody trains here.
   * Errors: LabError 'not_found', 'conflict' for a sweep that runs, has ended, or decides on its way which runs go on.
   */
  share(sweepId: number, folder: string): Promise<Shared>
  /** Takes in the results that are there and new, as often as one likes. Errors: LabError 'bad_file', 'not_found'. */
  gather(folder: string): Promise<Gathered>
}

export interface FolderSharingOptions extends Delivery {
  readonly store: Store
  readonly prepared: PreparedTables
  readonly conductor: Conductor
  readonly version: string
}

/** Sentences about what was refused: more say nothing more. */
const mostRefusals = 20

const hasEnded = ['done', 'diverged', 'failed']

/** Creates the service. */
export function createFolderSharing({
  store,
  prepared,
  conductor,
  version,
  ...delivery
}: FolderSharingOptions): FolderSharing {
  function find(sweepId: number) {
    const sweep = store.sweeps.get(sweepId)
    const experiment = sweep && store.experiments.get(sweep.experimentId)
    if (!sweep || !experiment) throw new LabError('not_found', `There is no sweep ${sweepId} in this lab.`)
    return { sweep, unitOf: createUnitsOf(prepared, experiment) }
  }

  /** Its runs that have no result. */
  function unfinished(sweepId: number) {
    const ids = store.sweeps.trials(sweepId).flatMap(({ runId, status }) => (hasEnded.includes(status) ? [] : runId))
    return ids.flatMap((id) => store.runs.get(id) ?? [])
  }

  return {
    async share(sweepId, folder) {
      const { sweep, unitOf } = find(sweepId)
      if (sweep.status !== 'paused' && sweep.status !== 'interrupted') {
        throw new LabError(
          'conflict',
          `Sweep ${sweepId} is ${sweep.status}; only a paused one can be given to a folder.`
        )
      }
      if (sweep.settings.strategy.name === 'halving') {
        throw new LabError('conflict', noHalvingElsewhere)
      }
      await makeUnitFolder(folder)
      const copied = new Set<string>()
      const names: string[] = []
      for (const run of unfinished(sweepId)) {
        const { name, unit, files } = await unitOf(run)
        for (const [sha256, path] of files) {
          if (copied.has(sha256)) continue
          await copyFile(path, pathOf.table(folder, sha256))
          copied.add(sha256)
        }
        await writeWhole(pathOf.unit(folder, name), JSON.stringify(unit))
        names.push(name)
      }
      const manifest = { format: 'topology-lab-units', version: wireVersion, lab: version, sweepId, names }
      // Last: a worker that comes too early finds no folder of units yet.
      await writeWhole(pathOf.manifest(folder), JSON.stringify(manifest))
      const message = `Its runs are in ${folder}. Take results in with: lab gather; to train here instead, resume it.`
      store.sweeps.save(sweepId, { ...sweep, status: 'paused', message })
      return { sweepId, folder, units: names.length, tables: copied.size }
    },

    async gather(folder) {
      const { sweepId, names } = await readManifest(folder)
      const { sweep, unitOf } = find(sweepId)
      if (sweep.status === 'running')
        throw new LabError('conflict', `Sweep ${sweepId} trains here now; pause it first.`)
      const known = new Set(names)
      const refused: string[] = []
      const processors = new Set<string>()
      let taken = 0
      for (const run of unfinished(sweepId)) {
        await nextTurn()
        const { name, unit } = await unitOf(run)
        if (!known.has(name)) continue
        try {
          const text = await readBounded(pathOf.result(folder, name), mostBytes(unit))
          if (text === null) continue
          const result = readResult(text, unit, name)
          await deliver({ store, ...delivery }, run, result, unit.table.validation !== null)
          processors.add(result.processor)
          taken++
        } catch (error) {
          if (!(error instanceof LabError) || error.code !== 'bad_file') throw error
          if (refused.length < mostRefusals) refused.push(error.message)
        }
      }
      const waiting = unfinished(sweepId).length
      // Nothing is left: it ends as one does that trained here.
      if (waiting === 0 && sweep.status !== 'done' && sweep.status !== 'stopped') await conductor.begin(sweepId)
      return { sweepId, taken, waiting, refused, processors: [...processors] }
    }
  }
}
