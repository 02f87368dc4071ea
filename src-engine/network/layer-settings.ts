/** The table of what a hidden layer has beside its units; rows as those of a plan (training/settings.ts). */
import { activations } from '#engine/network/activations.ts'
import type { Layer } from '#engine/network/topology.ts'
import { ranges, type Setting } from '#engine/setting.ts'

const normalisations = { batch: { label: 'Batch' }, layer: { label: 'Layer' } } as const

export const layerSettings = {
  activation: {
    label: 'Activation',
    help: 'What a unit does with its weighted sum.',
    names: activations
  },
  slope: {
    label: 'Slope of leaky ReLU',
    help: 'How steep leaky ReLU is below zero.',
    range: ranges.share,
    missing: 0.01
  },
  dropout: {
    label: 'Dropout',
    help: 'Share of the outputs of a hidden layer that training sets to 0 at random.',
    range: ranges.share,
    missing: 0
  },
  normalisation: {
    label: 'Normalisation',
    help: 'What the sums of a hidden layer are brought to mean 0 and variance 1 over: the batch, or the layer.',
    names: normalisations,
    missing: null
  }
} as const satisfies Readonly<Record<Exclude<keyof Layer, 'units'>, Setting>>

export type LayerSetting = keyof typeof layerSettings

export const layerSettingNames = Object.keys(layerSettings) as LayerSetting[]
