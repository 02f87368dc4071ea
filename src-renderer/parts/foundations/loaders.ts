/** The components of the stations by their names in the address: each is loaded when it is opened. */
import type { Component } from 'svelte'
import type { StationProps, StationSlug } from '#renderer/parts/foundations/stations.ts'

type Loader = () => Promise<{ default: Component<StationProps> }>

export const loaders: Readonly<Record<StationSlug, Loader>> = {
  'mcculloch-pitts': () => import('#renderer/parts/foundations/mcculloch-pitts/McCullochPitts.svelte'),
  perceptron: () => import('#renderer/parts/foundations/perceptron/Perceptron.svelte'),
  adaline: () => import('#renderer/parts/foundations/adaline/Adaline.svelte'),
  activations: () => import('#renderer/parts/foundations/activations/Activations.svelte'),
  descent: () => import('#renderer/parts/foundations/descent/Descent.svelte'),
  saddle: () => import('#renderer/parts/foundations/saddle/Saddle.svelte'),
  sigmoid: () => import('#renderer/parts/foundations/sigmoid/Sigmoid.svelte'),
  graph: () => import('#renderer/parts/foundations/graph/ComputationGraph.svelte'),
  regions: () => import('#renderer/parts/foundations/regions/Regions.svelte'),
  backprop: () => import('#renderer/parts/foundations/backprop/Backprop.svelte'),
  stopping: () => import('#renderer/parts/foundations/stopping/Stopping.svelte'),
  trial: () => import('#renderer/parts/foundations/trial/TrialAndError.svelte'),
  history: () => import('#renderer/parts/foundations/history/History.svelte')
}
