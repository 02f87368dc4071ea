/** The components of the stations by their names in the address: each is loaded when it is opened. */
import type { Component } from 'svelte'
import type { StationProps, StationSlug } from '#renderer/parts/foundations/stations.ts'

type Loader = () => Promise<{ default: Component<StationProps> }>

export const loaders: Readonly<Record<StationSlug, Loader>> = {
  perceptron: () => import('#renderer/parts/foundations/perceptron/Perceptron.svelte'),
  activations: () => import('#renderer/parts/foundations/activations/Activations.svelte')
}
