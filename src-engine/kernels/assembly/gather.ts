/** Collects the rows of a mini-batch, which lie scattered over the data set, into one block. */

/**
 * Copies rows by number.
 * Shapes: data (any,columns) without gaps; order (rows) u32; out (rows,columns), rows `stride` bytes apart.
 */
export function gatherRows(data: usize, columns: i32, order: usize, rows: i32, out: usize, stride: usize): void {
  const rowBytes = <usize>columns * 4
  const vectorBytes = rowBytes & ~15
  for (let row = 0; row < rows; row++) {
    const from = data + <usize>load<u32>(order + <usize>row * 4) * rowBytes
    const to = out + <usize>row * stride
    let at: usize = 0
    for (; at < vectorBytes; at += 16) v128.store(to + at, v128.load(from + at))
    for (; at < rowBytes; at += 4) store<f32>(to + at, load<f32>(from + at))
  }
}

/** Copies single numbers by row number: out (rows) f32. */
export function gatherTargets(data: usize, order: usize, rows: i32, out: usize): void {
  for (let row: usize = 0; row < <usize>rows; row++) {
    store<f32>(out + row * 4, load<f32>(data + <usize>load<u32>(order + row * 4) * 4))
  }
}
