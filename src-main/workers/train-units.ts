/** Trains units on the engine of a worker, as many at once as it has threads, and gathers what the engine says of each. */
import type { MatrixFile } from '#engine/process/protocol.ts'
import { type EpochColumns, joinColumns } from '#engine/training/epoch-columns.ts'
import type { Checkpoint } from '#engine/training/checkpoint.ts'
import type { Snapshot } from '#engine/training/snapshots.ts'
import { LabError } from '#contract/errors.ts'
import { createEngineHost, type RunEvent } from '#lab/engine/host.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import { processorKind } from '#lab/engine/processor.ts'
import type { UnitResult, UnitStand } from '#lab/workers/result.ts'
import { type SharedTable, type Unit, wireVersion } from '#lab/workers/unit.ts'

export interface UnitTrainer {
  /**
   * Trains one unit to its end; `keep` gets the stand of one that takes long, at log-spaced times.
   * Errors: LabError 'engine' where the machine failed it, 'cancelled' where the signal ended it.
   */
  train(
    work: { readonly unit: Unit; readonly name: string; readonly stand: UnitStand | null },
    keep: (stand: UnitStand) => void,
    signal: AbortSignal
  ): Promise<UnitResult>
  /** What trains now, and how far it is. */
  underWay(): { readonly name: string; readonly epochs: number }[]
  close(): Promise<void>
}

interface UnitUnderWay {
  readonly name: string
  readonly frames: EpochColumns[]
  readonly snapshots: Snapshot[]
  readonly startedAt: number
  keptAt: number
  readonly keep: (stand: UnitStand) => void
  readonly resolve: (result: UnitResult) => void
  readonly reject: (error: LabError) => void
}

/** A worker whose machine fails so often in a row trains nothing more: it would burn all that is left. */
export const mostFailures = 3

/** The first stand is kept after this long, the next after twice as long, and so on. */
const firstStandMs = 10_000

/** Creates a trainer; `fileOf` gives the path of a table's file by its hash. */
export function createUnitTrainer(
  services: Pick<HostServices, 'launchEngine' | 'log'>,
  fileOf: (sha256: string) => string
): UnitTrainer {
  const underWay = new Map<number, UnitUnderWay>()
  let lastId = 0
  const processor = processorKind()
  const engine = createEngineHost({
    launch: services.launchEngine,
    log: services.log,
    now: () => performance.now(),
    listener: {
      onRunEvent,
      onRunsLost(ids, message) {
        for (const id of ids) finish(id)?.reject(new LabError('engine', message))
      },
      onStatus({ state, message }) {
        if (state !== 'failed') return
        for (const id of [...underWay.keys()])
          finish(id)?.reject(new LabError('engine', message ?? 'The engine failed.'))
      }
    }
  })

  function finish(id: number): UnitUnderWay | undefined {
    const each = underWay.get(id)
    underWay.delete(id)
    return each
  }

  const soFar = ({ name, frames, snapshots }: UnitUnderWay) => ({
    version: wireVersion as typeof wireVersion,
    unit: name,
    processor,
    frames: frames.length === 0 ? null : { ...joinColumns(frames), firstEpoch: 1 as const },
    snapshots: [...snapshots]
  })

  function onRunEvent(event: RunEvent): void {
    if (event.type === 'frame') {
      for (const { runId, firstEpoch, epochs, values } of event.runs)
        underWay.get(runId)?.frames.push({ firstEpoch, epochs, values })
      return
    }
    const each = underWay.get(event.runId)
    if (!each) return
    if (event.type === 'run.snapshot') each.snapshots.push(event.snapshot)
    if (event.type === 'run.checkpoint') keepStand(each, event.checkpoint)
    if (event.type !== 'run.ended') return
    finish(event.runId)
    const { status, reason, ...outcome } = event.outcome
    if (status === 'stopped' || reason === 'asked') {
      return each.reject(new LabError('cancelled', 'The worker was stopped.'))
    }
    each.resolve({ ...soFar(each), outcome: { ...outcome, status, reason } as UnitResult['outcome'] })
  }

  function keepStand(each: UnitUnderWay, checkpoint: Checkpoint): void {
    const now = performance.now()
    if (now - each.startedAt < Math.max(firstStandMs, 2 * (each.keptAt - each.startedAt))) return
    each.keptAt = now
    // Frames beyond the checkpoint are trained again; where two tell of an epoch, the later one counts.
    each.keep({ ...soFar(each), checkpoint } as UnitStand)
  }

  return {
    async train({ unit, name, stand }, keep, signal) {
      const datasetId = tableId(unit.table)
      const { inputs, task, classes, targetScale, train, validation } = unit.table
      const file = ({ sha256, rows, isWeighted }: SharedTable['train']): MatrixFile => ({
        path: fileOf(sha256),
        rows,
        ...(isWeighted && { isWeighted })
      })
      await engine.loadDataset({
        id: datasetId,
        inputs,
        task,
        classes,
        targetScale,
        train: file(train),
        validation: validation && file(validation)
      })
      const id = ++lastId
      const stop = () => engine.stopRun(id)
      try {
        return await new Promise<UnitResult>((resolve, reject) => {
          const goesOn = stand?.processor === processor ? stand : null
          const frames = goesOn?.frames ? [cutAfter(goesOn.frames, goesOn.checkpoint.epoch)] : []
          const snapshots = goesOn ? goesOn.snapshots.filter(({ epoch }) => epoch <= goesOn.checkpoint.epoch) : []
          const startedAt = performance.now()
          underWay.set(id, { name, frames, snapshots, startedAt, keptAt: startedAt, keep, resolve, reject })
          const { topology, plan, seed, snapshotEpochs } = unit
          const checkpoint = goesOn?.checkpoint ?? null
          engine.startRun({ runId: id, datasetId, topology, plan, seed, checkpoint, snapshotEpochs })
          signal.addEventListener('abort', stop, { once: true })
          if (signal.aborted) stop()
        })
      } finally {
        signal.removeEventListener('abort', stop)
        engine.releaseDataset(datasetId)
      }
    },
    underWay: () =>
      [...underWay.values()].map(({ name, frames }) => {
        const last = frames.at(-1)
        return { name, epochs: last ? last.firstEpoch + last.epochs - 1 : 0 }
      }),
    close: () => engine.close()
  }
}

/** The epochs up to one; what came after it is trained again. */
function cutAfter(frames: EpochColumns, epoch: number): EpochColumns {
  const epochs = Math.min(frames.epochs, epoch)
  const columns = frames.values.length / frames.epochs
  const values = new Float32Array(columns * epochs)
  for (let column = 0; column < columns; column++) {
    const from = column * frames.epochs
    values.set(frames.values.subarray(from, from + epochs), column * epochs)
  }
  return { firstEpoch: 1, epochs, values }
}

function tableId({ train, validation }: SharedTable): string {
  return `${train.sha256}-${validation?.sha256 ?? 'none'}`
}
