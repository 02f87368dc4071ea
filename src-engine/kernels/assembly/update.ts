/** The update of one layer: penalties, clipping, the optimizer's pass, limits, and the transpose kept in step. */
import { panelWidth, transposePanel } from './dense'
import * as code from './codes'
import * as at from './layout'
import { update } from './optimizer'
import { addPenalties, clip, decay, limitNorms, sumOfSquares } from './penalty'

/**
 * Updates the units from `unit` on whose weights share a panel.
 * Shapes: gradient (inputs+1,width), changed by penalties and clipping.
 * Units: gradients are multiplied by `factor` before they are used (clipping by norm).
 */
export function updatePanel(
  program: usize,
  layer: usize,
  unit: i32,
  width: i32,
  gradient: usize,
  factor: f32
): void {
  if (load<i32>(program, at.P_OPTIMIZER) == code.OPTIMIZER_NONE) return
  const inputs = load<i32>(layer, at.L_INPUTS)
  const offset = <usize>unit * <usize>(inputs + 1) * 4
  const weights = <usize>load<u32>(layer, at.L_WEIGHTS) + offset
  const count = (inputs + 1) * width
  if (load<i32>(program, at.P_IS_LAST_STEP)) {
    const squared = load<f64>(layer, at.L_GRADIENT_SQUARED_F64) + sumOfSquares(gradient, count)
    store<f64>(layer, squared, at.L_GRADIENT_SQUARED_F64)
  }
  addPenalties(program, weights, gradient, inputs * width)
  clip(program, gradient, count, factor)
  decay(program, weights, inputs * width)
  const state1 = <usize>load<u32>(layer, at.L_STATE1) + offset
  const state2 = <usize>load<u32>(layer, at.L_STATE2) + offset
  update(program, weights, gradient, state1, state2, count)
  limitNorms(program, weights, inputs, width)
  const transposed = <usize>load<u32>(layer, at.L_TRANSPOSED)
  if (transposed) transposePanel(weights, width, inputs, unit, transposed, load<i32>(layer, at.L_TRANSPOSED_ROWS))
}

/** Updates gain and shift of a normalised layer. */
export function updateGains(program: usize, layer: usize, factor: f32): void {
  const gain = <usize>load<u32>(layer, at.L_GAIN)
  if (!gain || load<i32>(program, at.P_OPTIMIZER) == code.OPTIMIZER_NONE) return
  const gradient = <usize>load<u32>(layer, at.L_GAIN_GRADIENT)
  const count = ((load<i32>(layer, at.L_UNITS) + 3) & ~3) * 2
  clip(program, gradient, count, factor)
  update(program, gain, gradient, load<u32>(layer, at.L_GAIN_STATE1), load<u32>(layer, at.L_GAIN_STATE2), count)
}

/** Bytes of a layer's weights and biases in panels. */
export function weightBytes(layer: usize): usize {
  return <usize>(((load<i32>(layer, at.L_UNITS) + 3) & ~3) * (load<i32>(layer, at.L_INPUTS) + 1)) * 4
}

/**
 * Fills the transposed panels of every layer from its weights, after these were written from outside, and the copies that
 * the other threads of the run have of all of it.
 */
export function transposeAll(program: usize): void {
  const count = load<i32>(program, at.P_LAYER_COUNT)
  for (let index = 0; index < count; index++) {
    const layer = program + at.P_LAYERS + <usize>index * at.LAYER_BYTES
    const transposed = <usize>load<u32>(layer, at.L_TRANSPOSED)
    if (!transposed) continue
    const inputs = load<i32>(layer, at.L_INPUTS)
    const units = load<i32>(layer, at.L_UNITS)
    for (let unit = 0; unit < units; unit += 8) {
      const panel = <usize>load<u32>(layer, at.L_WEIGHTS) + <usize>unit * <usize>(inputs + 1) * 4
      transposePanel(panel, panelWidth(units - unit), inputs, unit, transposed, load<i32>(layer, at.L_TRANSPOSED_ROWS))
    }
  }  const threads = load<i32>(program, at.P_THREADS)
  for (let thread = 1; thread < threads; thread++) {
    const other = <usize>(thread * load<i32>(program, at.P_PROGRAM_STRIDE))
    for (let index = 0; index < count; index++) {
      const layer = program + at.P_LAYERS + <usize>index * at.LAYER_BYTES
      const bytes = weightBytes(layer)
      copyBuffer(layer, other, at.L_WEIGHTS, bytes)
      copyBuffer(layer, other, at.L_STATE1, bytes)
      copyBuffer(layer, other, at.L_STATE2, bytes)
      const inputs = (load<i32>(layer, at.L_INPUTS) + 3) & ~3
      copyBuffer(layer, other, at.L_TRANSPOSED, <usize>(inputs * load<i32>(layer, at.L_TRANSPOSED_ROWS)) * 4)
    }
  }
}

/** Copies a buffer of a layer to that of the program `other` bytes further on, unless they share it or have none. */
function copyBuffer(layer: usize, other: usize, field: usize, bytes: usize): void {
  const from = <usize>load<u32>(layer + field)
  const to = <usize>load<u32>(layer + other + field)
  if (from != to) memory.copy(to, from, bytes)
}
