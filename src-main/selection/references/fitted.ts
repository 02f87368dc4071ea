/** What a reference model came to on the rows that judge the networks. Pure data. */

/** The models that networks are laid beside. */
export const referenceNames = ['linear', 'forest'] as const

export type ReferenceName = (typeof referenceNames)[number]

/** Raised where a change of the models, or of their library, changes what they come to: they are fitted anew. */
export const referenceVersion = 1

/** One model on one way of parting the rows. */
export interface FittedReference {
  /** Units: share of wrong classes, or root mean squared error in units of the target. */
  readonly trainError: number
  readonly validationError: number
  /** Rows it was trained on; fewer than there are where a sample had to do. */
  readonly trainedRows: number
  readonly seconds: number
  /** How its answers depart from the targets on the first kept rows that judge it, as RowFigures has it. */
  readonly departures: Float32Array
}

/** The root of the mean square, or the share of those that are not 0, for classes. */
export function errorOfDepartures(departures: Float32Array, isClass: boolean): number {
  let sum = 0
  for (const departure of departures) sum += isClass ? Number(departure !== 0) : departure ** 2
  return isClass ? sum / departures.length : Math.sqrt(sum / departures.length)
}
