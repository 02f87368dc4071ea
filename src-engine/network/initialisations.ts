/** The table of first weights: what the UI, the CLI and the help say of each. The draws are in initial-parameters.ts. */
export type Initialisation = (
  | { readonly name: 'auto' }
  | {
      readonly name:
        | 'he_uniform'
        | 'he_normal'
        | 'glorot_uniform'
        | 'glorot_normal'
        | 'lecun_uniform'
        | 'lecun_normal'
        | 'orthogonal'
        | 'zeros'
    }
  | { readonly name: 'uniform'; readonly limit: number }
  | { readonly name: 'normal'; readonly deviation: number }
) & {
  /** What every bias starts at; 0 where it is not given. */
  readonly biases?: number | undefined
}

export type InitialisationName = Initialisation['name']

export interface InitialisationEntry {
  readonly label: string
  readonly formula: string
  readonly defaults: Initialisation
  readonly help: string
}

export const initialisations = {
  auto: {
    label: 'By activation',
    formula: 'ReLU kinds: He, but LeCun in the first layer; SELU: LeCun; else Glorot',
    defaults: { name: 'auto' },
    help: "Takes the usual choice of each layer's activation and place."
  },
  he_uniform: {
    label: 'He uniform',
    formula: '-a to a, a = sqrt(6 / inputs)',
    defaults: { name: 'he_uniform' },
    help: 'Keeps the size of signals through ReLU layers (He et al. 2015).'
  },
  he_normal: {
    label: 'He normal',
    formula: 'deviation sqrt(2 / inputs)',
    defaults: { name: 'he_normal' },
    help: 'Keeps the size of signals through ReLU layers (He et al. 2015).'
  },
  glorot_uniform: {
    label: 'Glorot uniform',
    formula: '-a to a, a = sqrt(6 / (inputs + units))',
    defaults: { name: 'glorot_uniform' },
    help: 'Keeps the size of signals both ways through sigmoid and tanh layers (Glorot & Bengio 2010).'
  },
  glorot_normal: {
    label: 'Glorot normal',
    formula: 'deviation sqrt(2 / (inputs + units))',
    defaults: { name: 'glorot_normal' },
    help: 'Keeps the size of signals both ways through sigmoid and tanh layers (Glorot & Bengio 2010).'
  },
  lecun_uniform: {
    label: 'LeCun uniform',
    formula: '-a to a, a = sqrt(3 / inputs)',
    defaults: { name: 'lecun_uniform' },
    help: 'Sums of variance 1 from inputs of variance 1 (LeCun et al. 1998).'
  },
  lecun_normal: {
    label: 'LeCun normal',
    formula: 'deviation sqrt(1 / inputs)',
    defaults: { name: 'lecun_normal' },
    help: 'Sums of variance 1 from inputs of variance 1; what SELU asks for (LeCun et al. 1998).'
  },
  orthogonal: {
    label: 'Orthogonal',
    formula: 'rows or columns at right angles and of length 1',
    defaults: { name: 'orthogonal' },
    help: 'Turns signals without stretching them, which deep networks bear well (Saxe et al. 2014).'
  },
  zeros: {
    label: 'Zeros',
    formula: '0',
    defaults: { name: 'zeros' },
    help: 'All units of a layer stay alike for ever: shows why weights must start different.'
  },
  uniform: {
    label: 'Uniform',
    formula: '-a to a',
    defaults: { name: 'uniform', limit: 0.1 },
    help: 'Any number from -a to a alike.'
  },
  normal: {
    label: 'Normal',
    formula: 'deviation s',
    defaults: { name: 'normal', deviation: 0.1 },
    help: 'Normal numbers around 0.'
  }
} as const satisfies Record<InitialisationName, InitialisationEntry>

export const initialisationNames = Object.keys(initialisations) as InitialisationName[]
