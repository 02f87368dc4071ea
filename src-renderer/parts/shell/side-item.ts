import type { Component } from 'svelte'
import type { Place, Screen } from '#renderer/pure/places.ts'

/** An entry of the list at the left. */
export interface SideItem {
  readonly label: string
  readonly icon: Component<{ size?: number; 'aria-hidden'?: 'true' }>
  readonly place: Place
  /** The screens that count as being there. */
  readonly holds: readonly Screen[]
}
