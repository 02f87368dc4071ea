/**
 * L-BFGS in float64, for full batches: a step along an estimate of the inverse Hessian times the gradient, made of the
 * last steps. It asks for the loss itself, and so stands apart from optimizers.ts.
 */
import { dot, type Vector, zip } from '#engine/kernels/reference/matrix.ts'

/** The loss and its gradient at some parameters. */
export interface LossAt {
  readonly loss: number
  readonly gradient: Vector
}

export type Objective = (parameters: Vector) => LossAt

export interface LbfgsSettings {
  /** The length tried first, as a share of the direction. */
  readonly learningRate: number
  /** How many steps are remembered. */
  readonly history: number
  /** `fixed` goes the learning rate, PyTorch's default; `wolfe` searches a length that is sure to help. */
  readonly lineSearch: 'fixed' | 'wolfe'
}

export const lbfgsDefaults: LbfgsSettings = { learningRate: 1, history: 100, lineSearch: 'fixed' }

/** One remembered step: how far the parameters moved, and how the gradient changed. */
interface Curvature {
  readonly moved: Vector
  readonly changed: Vector
}

export interface LbfgsState {
  readonly parameters: Vector
  readonly at: LossAt
  /** Oldest first. */
  readonly memory: readonly Curvature[]
  readonly step: number
}

/** Starts at some parameters. */
export function startLbfgs(objective: Objective, parameters: Vector): LbfgsState {
  return { parameters, at: objective(parameters), memory: [], step: 0 }
}

/**
 * Does one step. The first goes along the gradient, at most 1 long in the sum of its elements, as PyTorch.
 * Errors: none; a state whose direction no longer goes down (at a minimum) is returned as it is.
 * Source: Nocedal & Wright 2006, algorithm 7.5.
 */
export function lbfgsStep(settings: LbfgsSettings, objective: Objective, state: LbfgsState): LbfgsState {
  const { parameters, at, memory } = state
  const direction = lbfgsDirection(at.gradient, memory)
  const slope = dot(at.gradient, direction)
  if (!(slope < 0)) return state

  const size = at.gradient.reduce((total, g) => total + Math.abs(g), 0)
  const first = state.step === 0 ? Math.min(1, 1 / size) * settings.learningRate : settings.learningRate
  const move = (length: number) => zip(parameters, direction, (w, d) => w + length * d)
  const length =
    settings.lineSearch === 'fixed' ? first : wolfeLength(objective, move, direction, at.loss, slope, first)
  const next = move(length)
  const nextAt = objective(next)

  const moved = direction.map((d) => length * d)
  const changed = zip(nextAt.gradient, at.gradient, (now, before) => now - before)
  // a step without positive curvature would make the estimate indefinite
  const isUsable = dot(moved, changed) > 1e-10
  const remembered = isUsable ? [...memory, { moved, changed }].slice(-settings.history) : memory
  return { parameters: next, at: nextAt, memory: remembered, step: state.step + 1 }
}

/**
 * Computes the direction, minus the estimated inverse Hessian times the gradient.
 * Source: Nocedal & Wright 2006, algorithm 7.4 (two loops), with the first scale of equation 7.20.
 */
function lbfgsDirection(gradient: Vector, memory: readonly Curvature[]): number[] {
  let q = gradient.map((g) => -g)
  const shares: number[] = []
  for (const { moved, changed } of memory.toReversed()) {
    const share = dot(moved, q) / dot(changed, moved)
    shares.push(share)
    q = zip(q, changed, (a, b) => a - share * b)
  }
  const last = memory.at(-1)
  const scale = last ? dot(last.moved, last.changed) / dot(last.changed, last.changed) : 1
  let direction = q.map((value) => scale * value)
  for (const { moved, changed } of memory) {
    const share = (shares.pop() ?? 0) - dot(changed, direction) / dot(changed, moved)
    direction = zip(direction, moved, (a, b) => a + share * b)
  }
  return direction
}

/** Lengths tried before the search takes what it has: enough to halve or double through all of float64's useful range. */
const mostTries = 60

/**
 * Finds a length with both Wolfe conditions: enough less loss (1e-4), and a slope that has eased (0.9).
 * Source: Nocedal & Wright 2006, 3.1 for the conditions; doubling and halving as Lewis & Overton 2013.
 */
function wolfeLength(
  objective: Objective,
  move: (length: number) => Vector,
  direction: Vector,
  loss: number,
  slope: number,
  first: number
): number {
  let [low, high, length] = [0, Infinity, first]
  for (let tries = 0; tries < mostTries; tries++) {
    const there = objective(move(length))
    if (!(there.loss <= loss + 1e-4 * length * slope)) high = length
    else if (dot(there.gradient, direction) < 0.9 * slope) low = length
    else return length
    length = high < Infinity ? (low + high) / 2 : 2 * low
  }
  return low
}
