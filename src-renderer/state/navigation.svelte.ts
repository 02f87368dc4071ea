/** Where the person is: read from and written to the page's hash, so that reload, back and forward keep the place. */
import { hrefOf, parsePlace, type Place } from '#renderer/pure/places.ts'

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
