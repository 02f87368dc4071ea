/** Which columns of a table of images are its pixels, by the names that the lab recognises them by. */

/** Whether a column holds a pixel: `pixel12`, `px_3_4`. */
export function isPixelColumn(name: string): boolean {
  return /^(?:pixel|px)[ _.-]?\d+(?:[ _.x-]\d+)?$/i.test(name)
}
