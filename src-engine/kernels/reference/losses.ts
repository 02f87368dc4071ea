/**
 * Losses of a batch and their gradients in float64: the truth that kernels/assembly/ is held to.
 * Cross-entropies start from the weighted sums z, fused with their output activation, which stays exact for large sums;
 * the other losses start from the outputs a. Every loss is a mean over the m rows of a sum over the k outputs.
 */
import { sigmoid, softmax, softplus } from '#engine/kernels/reference/activations.ts'
import { at, type Matrix, sum, type Vector, zip } from '#engine/kernels/reference/matrix.ts'
import type { ActivationName } from '#engine/network/activations.ts'
import { type LossEntry, type LossName, losses } from '#engine/network/losses.ts'

/**
 * A loss and its options.
 * Class weights count the terms of a class that much (classes 0 and 1 for binary_cross_entropy); row weights count a
 * row that much. The sum is divided by the number of rows, not by the sum of the weights: a weight then means the same
 * for every batch size, even 1, and balanced weights have mean 1 over the training part.
 * Label smoothing mixes that share of the even distribution into the targets (Szegedy et al. 2016, section 7).
 */
export type ReferenceLoss = {
  [Name in LossName]: { readonly name: Name; readonly rowWeights?: Vector } & (Name extends keyof OwnOptions
    ? OwnOptions[Name]
    : object)
}[LossName]

interface OwnOptions {
  readonly huber: { readonly delta: number }
  readonly binary_cross_entropy: ClassOptions
  readonly cross_entropy: ClassOptions
}

interface ClassOptions {
  readonly labelSmoothing?: number
  readonly classWeights?: Vector
}

/** The loss of one output, or of one row, with its gradient by what it started from. */
interface Term {
  readonly loss: number
  readonly gradient: number
}

export interface LossResult {
  readonly loss: number
  /** By the weighted sums of the output layer where the loss is fused, else by its outputs. Shape (B,O). */
  readonly gradient: number[][]
}

/**
 * Says whether a loss starts from the weighted sums: its gradient then skips the output activation.
 * Errors: throws RangeError where it does and does not belong to this output activation.
 */
export function startsFromSums(loss: LossName, output: ActivationName): boolean {
  const { startsFromSums: isFused, outputs }: LossEntry = losses[loss]
  if (isFused && !outputs.includes(output)) {
    throw new RangeError(`${loss} starts from the sums of ${outputs.join(' or ')}, not of ${output}.`)
  }
  return isFused
}

/**
 * Computes a loss and its gradient for a batch.
 * Shapes: start and targets (B,O); start is z for the fused losses, else a; classes are one-hot rows of targets
 * (or 0 and 1 on one unit).
 * Source: the formulas stand at the functions below.
 */
export function evaluateLoss(loss: ReferenceLoss, start: Matrix, targets: Matrix): LossResult {
  const rows = start.map((row, index) => {
    const terms = rowTerms(loss, row, targets[index] ?? [])
    const weight = (loss.rowWeights ? at(loss.rowWeights, index) : 1) / start.length
    return { loss: weight * sum(terms.map((term) => term.loss)), gradient: terms.map((term) => weight * term.gradient) }
  })
  return { loss: sum(rows.map((row) => row.loss)), gradient: rows.map((row) => row.gradient) }
}

function rowTerms(loss: ReferenceLoss, start: Vector, targets: Vector): Term[] {
  switch (loss.name) {
    case 'mean_squared_error':
      return zipTerms(start, targets, squaredError)
    case 'mean_absolute_error':
      return zipTerms(start, targets, absoluteError)
    case 'huber':
      return zipTerms(start, targets, (a, t) => huber(a, t, loss.delta))
    case 'binary_cross_entropy': {
      const [weight0, weight1] = [loss.classWeights?.[0] ?? 1, loss.classWeights?.[1] ?? 1]
      const smoothing = loss.labelSmoothing ?? 0
      return zipTerms(start, targets, (z, t) =>
        binaryCrossEntropy(z, t * (1 - smoothing) + smoothing / 2, weight0, weight1)
      )
    }
    case 'cross_entropy': {
      const smoothing = loss.labelSmoothing ?? 0
      const smooth = targets.map((t) => t * (1 - smoothing) + smoothing / targets.length)
      return crossEntropy(start, loss.classWeights ? zip(smooth, loss.classWeights, (t, w) => t * w) : smooth)
    }
  }
}

function zipTerms(a: Vector, b: Vector, term: (a: number, b: number) => Term): Term[] {
  if (a.length !== b.length) throw new RangeError(`${a.length} outputs can't be compared with ${b.length} targets.`)
  return a.map((value, index) => term(value, at(b, index)))
}

/** 1/2 (a - t)^2: with the mean over rows it is the lecture's 1/(2m) sum of squares, and its gradient plain a - t. */
function squaredError(a: number, t: number): Term {
  return { loss: (a - t) ** 2 / 2, gradient: a - t }
}

/** |a - t|, with gradient 0 at the kink. */
function absoluteError(a: number, t: number): Term {
  return { loss: Math.abs(a - t), gradient: Math.sign(a - t) }
}

/** 1/2 e^2 for |e| <= delta, else delta (|e| - delta / 2), where e = a - t. Source: Huber 1964. */
function huber(a: number, t: number, delta: number): Term {
  const error = a - t
  if (Math.abs(error) <= delta) return { loss: error ** 2 / 2, gradient: error }
  return { loss: delta * (Math.abs(error) - delta / 2), gradient: delta * Math.sign(error) }
}

/**
 * -w1 t log h - w0 (1 - t) log(1 - h) with h = sigmoid(z); -log h is softplus(-z), -log(1 - h) is softplus(z).
 * Source: Goodfellow, Bengio & Courville 2016, 6.2.2.2, for w0 = w1 = 1.
 */
function binaryCrossEntropy(z: number, t: number, weight0: number, weight1: number): Term {
  return {
    loss: weight1 * t * softplus(-z) + weight0 * (1 - t) * softplus(z),
    gradient: weight0 * (1 - t) * sigmoid(z) - weight1 * t * sigmoid(-z)
  }
}

/**
 * -sum over k of q_k log p_k with p = softmax(z), where log p_k = z_k - max - log sum exp(z - max).
 * The gradient is p_k sum(q) - q_k, which is p - t for a one-hot q.
 * Source: Goodfellow, Bengio & Courville 2016, 6.2.2.3.
 */
function crossEntropy(z: Vector, q: Vector): Term[] {
  const p = softmax(z)
  const largest = Math.max(...z)
  const logTotal = largest + Math.log(sum(z.map((value) => Math.exp(value - largest))))
  const mass = sum(q)
  return zipTerms(z, q, (value, wanted) => ({ loss: wanted * (logTotal - value), gradient: -wanted })).map(
    (term, index) => ({ loss: term.loss, gradient: at(p, index) * mass + term.gradient })
  )
}

/** Writes class numbers as one-hot rows. Shapes: classes (B) give (B,count). */
export function oneHot(classes: Vector, count: number): number[][] {
  return classes.map((wanted) => Array.from({ length: count }, (_, index) => (index === wanted ? 1 : 0)))
}

/** The balanced weights of classes, rows / (classes * rows of the class): each class then weighs the same in all. */
export function balancedClassWeights(classes: Vector, count: number): number[] {
  return Array.from({ length: count }, (_, wanted) => {
    return classes.length / (count * classes.filter((label) => label === wanted).length)
  })
}
