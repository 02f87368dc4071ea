/** Units of a trained network in words. */
import type { NetworkPicture } from '#contract/understand.ts'
import type { UnitPlace } from '#renderer/parts/understand/paint-network.ts'
import { formatCount, formatFigure } from '#words/numbers.ts'

/** Names a column: `inputs`, `hidden layer 2`, `output`. */
export function nameColumn({ columns }: Pick<NetworkPicture, 'columns'>, index: number): string {
  if (index === 0) return 'inputs'
  return index === columns.length - 1 ? 'output' : `hidden layer ${index}`
}

/** Names a unit: by its input or class, else by its number. */
export function nameUnit(picture: Pick<NetworkPicture, 'columns'>, { column, place }: UnitPlace): string {
  const label = picture.columns[column]?.labels[place]
  return label ?? `unit ${(picture.columns[column]?.drawn[place] ?? 0) + 1}`
}

/** How many of a unit's incoming weights are told. */
export const strongestShown = 4

/** The weights that come into a drawn unit from drawn units, strongest first. */
export function incomingOf(picture: NetworkPicture, { column, place }: UnitPlace): { name: string; weight: number }[] {
  const links = picture.links[column - 1]
  const count = picture.columns[column - 1]?.drawn.length ?? 0
  return Array.from({ length: count }, (_, from) => ({
    name: nameUnit(picture, { column: column - 1, place: from }),
    weight: links?.[place * count + from] ?? 0
  })).sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
}

/** Writes a weight with its sign. */
export function formatWeight(weight: number): string {
  return `${weight < 0 ? '\u2212' : '+'}${formatFigure(Math.abs(weight))}`
}

/** Tells of a hidden layer's units that do nothing of their own; null where there are none. */
export function describeIdle({ columns }: Pick<NetworkPicture, 'columns'>, index: number): string | null {
  const column = columns[index]
  if (!column || index === 0 || index === columns.length - 1) return null
  const { units, still, twins, activation } = column
  const parts: string[] = []
  if (still.length > 0) {
    const verb = activation === 'relu' ? 'fire' : 'change'
    parts.push(
      `${formatCount(still.length)} of ${formatCount(units)} units never ${still.length === 1 ? `${verb}s` : verb}`
    )
  }
  if (twins.length > 0) {
    const of = parts.length > 0 ? '' : ` of ${formatCount(units)} units`
    parts.push(`${formatCount(twins.length)}${of} ${twins.length === 1 ? 'says' : 'say'} what another one says`)
  }
  return parts.length > 0 ? parts.join(', ') : null
}
