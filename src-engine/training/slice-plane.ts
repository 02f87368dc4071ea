/**
 * A plane through the weights of a network: two directions from a centre. Either drawn at random, or that of the way which
 * training went: through its start, its end, and the place between that lies farthest from the line of both.
 * Source: Li, Xu, Taylor, Studer & Goldstein 2018, "Visualizing the Loss Landscape of Neural Nets", section 4, for random
 * directions with filter normalisation; Goodfellow, Vinyals & Saxe 2015 for the line from the start to the end of training.
 */
import { parameterSpans } from '#engine/network/parameters.ts'
import type { Topology } from '#engine/network/topology.ts'
import { Random } from '#engine/random.ts'

export type SlicePlane =
  | { readonly kind: 'random'; readonly seed: number }
  /** Weights that training went through, its start first; each (P). */
  | { readonly kind: 'way'; readonly way: readonly Float32Array[] }

export interface Spanned {
  /** (P) each: the weights at (a, b) are centre + a first + b second. */
  readonly first: Float32Array
  readonly second: Float32Array
  readonly span: number
  /** Where the way's weights lie on the plane, or their feet where they are off it; empty without a way. */
  readonly way: readonly (readonly [a: number, b: number])[]
}

/** Beyond the farthest place of the way, so that it is seen to lie in the middle of something. */
const margin = 1.2

/**
 * Finds both directions of a plane about a centre, and how far it goes: `least`, or as far as the way does.
 * Errors: throws RangeError where weights of the way are not as many as the centre's, or the way leads nowhere.
 */
export function spanPlane(topology: Topology, centre: Float32Array, plane: SlicePlane, least: number): Spanned {
  if (plane.kind === 'random') {
    const random = new Random(plane.seed)
    const first = randomDirection(topology, centre, random)
    return { first, second: randomDirection(topology, centre, random), span: least, way: [] }
  }
  if (plane.way.some(({ length }) => length !== centre.length)) {
    throw new RangeError(`Weights of the way must be ${centre.length} numbers, one a parameter.`)
  }
  const moves = plane.way.map((weights) => weights.map((value, at) => value - (centre[at] ?? 0)))
  const [first] = moves
  const length = first ? lengthOf(first) : 0
  if (!first || !(length > 0)) throw new RangeError('The weights did not move from their start, so there is no way.')
  const second =
    farthestOff(first, length, moves) ?? withLength(randomDirection(topology, centre, new Random(1)), length)
  const share = (move: Float32Array, direction: Float32Array) => dot(move, direction) / (length * length)
  const way = moves.map((move) => [share(move, first), share(move, second)] as const)
  const reach = way.reduce((most, [a, b]) => Math.max(most, Math.abs(a), Math.abs(b)), 0)
  return { first, second, span: Math.max(least, reach * margin), way }
}

/**
 * Draws a direction and gives each unit's stretch of it the length of that unit's incoming weights, so that a network
 * whose weights are all larger does not look flatter. Biases, gains and running figures are left where they are: 0.
 * Shapes: parameters and result (P).
 */
function randomDirection(topology: Topology, parameters: Float32Array, random: Random): Float32Array {
  const direction = new Float32Array(parameters.length)
  for (const { inputs, units, weights } of parameterSpans(topology)) {
    for (let unit = 0; unit < units; unit++) {
      const [from, to] = [weights + unit * inputs, weights + (unit + 1) * inputs]
      const own = direction.subarray(from, to)
      for (let at = 0; at < inputs; at++) own[at] = random.normal()
      own.set(withLength(own, lengthOf(parameters.subarray(from, to))))
    }
  }
  return direction
}

/** What is left of the move that lies farthest from the line of `first`, at right angles to it and as long; null where all lie on it. */
function farthestOff(first: Float32Array, length: number, moves: readonly Float32Array[]): Float32Array | null {
  let farthest: Float32Array | null = null
  let distance = 1e-4 * length
  for (const move of moves) {
    const share = dot(move, first) / (length * length)
    const off = move.map((value, at) => value - share * (first[at] ?? 0))
    const own = lengthOf(off)
    if (own > distance) [farthest, distance] = [off, own]
  }
  return farthest && withLength(farthest, length)
}

function withLength(direction: Float32Array, length: number): Float32Array {
  const scale = length / (lengthOf(direction) || 1)
  return direction.map((value) => value * scale)
}

function lengthOf(values: Float32Array): number {
  return Math.sqrt(dot(values, values))
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0)
  return sum
}
