/**
 * Packs lists of runs for the way between lab and client, and unpacks them: each topology and plan travels once a list,
 * and all runs of it have the same object again. Pure.
 */
import type { ContractClient } from '#contract/contract.ts'
import type { Run, RunPiece } from '#contract/runs.ts'

/** Creates the function that packs the pieces of one list, in their order; objects are told apart by identity. */
export function createRunPacker(): (runs: readonly Run[]) => RunPiece {
  const placeOfTopology = createPlaces<Run['topology']>()
  const placeOfPlan = createPlaces<Run['plan']>()
  return (runs) => {
    const piece: RunPiece = { topologies: [], plans: [], runs: [] }
    for (const run of runs) {
      const topology = placeOfTopology(run.topology, piece.topologies)
      const plan = placeOfPlan(run.plan, piece.plans)
      piece.runs.push({ ...run, topology, plan })
    }
    return piece
  }
}

/** Creates the function that unpacks the pieces of one list, in their order. */
export function createRunUnpacker(): (piece: RunPiece) => Run[] {
  const topologies: Run['topology'][] = []
  const plans: Run['plan'][] = []
  return (piece) => {
    topologies.push(...piece.topologies)
    plans.push(...piece.plans)
    return piece.runs.map((run) => ({
      ...run,
      topology: at(topologies, run.topology),
      plan: at(plans, run.plan)
    }))
  }
}

/** The runs of a list as they arrive, newest first. */
export async function* unpackRuns(pieces: AsyncIterable<RunPiece>): AsyncGenerator<Run[], void, void> {
  const unpack = createRunUnpacker()
  for await (const piece of pieces) yield unpack(piece)
}

/** The whole list, newest first. */
export async function listRuns(
  { runs }: { readonly runs: Pick<ContractClient['runs'], 'list'> },
  wanted: Parameters<ContractClient['runs']['list']>[0]
): Promise<Run[]> {
  const all: Run[] = []
  for await (const piece of unpackRuns(await runs.list(wanted))) all.push(...piece)
  return all
}

/** Creates a function that gives each value its place among all it was given; new ones go to the end of `added`. */
function createPlaces<Value>(): (value: Value, added: Value[]) => number {
  const places = new Map<Value, number>()
  return (value, added) => {
    let place = places.get(value)
    if (place === undefined) {
      place = places.size
      places.set(value, place)
      added.push(value)
    }
    return place
  }
}

function at<Value>(values: readonly Value[], place: number): Value {
  const value = values[place]
  if (value === undefined) throw new RangeError(`The list names number ${place} of ${values.length}.`)
  return value
}
