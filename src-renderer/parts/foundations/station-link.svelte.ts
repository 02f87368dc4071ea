/** What ties a station to the page: it writes its state into the address, and keeps what was achieved. */
import { createContext } from 'svelte'
import type { Station } from '#renderer/parts/foundations/stations.ts'

export interface StationLink {
  readonly station: Station
  /** Puts the station's state into the address. */
  readonly write: (state: string) => void
  /** Whether the thing to try of this number was ever achieved. */
  readonly isDone: (number: number) => boolean
  readonly keepDone: (number: number) => void
}

export const [useStation, provideStation] = createContext<StationLink>()
