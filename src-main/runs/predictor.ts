/**
 * What predicts: the network of a run, or the networks of an ensemble, whose outputs are averaged. An ensemble's weights lie
 * one after the other in the order of its members' numbers, so that it gives the same bits whoever was named first.
 */
import type { OutputLimits } from '#engine/kernels/program.ts'
import { outputLayer, storedCount, type Topology } from '#engine/network/topology.ts'
import type { MatrixFile } from '#engine/process/protocol.ts'
import { outputLimits, type TargetScale } from '#engine/training/evaluation.ts'
import { LabError } from '#contract/errors.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import type { StoredRun } from '#lab/store/runs.ts'

export interface Network {
  readonly topology: Topology
  readonly parameters: Float32Array
}

export interface Predictor {
  /** One, or the members of an ensemble. */
  readonly networks: readonly Network[]
  /** Between which the outputs of each network stay; missing: anywhere. */
  readonly limits?: OutputLimits | undefined
  /** Probabilities become p^(1 / temperature), divided by their sum; 1 leaves them as they are. */
  readonly temperature: number
}

type RunNetworks = Pick<StoredRun, 'topology' | 'ensemble'>

/** Takes the weights of a run apart into its networks. */
export function networksOf({ topology, ensemble }: RunNetworks, parameters: Float32Array): Network[] {
  if (!ensemble) return [{ topology, parameters }]
  let start = 0
  return ensemble.members.map((member) => {
    const end = start + storedCount(member.topology)
    const network = { topology: member.topology, parameters: parameters.subarray(start, end) }
    start = end
    return network
  })
}

/** The predictor of a run with these weights. */
export function predictorOf(run: RunNetworks, parameters: Float32Array, targetScale: TargetScale): Predictor {
  return {
    networks: networksOf(run, parameters),
    limits: outputLimits(targetScale),
    temperature: run.ensemble?.temperature ?? 1
  }
}

/**
 * Computes outputs for prepared rows: probabilities of classes, or the scaled number.
 * Shapes: inputs (rows, inputs) row by row, or a part in its file; returns (rows, outputs).
 */
export async function predictWith(
  engine: Pick<EngineHost, 'predict'>,
  { networks, limits, temperature }: Predictor,
  inputs: Float32Array | MatrixFile
): Promise<Float32Array> {
  const all = await Promise.all(networks.map((network) => engine.predict({ ...network, inputs, limits })))
  const [first = new Float32Array()] = all
  const units = networks[0] ? outputLayer(networks[0].topology).units : 1
  return withTemperature(all.length === 1 ? first : average(all), units, temperature)
}

/** The mean of outputs that lie alike, summed in float64 in their order. */
export function average(all: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const [first = new Float32Array()] = all
  return Float32Array.from(first, (_, place) => {
    let sum = 0
    for (const outputs of all) sum += outputs[place] ?? 0
    return sum / all.length
  })
}

/** Makes p^(1 / temperature) of probabilities, divided by their sum over the classes of a row; in float64. */
export function withTemperature(outputs: Float32Array, units: number, temperature: number): Float32Array {
  if (temperature === 1) return outputs
  const scaled = new Float32Array(outputs.length)
  for (let start = 0; start < outputs.length; start += units) {
    const powers = Array.from(outputs.subarray(start, start + units), (p) => p ** (1 / temperature))
    const sum = powers.reduce((total, power) => total + power, 0)
    powers.forEach((power, unit) => (scaled[start + unit] = power / sum))
  }
  return scaled
}

/**
 * For what looks into one network.
 * Errors: LabError 'conflict' for an ensemble, which has several.
 */
export function expectOneNetwork({ id, ensemble }: Pick<StoredRun, 'id' | 'ensemble'>): void {
  if (!ensemble) return
  const members = ensemble.members.map(({ run }) => run).join(', ')
  throw new LabError(
    'conflict',
    `Run ${id} is an ensemble of several networks: look at one of its members, ${members}.`
  )
}
