/** Which units of a large network are drawn: those whose gradients say most of this row. Pure. */
import type { RowPass } from '#engine/graph/backpropagation.ts'

export const mostDrawn = 8

/**
 * Chooses at most `most` places of each column, the inputs first: the outputs with the largest errors, and before them
 * the units with the largest |a| + |delta|. In their own order.
 */
export function drawnPlaces({ layers }: RowPass, most = mostDrawn): number[][] {
  const strongest = (strengths: readonly number[]) =>
    strengths
      .map((strength, place) => ({ strength: Math.abs(strength), place }))
      .sort((a, b) => b.strength - a.strength || a.place - b.place)
      .slice(0, most)
      .map(({ place }) => place)
      .sort((a, b) => a - b)
  const first = layers[0]
  if (!first) return []
  const byInput = first.inputs.map(
    (value, input) =>
      first.gradient.weights.reduce((sum, row) => sum + Math.abs(row[input] ?? 0), 0) + 1e-9 * Math.abs(value)
  )
  return [
    strongest(byInput),
    ...layers.map(({ a, delta }) =>
      strongest(a.map((value, unit) => Math.abs(delta[unit] ?? 0) + 1e-9 * Math.abs(value)))
    )
  ]
}
