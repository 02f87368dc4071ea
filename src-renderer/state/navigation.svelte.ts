/** Where the person is: read from and written to the page's hash, so that reload, back and forward keep the place. */

export type Place =
  | { readonly screen: 'data' }
  | { readonly screen: 'dataset'; readonly datasetId: string }
  | { readonly screen: 'experiment'; readonly experimentId: number; readonly runId: number | null }
  | { readonly screen: 'model'; readonly runId: number }
  /** A station of Foundations with its state as that station writes it; all stations where `station` is null. */
  | { readonly screen: 'foundations'; readonly station: string | null; readonly state: string }

/** Reads a hash; what it does not know leads to the data screen. */
export function parsePlace(hash: string): Place {
  const parts = hash.replace(/^#?\/?/, '').split('/')
  const datasetId = parts[0] === 'data' ? decoded(parts[1]) : null
  if (datasetId) return { screen: 'dataset', datasetId }
  if (parts[0] === 'foundations') {
    const station = decoded(parts[1])
    return { screen: 'foundations', station: station === '' ? null : station, state: decoded(parts[2]) ?? '' }
  }
  const id = Number(parts[1])
  const isId = Number.isInteger(id) && id > 0
  if (parts[0] === 'models' && isId) return { screen: 'model', runId: id }
  if (parts[0] === 'experiments' && isId) {
    const runId = Number(parts[3])
    const hasRun = parts[2] === 'runs' && Number.isInteger(runId) && runId > 0
    return { screen: 'experiment', experimentId: id, runId: hasRun ? runId : null }
  }
  return { screen: 'data' }
}

/** The text of a part of a hash; null for one that was cut off within a sign, as pasted addresses may be. */
function decoded(part: string | undefined): string | null {
  try {
    return part === undefined ? null : decodeURIComponent(part)
  } catch {
    return null
  }
}

/** Writes a place as a hash that parsePlace reads back; usable as `href`. */
export function hrefOf(place: Place): string {
  switch (place.screen) {
    case 'data':
      return '#/data'
    case 'dataset':
      return `#/data/${encodeURIComponent(place.datasetId)}`
    case 'model':
      return `#/models/${place.runId}`
    case 'foundations':
      return ['#/foundations', place.station, place.station && place.state].filter(Boolean).join('/')
    case 'experiment':
      return `#/experiments/${place.experimentId}` + (place.runId === null ? '' : `/runs/${place.runId}`)
  }
}

export class Navigation {
  place = $state.raw<Place>({ screen: 'data' })
  #page: Pick<Window, 'location' | 'history' | 'addEventListener'>

  constructor(page: Pick<Window, 'location' | 'history' | 'addEventListener'>) {
    this.#page = page
    this.place = parsePlace(page.location.hash)
    page.addEventListener('hashchange', () => (this.place = parsePlace(page.location.hash)))
  }

  go(place: Place): void {
    this.#page.location.hash = hrefOf(place)
    this.place = place
  }

  /** Changes the place without a step in the history: for what is selected within a screen. */
  adjust(place: Place): void {
    this.#page.history.replaceState(null, '', hrefOf(place))
    this.place = place
  }
}
