/**
 * The three products of a dense layer over a batch, panel by panel (panels.ts says how weights lie in panels).
 * A panel is 8 units wide, the last one 4 where 1 to 4 units are left; padded weights are 0 and stay 0.
 */
import { columnPanel4, columnPanel8, columnPanels16 } from './column-tile'
import { rowPanel4, rowPanel8, rowPanels16 } from './row-tile'
import { isWide } from './tiling'

/** The width of the panel that starts with `left` units to go. */
// @ts-ignore: decorator
@inline
export function panelWidth(left: i32): i32 {
  return left > 4 ? 8 : 4
}

/** Whether two panels are taken at once where `left` units are to go: with vectors of 256 bits, if both are 8 wide. */
// @ts-ignore: decorator
@inline
export function takesPair(tileRows: i32, left: i32): bool {
  return isWide(tileRows) && left > 12
}

/**
 * Computes c = a . panels for a batch: a layer's weighted sums, or the gradient by its inputs.
 * Shapes: a (rows,k), rows lda bytes apart; panels of `panelRows` rows, of which row k is the bias;
 * c (rows,columns) padded to a multiple of 4, rows ldc bytes apart, overwritten.
 * Units: tileRows as in tiling.ts, isRelu and gate as in row-tile.ts.
 */
export function multiply(
  tileRows: i32,
  rows: i32,
  a: usize,
  lda: usize,
  panels: usize,
  panelRows: i32,
  k: i32,
  columns: i32,
  c: usize,
  ldc: usize,
  isRelu: bool,
  gate: usize
): void {
  const panelBytes = <usize>panelRows * 32
  while (takesPair(tileRows, columns)) {
    rowPanels16(rows, a, lda, panels, panels + panelBytes, k, c, ldc, isRelu, gate)
    panels += panelBytes * 2
    c += 64
    if (gate) gate += 64
    columns -= 16
  }
  while (columns > 4) {
    rowPanel8(tileRows, rows, a, lda, panels, k, c, ldc, isRelu, gate)
    panels += panelBytes
    c += 32
    if (gate) gate += 32
    columns -= 8
  }
  if (columns > 0) rowPanel4(rows, a, lda, panels, k, c, ldc, isRelu, gate)
}

/**
 * Computes the gradient of one panel of weights and biases, or of two side by side: g (+)= [x, 1]^T . dz.
 * Shapes: x (rows,inputs), rows ldx bytes apart; dz (rows,width), rows ldz bytes apart; g (inputs+1,width), with a width of
 * 16 two of (inputs+1,8), one behind the other.
 * Units: tileRows as in tiling.ts; summed over the rows; the loss has already divided dz by the size of the batch.
 */
export function panelGradient(
  tileRows: i32,
  width: i32,
  rows: i32,
  x: usize,
  ldx: usize,
  inputs: i32,
  dz: usize,
  ldz: usize,
  g: usize,
  accumulate: bool
): void {
  const panel = min(width, 8)
  const rowBytes = <usize>panel * 4
  const nextPanel = <usize>(inputs + 1) * rowBytes
  if (width == 16) columnPanels16(inputs, x, ldx, dz, ldz, rows, g, g + nextPanel, accumulate)
  else if (width == 8) columnPanel8(tileRows, inputs, x, ldx, dz, ldz, rows, g, accumulate)
  else columnPanel4(inputs, x, ldx, dz, ldz, rows, g, accumulate)
  const bias = g + <usize>inputs * rowBytes
  biasGradient(panel, rows, dz, ldz, bias, accumulate)
  if (width == 16) biasGradient(8, rows, dz + 32, ldz, bias + nextPanel, accumulate)
}

/** Computes the gradient of the biases of a panel; shapes: dz (rows,width), g (width). */
function biasGradient(width: i32, rows: i32, dz: usize, ldz: usize, g: usize, accumulate: bool): void {
  for (let column: usize = 0; column < <usize>width * 4; column += 16) {
    let sum = accumulate ? v128.load(g + column) : f32x4.splat(0)
    for (let row = 0; row < rows; row++) sum = f32x4.add(sum, v128.load(dz + column + <usize>row * ldz))
    v128.store(g + column, sum)
  }
}

/**
 * Copies one panel of weights into the panels of the transpose.
 * Shapes: panel (inputs+1,width), units from `unit` on; transposed in panels of 8 or 4 inputs with panelRows rows each.
 */
export function transposePanel(
  panel: usize,
  width: i32,
  inputs: i32,
  unit: i32,
  transposed: usize,
  panelRows: i32
): void {
  const rowBytes = <usize>width * 4
  for (let input = 0; input < inputs; input += 4) {
    const start = input & ~7
    const outRowBytes = <usize>panelWidth(inputs - start) * 4
    const out =
      transposed + <usize>start * <usize>panelRows * 4 + <usize>unit * outRowBytes + <usize>(input - start) * 4
    const left = inputs - input
    for (let column: usize = 0; column < <usize>width; column += 4) {
      const from = panel + <usize>input * rowBytes + column * 4
      const zero = f32x4.splat(0)
      const r0 = v128.load(from)
      const r1 = left > 1 ? v128.load(from + rowBytes) : zero
      const r2 = left > 2 ? v128.load(from + rowBytes * 2) : zero
      const r3 = left > 3 ? v128.load(from + rowBytes * 3) : zero
      const low01 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5)
      const low23 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5)
      const high01 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7)
      const high23 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7)
      const to = out + column * outRowBytes
      v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2))
      v128.store(to + outRowBytes, v128.shuffle<i64>(low01, low23, 1, 3))
      v128.store(to + outRowBytes * 2, v128.shuffle<i64>(high01, high23, 0, 2))
      v128.store(to + outRowBytes * 3, v128.shuffle<i64>(high01, high23, 1, 3))
    }
  }
}
