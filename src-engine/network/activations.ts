/**
 * The table of activations: what the UI, the CLI, the exports and the help say of each, and where it may stand.
 * The arithmetic is in kernels/ (fast) and kernels/reference/ (obvious).
 */
import { LEAKY_SLOPE } from '#engine/network/constants.ts'

export const activations = {
  linear: {
    label: 'Linear',
    formula: 'f(z) = z',
    derivative: "f'(z) = 1",
    derivativeFromOutput: true,
    range: '(-inf, inf)',
    zeroCentred: true,
    saturates: false,
    kinks: [],
    hidden: true,
    output: true,
    initialisation: 'glorot_uniform',
    help: 'Passes the weighted sum on; layers of it alone make one linear model.'
  },
  threshold: {
    label: 'Threshold',
    formula: 'f(z) = 1 for z >= 0, else 0',
    derivative: "f'(z) = 0, not defined at 0",
    derivativeFromOutput: true,
    range: '{0, 1}',
    zeroCentred: false,
    saturates: true,
    kinks: [0],
    hidden: true,
    output: false,
    learns: false,
    initialisation: 'glorot_uniform',
    help: 'The step of the first artificial neurons; its derivative is 0, so gradient descent gets no signal through it.'
  },
  sign: {
    label: 'Sign',
    formula: 'f(z) = -1 for z < 0, 0 at 0, else 1',
    derivative: "f'(z) = 0, not defined at 0",
    derivativeFromOutput: true,
    range: '{-1, 0, 1}',
    zeroCentred: true,
    saturates: true,
    kinks: [0],
    hidden: true,
    output: false,
    learns: false,
    initialisation: 'glorot_uniform',
    help: 'A step from -1 to 1; its derivative is 0, so gradient descent gets no signal through it.'
  },
  sigmoid: {
    label: 'Sigmoid',
    formula: 'f(z) = 1 / (1 + exp(-z))',
    derivative: "f'(z) = f(z) (1 - f(z))",
    derivativeFromOutput: true,
    range: '(0, 1)',
    zeroCentred: false,
    saturates: true,
    kinks: [],
    hidden: true,
    output: true,
    initialisation: 'glorot_uniform',
    help: 'Squashes to a probability; its gradient is at most 1/4 and vanishes at both ends.'
  },
  hard_sigmoid: {
    label: 'Hard sigmoid',
    formula: 'f(z) = min(1, max(0, z / 6 + 1/2))',
    derivative: "f'(z) = 1/6 for -3 < z < 3, else 0",
    derivativeFromOutput: true,
    range: '[0, 1]',
    zeroCentred: false,
    saturates: true,
    kinks: [-3, 3],
    hidden: true,
    output: false,
    initialisation: 'glorot_uniform',
    help: 'A sigmoid drawn with a ruler: cheaper, and with no gradient at all at both ends.'
  },
  tanh: {
    label: 'Tanh',
    formula: 'f(z) = tanh(z)',
    derivative: "f'(z) = 1 - f(z)^2",
    derivativeFromOutput: true,
    range: '(-1, 1)',
    zeroCentred: true,
    saturates: true,
    kinks: [],
    hidden: true,
    output: false,
    initialisation: 'glorot_uniform',
    help: 'A sigmoid centred on zero; still saturates at both ends.'
  },
  relu: {
    label: 'ReLU',
    formula: 'f(z) = max(0, z)',
    derivative: "f'(z) = 1 for z > 0, else 0",
    derivativeFromOutput: true,
    range: '[0, inf)',
    zeroCentred: false,
    saturates: false,
    kinks: [0],
    hidden: true,
    output: true,
    initialisation: 'he_uniform',
    help: 'Cheap and does not saturate for positive sums; a unit whose sums are all negative is dead.'
  },
  leaky_relu: {
    label: 'Leaky ReLU',
    formula: `f(z) = z for z > 0, else s z, with s = ${LEAKY_SLOPE} unless given`,
    derivative: "f'(z) = 1 for z > 0, else s",
    derivativeFromOutput: true,
    range: '(-inf, inf)',
    zeroCentred: false,
    saturates: false,
    kinks: [0],
    hidden: true,
    output: false,
    initialisation: 'he_uniform',
    help: 'A ReLU that lets a little through below zero, so that no unit dies.'
  },
  elu: {
    label: 'ELU',
    formula: 'f(z) = z for z > 0, else exp(z) - 1',
    derivative: "f'(z) = 1 for z > 0, else f(z) + 1",
    derivativeFromOutput: true,
    range: '(-1, inf)',
    zeroCentred: false,
    saturates: false,
    kinks: [],
    hidden: true,
    output: false,
    initialisation: 'he_uniform',
    help: 'A ReLU with a smooth floor at -1, which keeps the mean of the outputs near zero.'
  },
  selu: {
    label: 'SELU',
    formula: 'f(z) = 1.0507 z for z > 0, else 1.0507 * 1.6733 (exp(z) - 1)',
    derivative: "f'(z) = 1.0507 for z > 0, else f(z) + 1.7581",
    derivativeFromOutput: true,
    range: '(-1.7581, inf)',
    zeroCentred: false,
    saturates: false,
    kinks: [0],
    hidden: true,
    output: false,
    initialisation: 'lecun_normal',
    help: 'An ELU scaled so that layer after layer keeps mean 0 and variance 1 by itself.'
  },
  gelu: {
    label: 'GELU',
    formula: 'f(z) = z Phi(z), Phi the normal distribution function',
    derivative: "f'(z) = Phi(z) + z phi(z)",
    derivativeFromOutput: false,
    range: '[-0.17, inf)',
    zeroCentred: false,
    saturates: false,
    kinks: [],
    hidden: true,
    output: false,
    initialisation: 'he_uniform',
    help: 'A smooth ReLU that weighs its input by how large it is among normal ones.'
  },
  silu: {
    label: 'SiLU (swish)',
    formula: 'f(z) = z / (1 + exp(-z))',
    derivative: "f'(z) = s(z) + f(z) (1 - s(z)), s the sigmoid",
    derivativeFromOutput: false,
    range: '[-0.28, inf)',
    zeroCentred: false,
    saturates: false,
    kinks: [],
    hidden: true,
    output: false,
    initialisation: 'he_uniform',
    help: 'A smooth ReLU: the input times its own sigmoid.'
  },
  softplus: {
    label: 'Softplus',
    formula: 'f(z) = log(1 + exp(z))',
    derivative: "f'(z) = 1 / (1 + exp(-z))",
    derivativeFromOutput: false,
    range: '(0, inf)',
    zeroCentred: false,
    saturates: false,
    kinks: [],
    hidden: true,
    output: true,
    initialisation: 'he_uniform',
    help: 'A ReLU with its corner rounded off; as an output it gives a number that is always positive.'
  },
  softmax: {
    label: 'Softmax',
    formula: 'f(z)_i = exp(z_i) / sum_j exp(z_j)',
    derivative: 'df_i/dz_j = f_i (1[i = j] - f_j)',
    derivativeFromOutput: true,
    range: '(0, 1), summing to 1',
    zeroCentred: false,
    saturates: true,
    kinks: [],
    hidden: false,
    output: true,
    initialisation: 'glorot_uniform',
    help: 'Turns the outputs into probabilities of classes that exclude each other.'
  }
} as const satisfies Record<string, ActivationEntry>

/** One row of the table. `initialisation` is the usual choice for weights that feed this activation. */
export interface ActivationEntry {
  readonly label: string
  readonly formula: string
  readonly derivative: string
  /** Whether the outputs tell the derivative exactly; else the forward pass of training keeps it. */
  readonly derivativeFromOutput: boolean
  readonly range: string
  readonly zeroCentred: boolean
  readonly saturates: boolean
  /** Where it has no derivative; everywhere else it has one. */
  readonly kinks: readonly number[]
  readonly hidden: boolean
  readonly output: boolean
  /** False where the derivative is 0 almost everywhere, so that gradient descent can't train through it. */
  readonly learns?: false
  readonly initialisation: 'he_uniform' | 'glorot_uniform' | 'lecun_normal'
  readonly help: string
}

export type ActivationName = keyof typeof activations

export const activationNames = Object.keys(activations) as ActivationName[]
export const hiddenActivationNames = activationNames.filter((name) => activations[name].hidden)
export const outputActivationNames = activationNames.filter((name) => activations[name].output)

/** Says where an activation has a derivative, in words. */
export function differentiableWhere(name: ActivationName): string {
  const { kinks }: ActivationEntry = activations[name]
  return kinks.length === 0 ? 'everywhere' : `everywhere but at ${kinks.join(' and ')}`
}
