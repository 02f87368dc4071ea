/** The dense layer in float64: weighted sums of a batch, and their gradients. */
import { columnSums, type Matrix, multiply, transpose, type Vector, zip } from '#engine/kernels/reference/matrix.ts'

/**
 * Computes the weighted sums of a dense layer for a batch: z = x W' + b.
 * Shapes: x (B,I), weights (O,I), biases (O) give z (B,O).
 */
export function denseForward(x: Matrix, weights: Matrix, biases: Vector): number[][] {
  return multiply(x, transpose(weights)).map((row) => zip(row, biases, (sum, bias) => sum + bias))
}

export interface DenseGradients {
  readonly x: number[][]
  readonly weights: number[][]
  readonly biases: number[]
}

/**
 * Computes the gradients of a dense layer for a batch.
 * Shapes: x (B,I), weights (O,I), dz (B,O) give x (B,I), weights (O,I), biases (O).
 * Units: summed over the batch; a mean is in dz, where the loss put it.
 * Source: Goodfellow, Bengio & Courville 2016, algorithm 6.4.
 */
export function denseBackward(x: Matrix, weights: Matrix, dz: Matrix): DenseGradients {
  return { x: multiply(dz, weights), weights: multiply(transpose(dz), x), biases: columnSums(dz) }
}
