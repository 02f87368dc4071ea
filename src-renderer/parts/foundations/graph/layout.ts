/** Where the nodes of a computation graph lie: columns by how far they are from what is given, rows near their inputs. Pure. */
import type { Node } from '#engine/graph/graph.ts'

export interface PlacedNode {
  readonly node: Node
  readonly column: number
  /** From 0, the top of its column, to 1. */
  readonly row: number
}

/**
 * Places each node one column behind the last of its inputs; what is given stands just before where it is first used.
 * Within a column nodes are ordered by the mean row of their inputs, twice from left to right.
 */
export function placeNodes(nodes: readonly Node[]): { placed: PlacedNode[]; columns: number } {
  const column = new Map<Node, number>()
  for (const node of nodes) {
    column.set(
      node,
      node.kind === 'compute' ? 1 + Math.max(0, ...node.inputs.map((input) => column.get(input) ?? 0)) : 0
    )
  }
  for (const node of nodes) {
    if (node.kind === 'compute') continue
    const users = nodes.filter((other) => other.kind === 'compute' && other.inputs.includes(node))
    if (users.length > 0) column.set(node, Math.min(...users.map((user) => column.get(user) ?? 1)) - 1)
  }
  const columns = Math.max(0, ...column.values()) + 1
  const byColumn = Array.from({ length: columns }, (_, at) => nodes.filter((node) => column.get(node) === at))
  const row = new Map<Node, number>()
  const spread = (list: readonly Node[]) => list.forEach((node, at) => row.set(node, (at + 0.5) / list.length))
  byColumn.forEach(spread)
  for (let pass = 0; pass < 2; pass++) {
    for (const list of byColumn) {
      const wanted = (node: Node) => {
        const near =
          node.kind === 'compute' ? node.inputs : nodes.filter((n) => n.kind === 'compute' && n.inputs.includes(node))
        return near.reduce((sum, other) => sum + (row.get(other) ?? 0.5), 0) / Math.max(1, near.length)
      }
      list.sort((a, b) => wanted(a) - wanted(b))
      spread(list)
    }
  }
  return { placed: nodes.map((node) => ({ node, column: column.get(node) ?? 0, row: row.get(node) ?? 0.5 })), columns }
}
