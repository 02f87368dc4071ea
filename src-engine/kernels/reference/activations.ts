/**
 * Activations and their derivatives in float64: the truth that kernels/assembly/ is held to.
 * One entry an activation; softmax stands apart because each of its outputs depends on all sums of a row.
 */
import { erf } from '#engine/kernels/reference/error-function.ts'
import { dot, type Matrix, sum, type Vector, zip, zipRows } from '#engine/kernels/reference/matrix.ts'
import type { ActivationName } from '#engine/network/activations.ts'
import { LEAKY_SLOPE, SELU_ALPHA, SELU_SCALE } from '#engine/network/constants.ts'

/** An activation of one weighted sum z. Where it has a kink, `derivative` is that of the side named in its comment. */
export interface ScalarActivation {
  readonly value: (z: number) => number
  readonly derivative: (z: number) => number
}

/** Source: Hendrycks & Gimpel 2016: GELU(z) = z P(Z <= z) for a standard normal Z. */
const normalShare = (z: number) => 0.5 * (1 + erf(z / Math.SQRT2))
const normalDensity = (z: number) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)

/** Computes 1 / (1 + exp(-z)) without overflow for large negative z. */
export function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z))
}

/** Computes log(1 + exp(z)) without overflow for large z. Source: Dugas et al. 2001. */
export function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))
}

/** Activations of one sum; those of a whole row stand apart. */
export type ScalarActivationName = Exclude<ActivationName, 'softmax'>

export const scalarActivations = {
  linear: { value: (z) => z, derivative: () => 1 },
  /** Fires from 0 on. Its derivative is 0 where it has one, so gradient descent can't train through it. */
  threshold: { value: (z) => (z >= 0 ? 1 : 0), derivative: () => 0 },
  /** -1, 0 or 1; derivative as threshold. */
  sign: { value: (z) => Math.sign(z), derivative: () => 0 },
  sigmoid: { value: sigmoid, derivative: (z) => sigmoid(z) * sigmoid(-z) },
  /** The straight line through the sigmoid as PyTorch defines it: z / 6 + 1/2 between -3 and 3; flat at both kinks. */
  hard_sigmoid: {
    value: (z) => Math.min(Math.max(z / 6 + 0.5, 0), 1),
    derivative: (z) => (z > -3 && z < 3 ? 1 / 6 : 0)
  },
  tanh: { value: (z) => Math.tanh(z), derivative: (z) => 1 - Math.tanh(z) ** 2 },
  /** Derivative 0 at the kink. Source: Glorot, Bordes & Bengio 2011. */
  relu: { value: (z) => Math.max(z, 0), derivative: (z) => (z > 0 ? 1 : 0) },
  /** Derivative of the left side at the kink. Source: Maas, Hannun & Ng 2013. */
  leaky_relu: { value: (z) => (z > 0 ? z : LEAKY_SLOPE * z), derivative: (z) => (z > 0 ? 1 : LEAKY_SLOPE) },
  /** Source: Clevert, Unterthiner & Hochreiter 2016, with alpha = 1. */
  elu: { value: (z) => (z > 0 ? z : Math.expm1(z)), derivative: (z) => (z > 0 ? 1 : Math.exp(z)) },
  /** Derivative of the left side at the kink. Source: Klambauer et al. 2017, equation 2. */
  selu: {
    value: (z) => SELU_SCALE * (z > 0 ? z : SELU_ALPHA * Math.expm1(z)),
    derivative: (z) => SELU_SCALE * (z > 0 ? 1 : SELU_ALPHA * Math.exp(z))
  },
  gelu: { value: (z) => z * normalShare(z), derivative: (z) => normalShare(z) + z * normalDensity(z) },
  /** Source: Elfwing, Uchibe & Doya 2018; known as swish since Ramachandran, Zoph & Le 2017. */
  silu: {
    value: (z) => z * sigmoid(z),
    derivative: (z) => sigmoid(z) * (1 + z * sigmoid(-z))
  },
  softplus: { value: softplus, derivative: sigmoid }
} as const satisfies Record<ScalarActivationName, ScalarActivation>

/**
 * Computes softmax of one row.
 * Source: Goodfellow, Bengio & Courville 2016, 6.2.2.3; the largest sum is taken off first, which changes nothing but
 * keeps exp() in range.
 */
export function softmax(z: Vector): number[] {
  const largest = Math.max(...z)
  const exps = z.map((value) => Math.exp(value - largest))
  const total = sum(exps)
  return exps.map((value) => value / total)
}

/** Applies an activation to a batch of weighted sums. Shapes: z (B,O) gives a (B,O). */
export function activate(name: ActivationName, z: Matrix): number[][] {
  if (name === 'softmax') return z.map(softmax)
  const { value } = scalarActivations[name]
  return z.map((row) => row.map((sum) => value(sum)))
}

/**
 * Carries gradients from an activation's outputs back to its weighted sums.
 * Shapes: z and da (B,O) give dz (B,O).
 * Units: for softmax dz_i = sum over j of da_j p_j (1[i = j] - p_i).
 */
export function activationBackward(name: ActivationName, z: Matrix, da: Matrix): number[][] {
  if (name === 'softmax') {
    return z.map((row, index) => {
      const p = softmax(row)
      const upstream = da[index] ?? []
      const shared = dot(upstream, p)
      return zip(p, upstream, (share, gradient) => share * (gradient - shared))
    })
  }
  const { derivative } = scalarActivations[name]
  return zipRows(z, da, (sum, gradient) => gradient * derivative(sum))
}
