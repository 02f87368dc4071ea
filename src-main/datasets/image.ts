/** Recognises tables whose rows are images, by the names of their pixel columns. */

export interface Image {
  readonly width: number
  readonly height: number
}

const pixelName = /^(?:pixel|px)[ _.-]?(\d+)(?:[ _.x-](\d+))?$/i

/** Whether a column's name is that of a pixel. */
export function isPixel(name: string): boolean {
  return pixelName.test(name)
}

/**
 * Tells the size of the image that the pixel columns make, row by row; null where they make none.
 * Names with one number (`pixel0` to `pixel783`) make a square; with two (`pixel_0_0`) they are row and column.
 */
export function detectImage(names: readonly string[]): Image | null {
  const pixels = names.flatMap((name) => {
    const match = pixelName.exec(name)
    return match ? [{ first: Number(match[1]), second: match[2] === undefined ? null : Number(match[2]) }] : []
  })
  if (pixels.length < 4) return null
  const [start] = pixels
  if (start?.second === null) {
    const side = Math.sqrt(pixels.length)
    const inOrder = pixels.every(({ first, second }, index) => second === null && first === start.first + index)
    return inOrder && Number.isInteger(side) ? { width: side, height: side } : null
  }
  const width = pixels.filter(({ first }) => first === start?.first).length
  const height = pixels.length / width
  const inOrder = pixels.every(
    ({ first, second }, index) =>
      first === (start?.first ?? 0) + Math.floor(index / width) && second === (start?.second ?? 0) + (index % width)
  )
  return inOrder && Number.isInteger(height) ? { width, height } : null
}
