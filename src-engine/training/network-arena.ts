/**
 * A network in an arena: its program, its map, and its parameters in and out in checkpoint order.
 * Used by the trainer and by evaluation; whoever made it alone writes the arena.
 */
import { type ArenaMap, type LayerBuffers, type LayerMap, mapArena, type TrainingNeeds } from '#engine/kernels/arena.ts'
import type { Kernels } from '#engine/kernels/kernels.ts'
import { pack, padded, unpack } from '#engine/kernels/panels.ts'
import { type OutputLimits, Program, programBytes } from '#engine/kernels/program.ts'
import type { Task } from '#engine/network/losses.ts'
import { expectParameters, parameterSpans } from '#engine/network/parameters.ts'
import { outputLayer, storedCount, type Topology } from '#engine/network/topology.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'

/** A stretch of the shared memory, in bytes; that of an arena starts at a multiple of 64. */
export interface Region {
  readonly offset: number
  readonly bytes: number
}

/** Which values of a weight: itself, its best so far, the optimizer's running values of it, or its kept gradient. */
export type Slot = 'weights' | 'best' | 'state1' | 'state2' | 'gradient'

export interface NetworkArena {
  readonly program: Program
  readonly map: ArenaMap
  /** Reads one value a parameter, in checkpoint order. */
  read(slot: Slot): Float32Array
  /** Writes one value a parameter; refreshTranspose() must follow where weights were written. */
  write(slot: Slot, values: Float32Array): void
}

/** Computes the bytes of the arena of a topology; null for training means measuring and prediction only. */
export function networkArenaBytes(topology: Topology, training: TrainingNeeds | null): number {
  return mapArena(topology, programBytes(topology.layers.length), training).bytes
}

/** Lists the stretches between the buffers of the arena of a topology. */
export function networkArenaGaps(topology: Topology, training: TrainingNeeds): Region[] {
  return mapArena(topology, programBytes(topology.layers.length), training).gaps
}

/** Bytes from the program of one thread of a run to the next; programs are at the start of the arena. */
export function helperStride(topology: Topology): number {
  return mapArena(topology, programBytes(topology.layers.length), null).programStride
}

/**
 * Builds a network in an arena; weights are 0. Of the plan it takes what shapes the loss, in training and measuring alike.
 * With limits, what it measures and predicts stays between them.
 * Errors: throws RangeError where the arena is too small or not aligned.
 */
export function openNetworkArena(
  kernels: Kernels,
  arena: Region,
  topology: Topology,
  plan: Pick<TrainingPlan, 'loss' | 'labelSmoothing' | 'huberDelta'>,
  task: Task,
  training: TrainingNeeds | null,
  limits?: OutputLimits
): NetworkArena {
  const map = mapArena(topology, programBytes(topology.layers.length), training)
  if (map.bytes > arena.bytes) {
    throw new RangeError(`This network needs an arena of ${map.bytes} bytes; it was given ${arena.bytes}.`)
  }
  if (arena.offset % 64 !== 0) throw new RangeError(`An arena starts at a multiple of 64, not at ${arena.offset}.`)
  const classifies = task === 'classification'
  const isOneHot = classifies && outputLayer(topology).units > 1
  const loss = { name: plan.loss, smoothing: plan.labelSmoothing ?? 0, huberDelta: plan.huberDelta ?? 1 }
  const program = new Program(kernels, arena.offset, map, topology, loss, { isOneHot, classifies })
  if (limits) program.limits = limits
  const spans = parameterSpans(topology)
  const placesOf = (slot: Slot, index: number) => {
    const layer = map.layers[index]
    if (!layer) throw new RangeError(`There is no layer ${index}.`)
    const shift = slot === 'best' ? map.best - map.weights : 0
    const isParameter = slot === 'weights' || slot === 'best'
    const kept = map.threads[0]?.layers[index]
    const gain = isParameter ? layer.gain + shift : gainOf(layer, kept, slot)
    const weights = isParameter ? layer.weights + shift : slot === 'gradient' ? (kept?.gradient ?? 0) : layer[slot]
    const half = padded(layer.units)
    return {
      panels: program.floats(weights, layer.weightFloats),
      // gain and shift, running mean and variance: each padded in the arena, side by side outside
      gains: [program.floats(gain, layer.units), program.floats(gain + half * 4, layer.units)],
      running: !isParameter ? null : [0, half * 4].map((at) => program.floats(layer.running + shift + at, layer.units))
    }
  }
  return {
    program,
    map,
    read(slot) {
      const values = new Float32Array(storedCount(topology))
      spans.forEach(({ weights, inputs, units, gain, running }, index) => {
        const places = placesOf(slot, index)
        unpack(places.panels, values, weights, inputs, units)
        if (gain !== null)
          places.gains.forEach((place, half) => {
            values.set(place, gain + half * units)
          })
        if (running !== null)
          places.running?.forEach((place, half) => {
            values.set(place, running + half * units)
          })
      })
      return values
    },
    write(slot, values) {
      expectParameters(topology, values)
      spans.forEach(({ weights, inputs, units, gain, running }, index) => {
        const places = placesOf(slot, index)
        const part = (start: number, half: number) => values.subarray(start + half * units, start + (half + 1) * units)
        pack(values, weights, places.panels, inputs, units)
        if (gain !== null)
          places.gains.forEach((place, half) => {
            place.set(part(gain, half))
          })
        if (running !== null)
          places.running?.forEach((place, half) => {
            place.set(part(running, half))
          })
      })
    }
  }
}

function gainOf(layer: LayerMap, kept: LayerBuffers | undefined, slot: 'state1' | 'state2' | 'gradient'): number {
  if (slot === 'gradient') return kept?.gainGradient ?? 0
  return slot === 'state1' ? layer.gainState1 : layer.gainState2
}
