/** The shapes that tell classes apart beside their colours. */

/** Shapes as corners about the middle, in units of the size; null is a circle. */
const shapes: readonly (readonly (readonly [number, number])[] | null)[] = [
  null,
  [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9]
  ],
  [
    [0, -1.2],
    [1.1, 0.8],
    [-1.1, 0.8]
  ],
  [
    [0, -1.25],
    [1.25, 0],
    [0, 1.25],
    [-1.25, 0]
  ],
  [
    [0, 1.2],
    [1.1, -0.8],
    [-1.1, -0.8]
  ],
  [
    [-0.4, -1.2],
    [0.4, -1.2],
    [0.4, -0.4],
    [1.2, -0.4],
    [1.2, 0.4],
    [0.4, 0.4],
    [0.4, 1.2],
    [-0.4, 1.2],
    [-0.4, 0.4],
    [-1.2, 0.4],
    [-1.2, -0.4],
    [-0.4, -0.4]
  ]
]

/** Eight colours with another shape for each class and each time around: no two of the first 24 classes look alike. */
function cornersOf(index: number): readonly (readonly [number, number])[] | null {
  return shapes[index % shapes.length] ?? null
}

/** Draws the mark of a class, filled and stroked as the context is set. */
export function drawMark(context: CanvasRenderingContext2D, index: number, x: number, y: number, size: number): void {
  const corners = cornersOf(index)
  context.beginPath()
  if (!corners) context.arc(x, y, size, 0, 2 * Math.PI)
  else {
    for (const [across, down] of corners) context.lineTo(x + across * size, y + down * size)
    context.closePath()
  }
  context.fill()
  context.stroke()
}

/** The mark of a class as the path of an SVG of 12 units. */
export function markPath(index: number): string {
  const corners = cornersOf(index)
  if (!corners) return 'M2 6a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z'
  return `M${corners.map(([across, down]) => `${6 + across * 4} ${6 + down * 4}`).join('L')}z`
}
