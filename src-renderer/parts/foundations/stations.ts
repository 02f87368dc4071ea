/** The table of stations: what the overview, the command palette and the address know of each. Each is loaded when it is opened. */
import type { Component } from 'svelte'

export interface StationProps {
  /** The state it starts with, as its own codec writes it; empty for its own start. */
  readonly address: string
}

export interface Station {
  /** In the address. */
  readonly slug: string
  readonly title: string
  /** What one can answer after it. */
  readonly question: string
  readonly load: () => Promise<{ default: Component<StationProps> }>
}

export const stations: readonly Station[] = [
  {
    slug: 'perceptron',
    title: 'Perceptron',
    question: 'Can a unit find the line between two classes by itself, and when does it never end?',
    load: () => import('#renderer/parts/foundations/perceptron/Perceptron.svelte')
  },
  {
    slug: 'activations',
    title: 'Activation functions',
    question: 'What does a unit do with its weighted sum, and what is left of the gradient behind it?',
    load: () => import('#renderer/parts/foundations/activations/Activations.svelte')
  }
]

/** Finds a station by its name in the address. */
export const stationOf = (slug: string | null): Station | undefined => stations.find((one) => one.slug === slug)
