/**
 * The table of activations: what the UI, the CLI, the exports and the help say of each, and where it may stand.
 * The arithmetic is in kernels/ (fast) and kernels/reference/ (obvious).
 */
export const activations = {
  linear: {
    label: 'Linear',
    formula: 'f(z) = z',
    derivative: "f'(z) = 1",
    range: '(-inf, inf)',
    zeroCentred: true,
    saturates: false,
    hidden: true,
    output: true,
    initialisation: 'glorot_uniform',
    help: 'Passes the weighted sum on; layers of it alone make one linear model.'
  },
  sigmoid: {
    label: 'Sigmoid',
    formula: 'f(z) = 1 / (1 + exp(-z))',
    derivative: "f'(z) = f(z) (1 - f(z))",
    range: '(0, 1)',
    zeroCentred: false,
    saturates: true,
    hidden: true,
    output: true,
    initialisation: 'glorot_uniform',
    help: 'Squashes to a probability; its gradient is at most 1/4 and vanishes at both ends.'
  },
  tanh: {
    label: 'Tanh',
    formula: 'f(z) = tanh(z)',
    derivative: "f'(z) = 1 - f(z)^2",
    range: '(-1, 1)',
    zeroCentred: true,
    saturates: true,
    hidden: true,
    output: false,
    initialisation: 'glorot_uniform',
    help: 'A sigmoid centred on zero; still saturates at both ends.'
  },
  relu: {
    label: 'ReLU',
    formula: 'f(z) = max(0, z)',
    derivative: "f'(z) = 1 for z > 0, else 0",
    range: '[0, inf)',
    zeroCentred: false,
    saturates: false,
    hidden: true,
    output: true,
    initialisation: 'he_uniform',
    help: 'Cheap and does not saturate for positive sums; a unit whose sums are all negative is dead.'
  },
  leaky_relu: {
    label: 'Leaky ReLU',
    formula: 'f(z) = z for z > 0, else 0.01 z',
    derivative: "f'(z) = 1 for z > 0, else 0.01",
    range: '(-inf, inf)',
    zeroCentred: false,
    saturates: false,
    hidden: true,
    output: false,
    initialisation: 'he_uniform',
    help: 'A ReLU that lets a little through below zero, so that no unit dies.'
  },
  softmax: {
    label: 'Softmax',
    formula: 'f(z)_i = exp(z_i) / sum_j exp(z_j)',
    derivative: 'df_i/dz_j = f_i (1[i = j] - f_j)',
    range: '(0, 1), summing to 1',
    zeroCentred: false,
    saturates: true,
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
  readonly range: string
  readonly zeroCentred: boolean
  readonly saturates: boolean
  readonly hidden: boolean
  readonly output: boolean
  readonly initialisation: 'he_uniform' | 'glorot_uniform'
  readonly help: string
}

export type ActivationName = keyof typeof activations

export const activationNames = Object.keys(activations) as ActivationName[]
export const hiddenActivationNames = activationNames.filter((name) => activations[name].hidden)
export const outputActivationNames = activationNames.filter((name) => activations[name].output)
