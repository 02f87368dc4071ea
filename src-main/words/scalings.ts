/** The ways in which numbers are brought to a like size before a network reads them: what each does and when it helps. */
import type { Preparation } from '#contract/experiments.ts'

export interface ScalingWords {
  readonly label: string
  readonly help: string
}

/** By their name, in the order in which they are shown. */
export const scalings: Readonly<Record<Preparation['scaling'], ScalingWords>> = {
  standard: {
    label: 'Standardise: mean 0, deviation 1',
    help: 'Shifts by the mean and divides by the standard deviation of the training part.'
  },
  robust: {
    label: 'Robust: median 0, quartiles 1 apart',
    help:
      'Shifts by the median and divides by the distance of the quartiles, which a few far values do not move; dates and ' +
      'levels in an order are standardised (as RealMLP does, Holzm\u00fcller et al. 2024). It costs nothing.'
  },
  minmax: {
    label: 'Min-max: from 0 to 1',
    help: 'From the least to the largest value of the training part; one far value squeezes all others together.'
  },
  none: { label: 'None', help: 'Numbers as they are in the table.' }
}

/** The names in their order. */
export const scalingNames = Object.keys(scalings) as Preparation['scaling'][]

/** What else can be done with numbers, each a yes or no of the preparation. */
export const preparationSwitches = {
  smoothClip: {
    label: 'Clip far values smoothly',
    help:
      'Makes z / sqrt(1 + (z / 3)^2) of each scaled number z: close to z near 0, never beyond 3, so that one far row ' +
      'can not ruin a prediction (RealMLP, Holzm\u00fcller et al. 2024). It costs nothing.'
  },
  limits: {
    label: 'Limit predictions to the range of training',
    help:
      'A predicted number stays between the least and the largest target of the training part. A network can then say ' +
      'nothing beyond what it saw: leave it off where the future goes further. It costs nothing.'
  }
} as const satisfies Partial<Record<keyof Preparation, ScalingWords>>

/** Names how numbers are scaled, in few words: `robust, clipped smoothly`. */
export function describeScaling({ scaling, smoothClip }: Pick<Preparation, 'scaling' | 'smoothClip'>): string {
  return `${scaling}${smoothClip ? ', clipped smoothly' : ''}`
}
