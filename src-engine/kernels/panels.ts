/**
 * How weights lie in panels, for the whole life of a run. A panel holds 8 units (the last one 4 where 1 to 4 units are
 * left): row i has the weights of input i for those units side by side, and the row after the last input has the biases.
 * So a register tile reads a panel from front to back. Units that are only there to fill a panel have weights 0.
 */

/** Rounds units up to whole vectors. */
export function padded(units: number): number {
  return Math.ceil(units / 4) * 4
}

/** Counts the floats of a layer's panels, biases and padding included. */
export function panelFloats(inputs: number, units: number): number {
  return (inputs + 1) * padded(units)
}

/** Counts the rows of a panel of the transpose: a row a unit, padding, and a row of zeros in the place of biases. */
export function transposedRows(units: number): number {
  return padded(units) + 1
}

/** Counts the floats of the transposed panels. */
export function transposedFloats(inputs: number, units: number): number {
  return transposedRows(units) * padded(inputs)
}

/**
 * Chooses the floats from one row of a buffer to the next: whole vectors, and never a multiple of 512 bytes,
 * at which the rows of a column would fall into a few sets of the first-level cache.
 */
export function rowStride(units: number): number {
  const floats = padded(units)
  return floats % 128 === 0 ? floats + 16 : floats
}

/**
 * Writes a layer's weights and biases into its panels.
 * Shapes: parameters hold w (O,I) row-major then b (O) from `offset` on; panels panelFloats(I,O), padding left as it is.
 */
export function pack(
  parameters: Float32Array,
  offset: number,
  panels: Float32Array,
  inputs: number,
  units: number
): void {
  eachUnit(inputs, units, (unit, first, width) => {
    const from = offset + unit * inputs
    for (let input = 0; input < inputs; input++) panels[first + input * width] = parameters[from + input] ?? 0
    panels[first + inputs * width] = parameters[offset + units * inputs + unit] ?? 0
  })
}

/** Reads a layer's weights and biases back from its panels; shapes as pack(). */
export function unpack(
  panels: Float32Array,
  parameters: Float32Array,
  offset: number,
  inputs: number,
  units: number
): void {
  eachUnit(inputs, units, (unit, first, width) => {
    const to = offset + unit * inputs
    for (let input = 0; input < inputs; input++) parameters[to + input] = panels[first + input * width] ?? 0
    parameters[offset + units * inputs + unit] = panels[first + inputs * width] ?? 0
  })
}

/** Visits every unit with the place of its first weight and the floats from one of its weights to the next. */
function eachUnit(inputs: number, units: number, visit: (unit: number, first: number, width: number) => void): void {
  for (let unit = 0; unit < units; unit++) {
    const start = unit - (unit % 8)
    const width = units - start > 4 ? 8 : 4
    visit(unit, start * (inputs + 1) + (unit - start), width)
  }
}
