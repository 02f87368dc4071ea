/**
 * The table of optimizers: of each its numbers with their defaults, which are those that PyTorch documents, and what of them
 * the kernels are told. Its type, the contract's schema, forms and options follow from a row; the arithmetic is a loop of
 * kernels/assembly/optimizer.ts and, obvious, a case of kernels/reference/optimizers.ts.
 * L-BFGS alone works outside the kernels (lbfgs.ts), from gradients of the whole training part.
 */
import type { OptimizerLoop, StepNumbers } from '#engine/kernels/step-numbers.ts'
import type { OwnOf } from '#engine/own-numbers.ts'

/** `fixed` goes the learning rate, PyTorch's default; `wolfe` searches a length that is sure to help. */
export type LineSearch = 'fixed' | 'wolfe'

export interface OptimizerEntry<Own = object> {
  readonly label: string
  readonly formula: string
  readonly defaults: Own
  /** The kernels' loop over weights and gradients. */
  readonly loop: OptimizerLoop
  /** What the loop reads of the optimizer's numbers; the learning rate is set epoch by epoch. */
  readonly numbers: (own: Own) => StepNumbers
  /** Values it keeps a weight, besides the weight. */
  readonly states: 0 | 1 | 2
  readonly help: string
}

/** A row, whose functions know its own numbers. */
const row = <const Defaults extends { readonly name: string; readonly learningRate: number }>(
  entry: OptimizerEntry<NoInfer<OwnOf<Defaults>>> & { readonly defaults: Defaults }
): OptimizerEntry<OwnOf<Defaults>> => entry

export const optimizers = {
  sgd: row({
    label: 'Gradient descent',
    formula: 'w <- w - r g',
    defaults: { name: 'sgd', learningRate: 0.01 },
    loop: 'sgd',
    numbers: () => ({}),
    states: 0,
    help: 'A step against the gradient, as long as the learning rate says.'
  }),
  momentum: row({
    label: 'Momentum',
    formula: 'v <- u v + g; w <- w - r v',
    defaults: { name: 'momentum', learningRate: 0.01, momentum: 0.9 },
    loop: 'momentum',
    numbers: ({ momentum }) => ({ decay1: momentum }),
    states: 1,
    help: 'Keeps part of the last step, which carries it through flat stretches and damps zigzag.'
  }),
  nesterov: row({
    label: 'Nesterov momentum',
    formula: 'v <- u v + g; w <- w - r (g + u v)',
    defaults: { name: 'nesterov', learningRate: 0.01, momentum: 0.9 },
    loop: 'nesterov',
    numbers: ({ momentum }) => ({ decay1: momentum }),
    states: 1,
    help: 'Momentum that looks ahead to where it is going before it corrects itself (Nesterov 1983).'
  }),
  adagrad: row({
    label: 'Adagrad',
    formula: 's <- s + g^2; w <- w - r g / (sqrt(s) + e)',
    defaults: { name: 'adagrad', learningRate: 0.01, epsilon: 1e-10 },
    loop: 'adagrad',
    numbers: ({ epsilon }) => ({ epsilon }),
    states: 1,
    help: 'Slows down every weight by all the gradient it has seen, so rare inputs keep long steps (Duchi et al. 2011).'
  }),
  rmsprop: row({
    label: 'RMSProp',
    formula: 's <- a s + (1 - a) g^2; w <- w - r g / (sqrt(s) + e)',
    defaults: { name: 'rmsprop', learningRate: 0.01, decay: 0.99, epsilon: 1e-8 },
    loop: 'rmsprop',
    numbers: ({ decay, epsilon }) => ({ decay2: decay, epsilon }),
    states: 1,
    help: 'Adagrad that forgets: divides by the recent size of the gradient (Tieleman & Hinton 2012).'
  }),
  adam: row({
    label: 'Adam',
    formula: 'm, v: running means of g and g^2; w <- w - r m^ / (sqrt(v^) + e)',
    defaults: { name: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    loop: 'adam',
    numbers: ({ beta1, beta2, epsilon }) => ({ decay1: beta1, decay2: beta2, epsilon }),
    states: 2,
    help: 'Gives every weight its own step length from running means of its gradient (Kingma & Ba 2015).'
  }),
  adamw: row({
    label: 'AdamW',
    formula: 'w <- w (1 - r d), then as Adam',
    defaults: { name: 'adamw', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
    loop: 'adam',
    numbers: ({ beta1, beta2, epsilon, weightDecay }) => ({ decay1: beta1, decay2: beta2, epsilon, weightDecay }),
    states: 2,
    help: 'Adam with weight decay that its step lengths do not bend; weights only, not biases (Loshchilov & Hutter 2019).'
  }),
  nadam: row({
    label: 'Nadam',
    formula: 'Adam with the mean of the next step in the place of m^',
    defaults: { name: 'nadam', learningRate: 0.002, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentumDecay: 0.004 },
    loop: 'nadam',
    numbers: ({ beta1, beta2, epsilon, momentumDecay }) => ({
      decay1: beta1,
      decay2: beta2,
      epsilon,
      // 0.96 is Dozat's own constant; its power a step is all the kernel needs.
      momentumDecay: 0.96 ** momentumDecay
    }),
    states: 2,
    help: 'Adam with the look ahead of Nesterov momentum (Dozat 2016).'
  }),
  lbfgs: row<{ name: 'lbfgs'; learningRate: number; history: number; lineSearch: LineSearch }>({
    label: 'L-BFGS',
    formula: 'w <- w - r H g, H: inverse Hessian estimated from the last steps',
    defaults: { name: 'lbfgs', learningRate: 1, history: 100, lineSearch: 'fixed' },
    // Its trainer reads the gradients and moves the weights by itself, at rate 0 here.
    loop: 'sgd',
    numbers: () => ({}),
    states: 0,
    help: 'Learns the curvature from its own steps; full batch and small data only (Liu & Nocedal 1989).'
  })
}

type Table = typeof optimizers
export type OptimizerName = keyof Table

/** An optimizer with its numbers, by the rows of the table. */
export type Optimizer = { [Name in OptimizerName]: Table[Name]['defaults'] }[OptimizerName]
export type LbfgsOptimizer = Extract<Optimizer, { name: 'lbfgs' }>

export const optimizerNames = Object.keys(optimizers) as OptimizerName[]

/** What the kernels are told of an optimizer. */
export function stepNumbersOf(optimizer: Optimizer): StepNumbers {
  const { numbers } = optimizers[optimizer.name] as OptimizerEntry<Optimizer>
  return numbers(optimizer)
}
