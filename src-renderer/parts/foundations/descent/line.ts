/** Fitting a line: the cost of h(x) = w0 + w1 x on some points, its gradient, and descent batch by batch. Pure. */
import { type ReferenceSchedule, scheduledRate } from '#engine/kernels/reference/schedules.ts'
import { batchesPerEpoch } from '#engine/network/topology.ts'
import { Random } from '#engine/random.ts'
import { type Point, rounded } from '#renderer/parts/foundations/address.ts'

export type Weights = readonly [w0: number, w1: number]

/** What the cost needs to know of the points: it is the same for three and for a thousand. */
export interface Sums {
  readonly m: number
  readonly x: number
  readonly xx: number
  readonly y: number
  readonly xy: number
  readonly yy: number
}

export function sumsOf(points: readonly Point[]): Sums {
  const sum = (value: (point: Point) => number) => points.reduce((total, point) => total + value(point), 0)
  return {
    m: points.length,
    x: sum(({ x }) => x),
    xx: sum(({ x }) => x * x),
    y: sum(({ y }) => y),
    xy: sum(({ x, y }) => x * y),
    yy: sum(({ y }) => y * y)
  }
}

/** Computes J(w) = 1/(2m) sum (h(x) - y)^2. */
export function costOf({ m, x, xx, y, xy, yy }: Sums, [w0, w1]: Weights): number {
  if (m === 0) return 0
  return Math.max(0, (m * w0 * w0 + w1 * w1 * xx + yy + 2 * w0 * w1 * x - 2 * w0 * y - 2 * w1 * xy) / (2 * m))
}

/** Computes dJ/dw0 = 1/m sum (h - y) and dJ/dw1 = 1/m sum (h - y) x. Source: Goodfellow et al. 2016, 5.1.4. */
export function gradientOf({ m, x, xx, y, xy }: Sums, [w0, w1]: Weights): Weights {
  if (m === 0) return [0, 0]
  return [(m * w0 + w1 * x - y) / m, (w0 * x + w1 * xx - xy) / m]
}

/** The weights of least cost; null where all points have one x. */
export function leastSquares({ m, x, xx, y, xy }: Sums): Weights | null {
  const determinant = m * xx - x * x
  if (!(Math.abs(determinant) > 1e-9)) return null
  return [(y * xx - x * xy) / determinant, (m * xy - x * y) / determinant]
}

/** The largest curvature of J: from a rate of 2 / it on, full-batch descent diverges. */
export function largestCurvature({ m, x, xx }: Sums): number {
  if (m === 0) return 0
  const [a, b, c] = [1, x / m, xx / m]
  return (a + c) / 2 + Math.hypot((a - c) / 2, b)
}

/**
 * Traces where J is `above` its least value: an ellipse about the weights of least cost, since J is quadratic.
 * Shapes: `corners` places in order round it; null where all points have one x, and the level is no closed curve.
 * Source: J(w) = J(w*) + (w - w*)' H (w - w*) / 2, Goodfellow et al. 2016, 4.3.1.
 */
export function levelCurve(sums: Sums, above: number, corners = 72): Weights[] | null {
  const best = leastSquares(sums)
  if (!best) return null
  const { m, x, xx } = sums
  // H by its Cholesky factor: a circle through the inverse of its transpose is the ellipse.
  const [side, rest] = [x / m, Math.sqrt(Math.max(1e-12, xx / m - (x / m) ** 2))]
  const radius = Math.sqrt(2 * above)
  return Array.from({ length: corners }, (_, corner) => {
    const angle = (2 * Math.PI * corner) / corners
    const w1 = (radius * Math.sin(angle)) / rest
    return [best[0] + radius * Math.cos(angle) - side * w1, best[1] + w1]
  })
}

export interface DescentSettings {
  readonly start: Weights
  readonly rate: number
  readonly schedule: ReferenceSchedule
  /** K; the whole where it is m or more. */
  readonly batch: number
  readonly seed: number
}

/** Descends batch by batch, in an order drawn anew each epoch; the rate is that of the schedule's epoch. */
export class LineDescent {
  weights: Weights
  steps = 0
  epochs = 0
  readonly path: Weights[]
  /** Cost over all points after each step. */
  readonly costs: number[]
  diverged = false
  readonly batches: number
  readonly #points: readonly Point[]
  readonly #settings: DescentSettings
  readonly #random: Random
  readonly #whole: Sums
  #order: Uint32Array
  #place = 0

  constructor(points: readonly Point[], whole: Sums, settings: DescentSettings) {
    this.#points = points
    this.#whole = whole
    this.#settings = settings
    this.#random = new Random(settings.seed)
    this.#order = Uint32Array.from(points, (_, index) => index)
    this.batches = points.length === 0 ? 0 : batchesPerEpoch(points.length, settings.batch)
    this.weights = settings.start
    this.path = [settings.start]
    this.costs = [costOf(whole, settings.start)]
  }

  /** The rate of the epoch that the next step belongs to. */
  get rate(): number {
    return scheduledRate(this.#settings.schedule, this.#settings.rate, this.epochs)
  }

  /** Does one step; false where the weights have grown beyond all bounds. */
  step(): boolean {
    const size = Math.min(this.#settings.batch, this.#points.length)
    if (this.diverged || size === 0) return false
    const isFull = size === this.#points.length
    if (this.#place === 0 && !isFull) this.#random.shuffle(this.#order)
    const gradient = gradientOf(isFull ? this.#whole : sumsOf(this.#next(size)), this.weights)
    const { rate } = this
    this.weights = [this.weights[0] - rate * gradient[0], this.weights[1] - rate * gradient[1]]
    this.#place += size
    this.steps++
    if (this.#place >= this.#points.length) {
      this.#place = 0
      this.epochs++
    }
    this.path.push(this.weights)
    this.costs.push(costOf(this.#whole, this.weights))
    this.diverged = !this.weights.every((w) => Math.abs(w) < 1e6)
    return !this.diverged
  }

  #next(size: number): Point[] {
    return [...this.#order.subarray(this.#place, this.#place + size)].flatMap((index) => this.#points[index] ?? [])
  }
}

/** Draws points about the line y = 0.5 + 0.8 x. Units: x from -2.5 to 2.5, noise of deviation 0.5. */
export function linePoints(count: number, seed: number): Point[] {
  const random = new Random(seed)
  return Array.from({ length: count }, () => {
    const x = rounded(5 * random.uniform() - 2.5)
    return { x, y: rounded(Math.min(2.95, Math.max(-2.95, 0.5 + 0.8 * x + 0.5 * random.normal()))), t: 0 }
  })
}
