/**
 * How long a network takes to predict a row: measured in the engine, on a thread of its own, and kept for this machine.
 * The time follows from the topology alone, so any weights do.
 */
import { cpus } from 'node:os'
import { multiplyAdds, storedCount, type Topology } from '#engine/network/topology.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import type { PredictionTimeQueries } from '#lab/store/prediction-times.ts'

export interface PredictionTimes {
  /** Seconds a row of each topology, in their order; measures those that are not known yet, one after another. */
  of(topologies: readonly Topology[]): Promise<number[]>
}

export interface PredictionTimesOptions {
  readonly engine: Pick<EngineHost, 'timePrediction'>
  readonly known: PredictionTimeQueries
  /** False where the store may only be read. */
  readonly keeps: boolean
}

/** Multiply-adds of one measurement, enough to be above the grain of the clock: some milliseconds. */
const measuredWork = 2e7
/** What a row costs beside its multiply-adds, in multiply-adds. */
const rowOverhead = 100
const rowBounds = { least: 256, most: 16_384 }
/** The fastest of these counts: whatever else runs on the machine can only make one slower. */
const repeats = 5

/** Creates the service; what it has measured it remembers, also where it can't be kept. */
export function createPredictionTimes({ engine, known, keeps }: PredictionTimesOptions): PredictionTimes {
  const machine = `${cpus()[0]?.model ?? 'unknown'} ${process.arch}`
  const measured = new Map<string, Promise<number>>()

  async function measure(topology: Topology, key: string): Promise<number> {
    const stored = known.get(machine, key)
    if (stored !== null) return stored
    const wanted = Math.round(measuredWork / (multiplyAdds(topology) + rowOverhead))
    const rows = Math.min(rowBounds.most, Math.max(rowBounds.least, wanted))
    const parameters = new Float32Array(storedCount(topology)).fill(0.01)
    const inputs = new Float32Array(rows * topology.inputs).fill(0.5)
    let fastest = Infinity
    for (let repeat = 0; repeat < repeats; repeat++) {
      fastest = Math.min(fastest, (await engine.timePrediction({ topology, parameters, inputs })) / rows)
    }
    if (keeps) known.set(machine, key, fastest)
    return fastest
  }

  return {
    async of(topologies) {
      const seconds: number[] = []
      for (const topology of topologies) {
        const key = JSON.stringify([topology.inputs, topology.layers.map(shapeOf)])
        const asked = measured.get(key) ?? measure(topology, key)
        measured.set(key, asked)
        // What failed is asked for again.
        asked.catch(() => measured.delete(key))
        seconds.push(await asked)
      }
      return seconds
    }
  }
}

/** What of a layer decides its time: dropout and slope are for training, or make no difference. */
function shapeOf({ units, activation, normalisation }: Topology['layers'][number]) {
  return [units, activation, normalisation ?? null]
}
