/**
 * Optimizers in float64 over one flat vector, as PyTorch documents them: the truth that kernels/assembly/ is held to.
 * L-BFGS, which asks for the loss itself, is in lbfgs.ts.
 */
import { type Vector, zip } from '#engine/kernels/reference/matrix.ts'

export type ReferenceOptimizer =
  | { readonly name: 'sgd'; readonly learningRate: number }
  | { readonly name: 'momentum' | 'nesterov'; readonly learningRate: number; readonly momentum: number }
  | { readonly name: 'adagrad'; readonly learningRate: number; readonly epsilon: number }
  | { readonly name: 'rmsprop'; readonly learningRate: number; readonly decay: number; readonly epsilon: number }
  | ({ readonly name: 'adam' } & AdamSettings)
  | ({ readonly name: 'adamw'; readonly weightDecay: number } & AdamSettings)
  | ({ readonly name: 'nadam'; readonly momentumDecay: number } & AdamSettings)

interface AdamSettings {
  readonly learningRate: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
}

/** Steps done, and the running values of every parameter, empty before the first step. */
export interface OptimizerState {
  readonly step: number
  /** Running mean (or sum) of gradients. */
  readonly first: Vector
  /** Running mean (or sum) of squared gradients. */
  readonly second: Vector
}

export const newOptimizerState: OptimizerState = { step: 0, first: [], second: [] }

export interface OptimizerStep {
  readonly parameters: number[]
  readonly state: OptimizerState
}

/**
 * Does one step.
 * Shapes: parameters and gradients of one length; returns new ones and the new state.
 * Units: the rate of this step is settings.learningRate; a schedule gives each step its own settings.
 * AdamW decays the parameters that `decays` marks, all where it is left out; weightsOf() marks weights only.
 */
export function optimizerStep(
  settings: ReferenceOptimizer,
  state: OptimizerState,
  parameters: Vector,
  gradients: Vector,
  decays: readonly boolean[] = parameters.map(() => true)
): OptimizerStep {
  const zeros = parameters.map(() => 0)
  const first = state.first.length > 0 ? state.first : zeros
  const second = state.second.length > 0 ? state.second : zeros
  const step = state.step + 1
  const rate = settings.learningRate
  const squares = gradients.map((g) => g * g)
  const moved = (moves: Vector) => zip(parameters, moves, (w, move) => w - rate * move)

  switch (settings.name) {
    // w <- w - r g. Goodfellow, Bengio & Courville 2016, algorithm 8.1.
    case 'sgd':
      return { parameters: moved(gradients), state: { step, first, second } }

    // v <- u v + g; w <- w - r v. Polyak 1964; PyTorch keeps the rate out of v.
    case 'momentum': {
      const velocity = zip(first, gradients, (v, g) => settings.momentum * v + g)
      return { parameters: moved(velocity), state: { step, first: velocity, second } }
    }

    // v <- u v + g; w <- w - r (g + u v). Sutskever et al. 2013, in PyTorch's form.
    case 'nesterov': {
      const velocity = zip(first, gradients, (v, g) => settings.momentum * v + g)
      const ahead = zip(gradients, velocity, (g, v) => g + settings.momentum * v)
      return { parameters: moved(ahead), state: { step, first: velocity, second } }
    }

    // s <- s + g^2; w <- w - r g / (sqrt(s) + e). Duchi, Hazan & Singer 2011.
    case 'adagrad': {
      const sums = zip(second, squares, (s, square) => s + square)
      return {
        parameters: moved(zip(gradients, sums, (g, s) => g / (Math.sqrt(s) + settings.epsilon))),
        state: { step, first, second: sums }
      }
    }

    // s <- d s + (1 - d) g^2; w <- w - r g / (sqrt(s) + e). Tieleman & Hinton 2012, lecture 6.5.
    case 'rmsprop': {
      const means = runningMeans(second, squares, settings.decay)
      return {
        parameters: moved(zip(gradients, means, (g, s) => g / (Math.sqrt(s) + settings.epsilon))),
        state: { step, first, second: means }
      }
    }

    // m, v running means of g, g^2; w <- w - r m^ / (sqrt(v^) + e), m^ = m / (1 - b1^t). Kingma & Ba 2015, algorithm 1.
    case 'adam':
    case 'adamw': {
      const m = runningMeans(first, gradients, settings.beta1)
      const v = runningMeans(second, squares, settings.beta2)
      const moves = zip(m, v, (mean, square) => {
        const corrected = Math.sqrt(square / (1 - settings.beta2 ** step))
        return mean / (1 - settings.beta1 ** step) / (corrected + settings.epsilon)
      })
      // AdamW first takes off r d w, apart from the gradient. Loshchilov & Hutter 2019, algorithm 2.
      const decay = settings.name === 'adamw' ? rate * settings.weightDecay : 0
      const kept = parameters.map((w, index) => (decays[index] ? w * (1 - decay) : w))
      return {
        parameters: zip(kept, moves, (w, move) => w - rate * move),
        state: { step, first: m, second: v }
      }
    }

    // Adam that looks ahead, with a momentum u_t that grows towards b1. Dozat 2016; u_t as PyTorch has it.
    case 'nadam': {
      const momentumAt = (t: number) => settings.beta1 * (1 - 0.5 * 0.96 ** (t * settings.momentumDecay))
      const product = Array.from({ length: step }, (_, index) => momentumAt(index + 1)).reduce((a, b) => a * b, 1)
      const next = momentumAt(step + 1)
      const m = runningMeans(first, gradients, settings.beta1)
      const v = runningMeans(second, squares, settings.beta2)
      const ahead = zip(gradients, m, (g, mean) => {
        return ((1 - momentumAt(step)) / (1 - product)) * g + (next / (1 - product * next)) * mean
      })
      const moves = zip(ahead, v, (direction, square) => {
        return direction / (Math.sqrt(square / (1 - settings.beta2 ** step)) + settings.epsilon)
      })
      return { parameters: moved(moves), state: { step, first: m, second: v } }
    }
  }
}

function runningMeans(means: Vector, values: Vector, decay: number): number[] {
  return zip(means, values, (mean, value) => decay * mean + (1 - decay) * value)
}
