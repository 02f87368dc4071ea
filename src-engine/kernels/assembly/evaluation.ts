/** The trained network over rows that lie side by side: figures of a part, and outputs for new rows. */
import { activate } from './activation'
import { L_OUTPUT, L_STRIDE, L_UNITS, P_INPUTS, P_LAYER_COUNT, P_MEASURED_SUMS } from './layout'
import { forward, layerAt, measureLoss } from './network'

/**
 * Adds the loss and hits of some rows to P_MEASURED_SUMS.
 * Shapes: inputs (rows,I) and targets (rows), f32 without gaps; rows is at most what the layers' buffers hold.
 */
export function measure(program: usize, inputs: usize, targets: usize, rows: i32): void {
  forward(program, inputs, <usize>load<i32>(program, P_INPUTS) * 4, rows)
  measureLoss(program, rows, targets, 0, 0, program + P_MEASURED_SUMS)
}

/**
 * Writes the network's outputs for some rows, with `activation` applied to the output layer's sums.
 * Shapes: inputs (rows,I), outputs (rows,O), f32 without gaps; rows is at most what the layers' buffers hold.
 */
export function predict(program: usize, inputs: usize, rows: i32, outputs: usize, activation: i32): void {
  forward(program, inputs, <usize>load<i32>(program, P_INPUTS) * 4, rows)
  const layer = layerAt(program, load<i32>(program, P_LAYER_COUNT) - 1)
  const stride = <usize>load<u32>(layer, L_STRIDE)
  const units = load<i32>(layer, L_UNITS)
  let row = <usize>load<u32>(layer, L_OUTPUT)
  activate(activation, row, stride, rows, units)
  for (let left = rows; left > 0; left--) {
    for (let column: usize = 0; column < <usize>units * 4; column += 4) {
      store<f32>(outputs + column, load<f32>(row + column))
    }
    outputs += <usize>units * 4
    row += stride
  }
}
