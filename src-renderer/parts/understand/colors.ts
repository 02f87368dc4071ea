/** Colours of surfaces, as numbers: canvases mix them pixel by pixel. The tokens are read from the theme. */

export type Rgb = readonly [number, number, number]

export const pictureTokens = [
  'class-1',
  'class-2',
  'class-3',
  'class-4',
  'class-5',
  'class-6',
  'class-7',
  'class-8',
  'surface',
  'inset',
  'accent',
  'text',
  'text-2',
  'text-3',
  'grid',
  'line-strong'
] as const

export type PictureColors = Readonly<Record<(typeof pictureTokens)[number], string>>

/** More classes than these take the colours again, with another shape. */
export const classColors = 8

/** The token of a class's colour, by its number. */
export function classToken(index: number): `class-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}` {
  return `class-${((index % classColors) + 1) as 1}`
}

/** Reads a token such as #0b6e66, or #fff as the build shortens it; grey for what is none. */
export function parseColor(token: string): Rgb {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(token.replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3'))
  if (!match) return [128, 128, 128]
  return [parseInt(match[1] ?? '', 16), parseInt(match[2] ?? '', 16), parseInt(match[3] ?? '', 16)]
}

/** Mixes two colours; 0 is the first, 1 the second. */
export function mix(first: Rgb, second: Rgb, share: number): Rgb {
  const at = (index: 0 | 1 | 2) => first[index] + (second[index] - first[index]) * share
  return [at(0), at(1), at(2)]
}

/** How strongly the colour of the classes covers the ground, so that points of the same class stand out on it. */
const classCover = 0.45

/** The colour of a place by the probabilities of the classes. */
export function classColor(probabilities: Float32Array, classes: readonly Rgb[], ground: Rgb): Rgb {
  let [red, green, blue] = [0, 0, 0]
  for (let index = 0; index < probabilities.length; index++) {
    const share = probabilities[index] ?? 0
    const color = classes[index % classes.length] ?? ground
    red += share * color[0]
    green += share * color[1]
    blue += share * color[2]
  }
  return mix(ground, [red, green, blue], classCover)
}

/** The colour of a number between two bounds: from the ground to full. */
export function rampColor(value: number, { low, high }: Range, from: Rgb, to: Rgb): Rgb {
  const share = high > low ? (value - low) / (high - low) : 0.5
  return mix(from, to, Math.min(1, Math.max(0, share)))
}

/** The colour of what a unit gives: blue above zero, orange below, the ground at it. */
export function signColor(value: number, largest: number, ground: Rgb, above: Rgb, below: Rgb): Rgb {
  const share = largest > 0 ? Math.min(1, Math.abs(value) / largest) : 0
  return mix(ground, value < 0 ? below : above, share)
}

export interface Range {
  readonly low: number
  readonly high: number
}

/** The range of numbers; one of zero width where there are none. */
export function rangeOf(values: Iterable<number>): Range {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return low <= high ? { low, high } : { low: 0, high: 0 }
}

export function cssColor([red, green, blue]: Rgb): string {
  return `rgb(${Math.round(red)} ${Math.round(green)} ${Math.round(blue)})`
}
