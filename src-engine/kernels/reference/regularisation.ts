/**
 * Regularisers in float64 that act on weights and gradients: penalties, clipping and max-norm.
 * All leave biases, gains and shifts alone but for clipping. Dropout is the masks of network.ts; decoupled decay is AdamW.
 */
import { norm, sum, type Vector, zipRows } from '#engine/kernels/reference/matrix.ts'
import type { LayerParameters } from '#engine/kernels/reference/network.ts'

/** Strengths; 0 is none. */
export interface Penalties {
  readonly l1: number
  readonly l2: number
}

/**
 * Computes l1 * sum |w| + l2 / 2 * sum w^2 over all weights, biases left out.
 * Units: not divided by the number of rows; l2's gradient is l2 w, what PyTorch calls weight_decay in SGD.
 * Source: Goodfellow, Bengio & Courville 2016, 7.1.1 and 7.1.2.
 */
export function penaltyOf(parameters: readonly LayerParameters[], { l1, l2 }: Penalties): number {
  const weights = parameters.flatMap((layer) => layer.weights.flat())
  return sum(weights.map((w) => l1 * Math.abs(w) + (l2 / 2) * w * w))
}

/** Adds the gradient of the penalties, l1 sign(w) + l2 w, to the gradients of the weights. */
export function addPenalty(
  gradients: readonly LayerParameters[],
  parameters: readonly LayerParameters[],
  { l1, l2 }: Penalties
): LayerParameters[] {
  return gradients.map((layer, index) => {
    const weights = parameters[index]?.weights ?? []
    return { ...layer, weights: zipRows(layer.weights, weights, (g, w) => g + l1 * Math.sign(w) + l2 * w) }
  })
}

/**
 * Shortens a gradient of all parameters to a norm of at most `limit`.
 * Source: Pascanu, Mikolov & Bengio 2013, algorithm 1; the 1e-6 in the divisor is PyTorch's.
 */
export function clipByNorm(gradient: Vector, limit: number): number[] {
  const factor = Math.min(limit / (norm(gradient) + 1e-6), 1)
  return gradient.map((g) => g * factor)
}

/** Cuts every element of a gradient to -limit..limit. */
export function clipByValue(gradient: Vector, limit: number): number[] {
  return gradient.map((g) => Math.min(Math.max(g, -limit), limit))
}

/**
 * Shortens the incoming weights of every unit to a norm of at most `limit`, after a step.
 * Source: Srivastava et al. 2014, section 5.1.
 */
export function limitNorms(parameters: readonly LayerParameters[], limit: number): LayerParameters[] {
  return parameters.map((layer) => ({
    ...layer,
    weights: layer.weights.map((incoming) => {
      const length = norm(incoming)
      return length > limit ? incoming.map((w) => (w * limit) / length) : incoming
    })
  }))
}
