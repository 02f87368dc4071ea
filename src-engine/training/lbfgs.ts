/**
 * L-BFGS for full batches: steps along an estimate of the inverse Hessian times the gradient, made of the last steps.
 * One call a pass over the training part; a pass that a line search tries is an epoch like any other. All it keeps is
 * in float32, so that a checkpoint holds it to the bit.
 */
import type { LbfgsOptimizer } from '#engine/training/optimizers.ts'

/** One remembered step: how far the parameters moved, and how the gradient changed. */
interface Curvature {
  readonly moved: Float32Array
  readonly changed: Float32Array
}

/** Where the step that is under way began, and what its line search knows. */
interface Base {
  readonly point: Float32Array
  readonly gradient: Float32Array
  readonly direction: Float32Array
  readonly loss: number
  readonly slope: number
}

/** Passes that a line search may take, as PyTorch's; then it takes the longest step that it knows to help. */
const mostTries = 25
/** Numbers of the state before its vectors. */
const scalars = 8

export class Lbfgs {
  readonly #settings: Pick<LbfgsOptimizer, 'history' | 'lineSearch'>
  #base: Base | null = null
  /** Oldest first. */
  #memory: Curvature[] = []
  #steps = 0
  #length = 0
  #low = 0
  #high = Infinity
  #tries = 0

  constructor(settings: Pick<LbfgsOptimizer, 'history' | 'lineSearch'>) {
    this.#settings = settings
  }

  /**
   * Takes in loss and gradient at a point and returns the point to look at next.
   * Shapes: all of one length; they are kept, so the caller gives its own copies away.
   * Units: the first step goes along the gradient, at most `rate` long in the sum of its elements, as PyTorch's.
   * Errors: none; where nothing leads down any more, the point stays.
   * Source: Nocedal & Wright 2006, algorithms 7.4 and 7.5; the search doubles and halves as Lewis & Overton 2013.
   */
  next(point: Float32Array, loss: number, gradient: Float32Array, rate: number): Float32Array {
    const base = this.#base
    if (base && !this.#isAccepted(base, loss, gradient)) return along(base, this.#length)
    if (base) this.#remember(base, point, gradient)
    const direction = this.#direction(gradient)
    const slope = Math.fround(dot(gradient, direction))
    this.#base = { point, gradient, direction, loss: Math.fround(loss), slope }
    const size = gradient.reduce((sum, g) => sum + Math.abs(g), 0)
    const first = this.#steps === 0 ? Math.min(1, 1 / size) * rate : rate
    this.#length = slope < 0 ? Math.fround(first) : 0
    this.#low = 0
    this.#high = Infinity
    this.#tries = 0
    this.#steps++
    return along(this.#base, this.#length)
  }

  /** All that next() goes on from. */
  get state(): Float32Array {
    const base = this.#base
    if (!base) return new Float32Array(0)
    const count = base.point.length
    const vectors = [base.point, base.gradient, base.direction]
    for (const { moved, changed } of this.#memory) vectors.push(moved, changed)
    const state = new Float32Array(scalars + vectors.length * count)
    const { loss, slope } = base
    state.set([this.#steps, this.#memory.length, loss, slope, this.#length, this.#low, this.#high, this.#tries])
    vectors.forEach((vector, index) => {
      state.set(vector, scalars + index * count)
    })
    return state
  }

  /** Takes over a state for parameters of this number. Errors: throws RangeError where it is of another length. */
  restore(state: Float32Array, count: number): void {
    if (state.length === 0) return
    const [steps = 0, pairs = 0, loss = 0, slope = 0, length = 0, low = 0, high = 0, tries = 0] = state
    if (state.length !== scalars + (3 + 2 * pairs) * count) {
      throw new RangeError('This checkpoint was not made with L-BFGS.')
    }
    const vector = (index: number) => state.slice(scalars + index * count, scalars + (index + 1) * count)
    this.#base = { point: vector(0), gradient: vector(1), direction: vector(2), loss, slope }
    this.#memory = Array.from({ length: pairs }, (_, pair) => ({
      moved: vector(3 + 2 * pair),
      changed: vector(4 + 2 * pair)
    }))
    this.#steps = steps
    this.#length = length
    this.#low = low
    this.#high = high
    this.#tries = tries
  }

  /** Whether the step ends here; if not, `#length` is the next one to try (Wolfe's conditions, 1e-4 and 0.9). */
  #isAccepted(base: Base, loss: number, gradient: Float32Array): boolean {
    if (this.#settings.lineSearch === 'fixed' || this.#tries >= mostTries) return true
    if (!(loss <= base.loss + 1e-4 * this.#length * base.slope)) this.#high = this.#length
    else if (dot(gradient, base.direction) < 0.9 * base.slope) this.#low = this.#length
    else return true
    this.#tries++
    const next = this.#high < Infinity ? (this.#low + this.#high) / 2 : 2 * this.#low
    this.#length = this.#tries === mostTries ? this.#low : Math.fround(next)
    return false
  }

  #remember(base: Base, point: Float32Array, gradient: Float32Array): void {
    const moved = point.map((value, index) => value - (base.point[index] ?? 0))
    const changed = gradient.map((value, index) => value - (base.gradient[index] ?? 0))
    // A step without positive curvature would make the estimate indefinite.
    if (!(dot(moved, changed) > 1e-10)) return
    this.#memory.push({ moved, changed })
    if (this.#memory.length > this.#settings.history) this.#memory.shift()
  }

  /** Minus the estimated inverse Hessian times the gradient: two loops, first scale as equation 7.20. */
  #direction(gradient: Float32Array): Float32Array {
    const q = Float64Array.from(gradient, (g) => -g)
    const shares: number[] = []
    for (const { moved, changed } of this.#memory.toReversed()) {
      const share = dot(moved, q) / dot(changed, moved)
      shares.push(share)
      for (let index = 0; index < q.length; index++) q[index] = (q[index] ?? 0) - share * (changed[index] ?? 0)
    }
    const last = this.#memory.at(-1)
    const scale = last ? dot(last.moved, last.changed) / dot(last.changed, last.changed) : 1
    for (let index = 0; index < q.length; index++) q[index] = (q[index] ?? 0) * scale
    for (const { moved, changed } of this.#memory) {
      const share = (shares.pop() ?? 0) - dot(changed, q) / dot(changed, moved)
      for (let index = 0; index < q.length; index++) q[index] = (q[index] ?? 0) + share * (moved[index] ?? 0)
    }
    return Float32Array.from(q)
  }
}

function along({ point, direction }: Base, length: number): Float32Array {
  return point.map((value, index) => value + length * (direction[index] ?? 0))
}

function dot(a: Float32Array, b: Float32Array | Float64Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0)
  return sum
}
