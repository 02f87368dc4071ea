/** The colours and dashes of classes: the palette of eight, then again with another dash. */
const dashes = ['none', '6 3', '2 3', '8 3 2 3']

/** Number of the colour token of a class, 1 to 8. */
export function classColor(place: number): number {
  return (place % 8) + 1
}

/** The second cue beside the colour. */
export function classDash(place: number): string {
  return dashes[(Math.floor(place / 8) + place) % dashes.length] ?? 'none'
}
