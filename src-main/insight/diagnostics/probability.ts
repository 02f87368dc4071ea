/** Probabilities of classes, whether a network has one output unit or one a class. */

/** What the network gives a class of a row. */
export function probabilityOf(outputs: Float32Array, start: number, units: number, index: number): number {
  if (units > 1) return outputs[start + index] ?? NaN
  const ofSecond = outputs[start] ?? NaN
  return index === 1 ? ofSecond : 1 - ofSecond
}
