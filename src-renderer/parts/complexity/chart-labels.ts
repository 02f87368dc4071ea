/** The names in the complexity chart: what they say and where they may stand. Pure; label-places.ts chooses among the spots. */
import type { Complexity, ComplexityPoint } from '#contract/selection.ts'
import type { ChartLayout, FamilyPicture, Part, PlacedPoint } from '#renderer/parts/complexity/chart-layout.ts'
import type { Baseline, Family } from '#renderer/parts/complexity/families.ts'
import { breakName, type Label, placeLabels, type Spot, widthOfText } from '#renderer/parts/complexity/label-places.ts'
import { nameTopology } from '#words/topologies.ts'

export type ChartLabel = Label & { readonly key: string; readonly kind: 'named' | 'end' | 'baseline-label' }

/** Pixels of height below which names with settings would cover the whole chart. */
const lowest = 110

/** The longest name of a point, in pixels. */
const nameRoom = 220

export interface LabelledChart {
  readonly complexity: Pick<Complexity, 'best' | 'suggested'>
  readonly layout: ChartLayout
  readonly baselines: readonly Baseline[]
  /** Pixels of the whole picture, and of them what the names at the ends of the lines have. */
  readonly width: number
  readonly endRoom: number
  readonly complexityOf: (point: ComplexityPoint) => number
  /** The parts that are drawn: names keep off their lines. */
  readonly parts: readonly Part[]
  /** The line that stands out: it has its name before the others, which may find no room. */
  readonly prominent: string | undefined
  readonly write: (error: number) => string
}

/** Names of points, lines and baselines, in the order of their weight; each stands where it covers least. */
export function labelsOf(chart: LabelledChart): (ChartLabel & Spot)[] {
  const { complexity, layout, parts, complexityOf } = chart
  const { area } = layout
  const rankOf = ({ key }: Family) => (key === chart.prominent ? 0 : 1)
  const all = [
    ...layout.points
      .filter(({ point: { key } }) => key === complexity.best || key === complexity.suggested)
      .map((placed) => nameLabel(chart, placed)),
    ...layout.pictures
      .toSorted((a, b) => rankOf(a.family) - rankOf(b.family))
      .flatMap((picture) => lineLabel(chart, picture)),
    ...chart.baselines.map((baseline) => baselineLabel(chart, baseline))
  ]
  const lines = layout.pictures.flatMap(({ family: { points } }) =>
    parts.map((part) =>
      points.map((point) => [layout.xAt(complexityOf(point)), layout.yAt(point[part].median)] as const)
    )
  )
  const room = { left: area.left, right: chart.width, top: area.top - 12, bottom: area.bottom }
  const spots = placeLabels(all, lines, room)
  return all.flatMap((label, index) => {
    const spot = spots[index]
    return spot ? [{ ...label, ...spot }] : []
  })
}

function nameLabel({ complexity, layout: { area } }: LabelledChart, { point, x, y }: PlacedPoint): ChartLabel {
  const [suggested, best] = [point.key === complexity.suggested, point.key === complexity.best]
  const what = suggested ? (best ? 'suggested, best' : 'suggested') : 'best'
  const name = `${what}: ${nameTopology(point)}`
  const isLow = area.bottom - area.top < lowest
  const [near, far] = x > (area.left + area.right) / 2 ? (['end', 'start'] as const) : (['start', 'end'] as const)
  const spots = [-16, 18, -30, 32].flatMap((down): Spot[] => [
    { x, y: y + down, anchor: near },
    { x, y: y + down, anchor: far }
  ])
  return {
    key: `named ${what}`,
    kind: 'named',
    isBold: true,
    // The mark alone in a low chart, or where a name with settings would cover it; the sentence above names both.
    lines: [isLow || widthOfText(name, true) > nameRoom ? what : name],
    spots,
    isNeeded: true
  }
}

function lineLabel({ layout, endRoom }: LabelledChart, { family }: FamilyPicture): ChartLabel[] {
  const last = layout.points.findLast((placed) => placed.family === family)
  if (!last || family.label === '') return []
  const { x, y } = last
  const beside = [0, 14, -14, 28, -28, 42, -42].map((down): Spot => ({ x: x + 10, y: y + down, anchor: 'start' }))
  const around = [-14, 16].flatMap((down): Spot[] => [
    { x, y: y + down, anchor: 'start' },
    { x, y: y + down, anchor: 'end' }
  ])
  const lines = breakName(family.label, endRoom)
  return [{ key: `end ${family.key}`, kind: 'end', lines, spots: [...beside, ...around] }]
}

function baselineLabel({ layout, write }: LabelledChart, { point, label, error, isAlone }: Baseline): ChartLabel {
  const { left, right, top } = layout.area
  const y = layout.yAt(error)
  const isAbove = y < top - 1
  const text = `${label} ${write(error)}${isAbove ? ', above the chart' : ''}`
  const spots: Spot[] = isAbove
    ? [{ x: right, y: top, anchor: 'end' }]
    : [-9, 10].flatMap((down): Spot[] => [
        { x: left + 28, y: y + down, anchor: 'start' },
        { x: (left + right) / 2, y: y + down, anchor: 'middle' },
        { x: right - 28, y: y + down, anchor: 'end' }
      ])
  return { key: `baseline ${point.key}`, kind: 'baseline-label', lines: [text], spots, isNeeded: isAlone }
}
