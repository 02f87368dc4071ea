/**
 * The table of optimizers. Defaults are those that PyTorch documents; the arithmetic is in kernels/assembly/optimizer.ts.
 * L-BFGS alone works outside the kernels (training/lbfgs.ts), from gradients of the whole training part.
 */
export interface LbfgsOptimizer {
  readonly name: 'lbfgs'
  /** The length tried first, as a share of the direction. */
  readonly learningRate: number
  /** How many steps are remembered. */
  readonly history: number
  /** `fixed` goes the learning rate, PyTorch's default; `wolfe` searches a length that is sure to help. */
  readonly lineSearch: 'fixed' | 'wolfe'
}

export type Optimizer =
  | LbfgsOptimizer
  | { readonly name: 'sgd'; readonly learningRate: number }
  | { readonly name: 'momentum' | 'nesterov'; readonly learningRate: number; readonly momentum: number }
  | { readonly name: 'adagrad'; readonly learningRate: number; readonly epsilon: number }
  | { readonly name: 'rmsprop'; readonly learningRate: number; readonly decay: number; readonly epsilon: number }
  | {
      readonly name: 'adam'
      readonly learningRate: number
      readonly beta1: number
      readonly beta2: number
      readonly epsilon: number
    }
  | {
      readonly name: 'adamw'
      readonly learningRate: number
      readonly beta1: number
      readonly beta2: number
      readonly epsilon: number
      readonly weightDecay: number
    }
  | {
      readonly name: 'nadam'
      readonly learningRate: number
      readonly beta1: number
      readonly beta2: number
      readonly epsilon: number
      readonly momentumDecay: number
    }

export type OptimizerName = Optimizer['name']

export interface OptimizerEntry {
  readonly label: string
  readonly formula: string
  readonly defaults: Optimizer
  /** Values it keeps a weight, besides the weight. */
  readonly states: 0 | 1 | 2
  readonly help: string
}

export const optimizers = {
  sgd: {
    label: 'Gradient descent',
    formula: 'w <- w - r g',
    defaults: { name: 'sgd', learningRate: 0.01 },
    states: 0,
    help: 'A step against the gradient, as long as the learning rate says.'
  },
  momentum: {
    label: 'Momentum',
    formula: 'v <- u v + g; w <- w - r v',
    defaults: { name: 'momentum', learningRate: 0.01, momentum: 0.9 },
    states: 1,
    help: 'Keeps part of the last step, which carries it through flat stretches and damps zigzag.'
  },
  nesterov: {
    label: 'Nesterov momentum',
    formula: 'v <- u v + g; w <- w - r (g + u v)',
    defaults: { name: 'nesterov', learningRate: 0.01, momentum: 0.9 },
    states: 1,
    help: 'Momentum that looks ahead to where it is going before it corrects itself (Nesterov 1983).'
  },
  adagrad: {
    label: 'Adagrad',
    formula: 's <- s + g^2; w <- w - r g / (sqrt(s) + e)',
    defaults: { name: 'adagrad', learningRate: 0.01, epsilon: 1e-10 },
    states: 1,
    help: 'Slows down every weight by all the gradient it has seen, so rare inputs keep long steps (Duchi et al. 2011).'
  },
  rmsprop: {
    label: 'RMSProp',
    formula: 's <- a s + (1 - a) g^2; w <- w - r g / (sqrt(s) + e)',
    defaults: { name: 'rmsprop', learningRate: 0.01, decay: 0.99, epsilon: 1e-8 },
    states: 1,
    help: 'Adagrad that forgets: divides by the recent size of the gradient (Tieleman & Hinton 2012).'
  },
  adam: {
    label: 'Adam',
    formula: 'm, v: running means of g and g^2; w <- w - r m^ / (sqrt(v^) + e)',
    defaults: { name: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    states: 2,
    help: 'Gives every weight its own step length from running means of its gradient (Kingma & Ba 2015).'
  },
  adamw: {
    label: 'AdamW',
    formula: 'w <- w (1 - r d), then as Adam',
    defaults: { name: 'adamw', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
    states: 2,
    help: 'Adam with weight decay that its step lengths do not bend; weights only, not biases (Loshchilov & Hutter 2019).'
  },
  nadam: {
    label: 'Nadam',
    formula: 'Adam with the mean of the next step in the place of m^',
    defaults: { name: 'nadam', learningRate: 0.002, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentumDecay: 0.004 },
    states: 2,
    help: 'Adam with the look ahead of Nesterov momentum (Dozat 2016).'
  },
  lbfgs: {
    label: 'L-BFGS',
    formula: 'w <- w - r H g, H: inverse Hessian estimated from the last steps',
    defaults: { name: 'lbfgs', learningRate: 1, history: 100, lineSearch: 'fixed' },
    states: 0,
    help: 'Learns the curvature from its own steps; full batch and small data only (Liu & Nocedal 1989).'
  }
} as const satisfies Record<OptimizerName, OptimizerEntry>

export const optimizerNames = Object.keys(optimizers) as OptimizerName[]
