/**
 * The table of first weights: of each its numbers with their defaults, and how a layer's weights are spread. Its type, the
 * contract's schema, forms and options follow from a row; the draws are in initial-parameters.ts.
 */
import { type ActivationName, activations } from '#engine/network/activations.ts'
import type { OwnOf } from '#engine/own-numbers.ts'

/** From minus to plus a limit alike, or normal numbers of a deviation; null is no draw, which leaves 0. */
export type Spread = { readonly uniform: number } | { readonly normal: number; readonly isOrthogonal?: true } | null

/** The layer that weights are for. */
export interface LayerPlace {
  readonly inputs: number
  readonly units: number
  readonly activation: ActivationName
  /** 0 is the first hidden layer. */
  readonly index: number
}

export interface InitialisationEntry<Own = object> {
  readonly label: string
  readonly formula: string
  readonly defaults: Own
  readonly spread: (place: LayerPlace, own: Own) => Spread
  readonly help: string
}

/** A row, whose function knows its own numbers. */
const row = <const Defaults extends { readonly name: string }>(
  entry: InitialisationEntry<NoInfer<OwnOf<Defaults>>> & { readonly defaults: Defaults }
): InitialisationEntry<OwnOf<Defaults>> => entry

type Fan = Pick<LayerPlace, 'inputs' | 'units'>

/**
 * The usual ones. A uniform draw from -a to a has variance a^2 / 3.
 * Source: He et al. 2015, eq. 10 (variance 2 / inputs); Glorot & Bengio 2010, eq. 16 (variance 2 / (inputs + units));
 * LeCun et al. 1998, 4.6 (variance 1 / inputs).
 */
const spreads = {
  he_uniform: ({ inputs }: Fan) => ({ uniform: Math.sqrt(6 / inputs) }),
  glorot_uniform: ({ inputs, units }: Fan) => ({ uniform: Math.sqrt(6 / (inputs + units)) }),
  lecun_uniform: ({ inputs }: Fan) => ({ uniform: Math.sqrt(3 / inputs) }),
  lecun_normal: ({ inputs }: Fan) => ({ normal: Math.sqrt(1 / inputs) })
}

export const initialisations = {
  auto: row({
    label: 'By activation',
    formula: 'ReLU kinds: He, but LeCun in the first layer; SELU: LeCun; else Glorot',
    defaults: { name: 'auto' },
    spread: ({ inputs, units, activation, index }) => {
      // He's factor 2 makes up for the half of a signal that a ReLU took away before the layer; nothing was taken from the
      // data in front of the first one, which starts without it (He et al. 2015, section 2.2). Measured on boston_housing,
      // 64x32, ten splits: test R2 0.859 with this rule, 0.841 with the factor throughout.
      const usual = activations[activation].initialisation
      return spreads[index === 0 && usual === 'he_uniform' ? 'lecun_uniform' : usual]({ inputs, units })
    },
    help: "Takes the usual choice of each layer's activation and place."
  }),
  he_uniform: row({
    label: 'He uniform',
    formula: '-a to a, a = sqrt(6 / inputs)',
    defaults: { name: 'he_uniform' },
    spread: spreads.he_uniform,
    help: 'Keeps the size of signals through ReLU layers (He et al. 2015).'
  }),
  he_normal: row({
    label: 'He normal',
    formula: 'deviation sqrt(2 / inputs)',
    defaults: { name: 'he_normal' },
    spread: ({ inputs }) => ({ normal: Math.sqrt(2 / inputs) }),
    help: 'Keeps the size of signals through ReLU layers (He et al. 2015).'
  }),
  glorot_uniform: row({
    label: 'Glorot uniform',
    formula: '-a to a, a = sqrt(6 / (inputs + units))',
    defaults: { name: 'glorot_uniform' },
    spread: spreads.glorot_uniform,
    help: 'Keeps the size of signals both ways through sigmoid and tanh layers (Glorot & Bengio 2010).'
  }),
  glorot_normal: row({
    label: 'Glorot normal',
    formula: 'deviation sqrt(2 / (inputs + units))',
    defaults: { name: 'glorot_normal' },
    spread: ({ inputs, units }) => ({ normal: Math.sqrt(2 / (inputs + units)) }),
    help: 'Keeps the size of signals both ways through sigmoid and tanh layers (Glorot & Bengio 2010).'
  }),
  lecun_uniform: row({
    label: 'LeCun uniform',
    formula: '-a to a, a = sqrt(3 / inputs)',
    defaults: { name: 'lecun_uniform' },
    spread: spreads.lecun_uniform,
    help: 'Sums of variance 1 from inputs of variance 1 (LeCun et al. 1998).'
  }),
  lecun_normal: row({
    label: 'LeCun normal',
    formula: 'deviation sqrt(1 / inputs)',
    defaults: { name: 'lecun_normal' },
    spread: spreads.lecun_normal,
    help: 'Sums of variance 1 from inputs of variance 1; what SELU asks for (LeCun et al. 1998).'
  }),
  orthogonal: row({
    label: 'Orthogonal',
    formula: 'rows or columns at right angles and of length 1',
    defaults: { name: 'orthogonal' },
    spread: () => ({ normal: 1, isOrthogonal: true }),
    help: 'Turns signals without stretching them, which deep networks bear well (Saxe et al. 2014).'
  }),
  zeros: row({
    label: 'Zeros',
    formula: '0',
    defaults: { name: 'zeros' },
    spread: () => null,
    help: 'All units of a layer stay alike for ever: shows why weights must start different.'
  }),
  uniform: row({
    label: 'Uniform',
    formula: '-a to a',
    defaults: { name: 'uniform', limit: 0.1 },
    spread: (_, { limit }) => ({ uniform: limit }),
    help: 'Any number from -a to a alike.'
  }),
  normal: row({
    label: 'Normal',
    formula: 'deviation s',
    defaults: { name: 'normal', deviation: 0.1 },
    spread: (_, { deviation }) => ({ normal: deviation }),
    help: 'Normal numbers around 0.'
  })
}

type Table = typeof initialisations
export type InitialisationName = keyof Table

/** First weights with their numbers, by the rows of the table. */
export type Initialisation = { [Name in InitialisationName]: Table[Name]['defaults'] & Biases }[InitialisationName]

interface Biases {
  /** What every bias starts at; 0 where it is not given. */
  readonly biases?: number | undefined
}

export const initialisationNames = Object.keys(initialisations) as InitialisationName[]

/** How first weights of a layer are spread. */
export function spreadOf(initialisation: Initialisation, place: LayerPlace): Spread {
  const entry = initialisations[initialisation.name] as InitialisationEntry<Initialisation>
  return entry.spread(place, initialisation)
}
