/** Cuts a list into pieces of at most `size` items, in their order. */
export function cutIntoPieces<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, piece) =>
    items.slice(piece * size, (piece + 1) * size)
  )
}
