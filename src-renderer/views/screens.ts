/**
 * What is shown where: one row a place of pure/places.ts with its component and, for a screen that stands in the list at
 * the left, its entry there.
 */
import Database from '@lucide/svelte/icons/database'
import GraduationCap from '@lucide/svelte/icons/graduation-cap'
import type { Component } from 'svelte'
import type { SideItem } from '#renderer/parts/shell/side-item.ts'
import type { FieldsOf, Place, Screen } from '#renderer/pure/places.ts'
import Data from '#renderer/views/Data/Data.svelte'
import Dataset from '#renderer/views/Dataset/Dataset.svelte'
import ExperimentPlace from '#renderer/views/Experiment/ExperimentPlace.svelte'
import Model from '#renderer/views/Model/Model.svelte'

interface ScreenRow<Name extends Screen> {
  /** Gets the fields of the place. A promise where it is loaded with its first visit: the first picture does not wait for it. */
  readonly view: () => Component<FieldsOf<Name>> | Promise<Component<FieldsOf<Name>>>
  /** Another value makes the component anew. */
  readonly key: (fields: FieldsOf<Name>) => string | number | null
  readonly side?: SideItem
}

const screens: { readonly [Name in Screen]: ScreenRow<Name> } = {
  data: {
    view: () => Data,
    key: () => null,
    side: { label: 'Data', icon: Database, place: { screen: 'data' }, holds: ['data', 'dataset'] }
  },
  dataset: { view: () => Dataset, key: ({ datasetId }) => datasetId },
  experiment: { view: () => ExperimentPlace, key: ({ experimentId }) => experimentId },
  model: { view: () => Model, key: ({ runId }) => runId },
  foundations: {
    view: async () => (await import('#renderer/views/Foundations/Foundations.svelte')).default,
    key: () => null,
    side: {
      label: 'Foundations',
      icon: GraduationCap,
      place: { screen: 'foundations', station: null, state: '' },
      holds: ['foundations']
    }
  }
}

export const sideItems: readonly SideItem[] = Object.values(screens).flatMap(({ side }) => side ?? [])

/** The component of a screen. */
export function viewOf(screen: Screen): Component<Place> | Promise<Component<Place>> {
  // Each row takes the fields of its own screen, which are those of the place that is shown with it.
  return screens[screen].view() as Component<Place> | Promise<Component<Place>>
}

/** What a place shows: with another key its component is made anew. */
export function keyOf(place: Place): string {
  const { key } = screens[place.screen] as { readonly key: (place: Place) => string | number | null }
  return [place.screen, key(place)].join()
}
