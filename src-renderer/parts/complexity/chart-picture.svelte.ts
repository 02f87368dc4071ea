/**
 * The complexity chart as it stands: places of points, lines and names, and what each is called. Follows the size of its
 * frame, of which it knows only the pixels.
 */
import type { Complexity, ComplexityPoint } from '#contract/selection.ts'
import { labelsOf } from '#renderer/parts/complexity/chart-labels.ts'
import { layoutChart, type Part, type PlacedPoint } from '#renderer/parts/complexity/chart-layout.ts'
import { axes, type Axis, baselinesOf, complexityOf, type Family } from '#renderer/parts/complexity/families.ts'
import { widthOfText } from '#renderer/parts/complexity/label-places.ts'
import { errorWriter, tickWriter } from '#words/errors.ts'
import { nameTopology } from '#words/topologies.ts'

/** What is drawn. */
export interface ChartView {
  readonly complexity: Complexity
  readonly families: readonly Family[]
  readonly axis: Axis
  readonly logX: boolean
  readonly logY: boolean
  /** Training is drawn beside validation. */
  readonly training: boolean
  /** Keys of points whose runs are shown elsewhere. */
  readonly selected: ReadonlySet<string>
}

export class ChartPicture {
  // Nothing is drawn before the size is known: thousands of dots are placed once.
  width = $state(0)
  height = $state(0)
  /** The line of the point under the pointer, by its key. */
  pointedLine = $state<string | null>(null)
  #view: () => ChartView

  constructor(view: () => ChartView) {
    this.#view = view
  }

  readonly write = $derived.by(() => errorWriter(this.#view().complexity.measure.name))

  readonly baselines = $derived.by(() => baselinesOf(this.#view().complexity))

  readonly parts = $derived.by((): readonly Part[] =>
    this.#view().training ? ['train', 'validation'] : ['validation']
  )

  /** What the names at the ends of the lines need; with settings in them, not more than a share of the chart. */
  readonly #endRoom = $derived.by(() => {
    const widest = Math.max(...this.#view().families.map(({ label }) => widthOfText(label)))
    return Math.max(52, Math.min(this.width * 0.28, widest))
  })

  readonly layout = $derived.by(() => {
    const { families, axis, logX, logY, complexity } = this.#view()
    const scales = { logX, logY, formatX: axes[axis].format, formatY: tickWriter(complexity.measure.name) }
    const size = { width: this.width, height: this.height, right: this.#endRoom + 20 }
    return layoutChart(
      families,
      this.#complexityOf,
      scales,
      size,
      this.baselines.map(({ error }) => error)
    )
  })

  /** The points from left to right: the order of the arrow keys. */
  readonly inOrder = $derived.by(() => this.layout.points.toSorted((a, b) => a.x - b.x || a.y - b.y))

  /** With several lines, the one that is pointed at stands out, else that of the suggestion. */
  readonly prominent = $derived.by(
    () =>
      this.pointedLine ??
      this.layout.points.find(({ point }) => point.key === this.#view().complexity.suggested)?.family.key
  )

  readonly labels = $derived.by(() => {
    const { layout, baselines, width, parts, prominent, write } = this
    const { complexity } = this.#view()
    const complexityOf = this.#complexityOf
    const endRoom = this.#endRoom
    return labelsOf({ complexity, layout, baselines, width, endRoom, complexityOf, parts, prominent, write })
  })

  /** Points that no simpler one is as good as, and those whose runs are shown elsewhere. */
  readonly front = $derived.by(() => this.layout.points.filter(({ point }) => point.pareto))
  readonly chosen = $derived.by(() => this.layout.points.filter(({ point }) => this.#view().selected.has(point.key)))

  /** Baselines within the chart, as heights; one above it is only named. */
  readonly baselineHeights = $derived.by(() =>
    this.baselines.map(({ error }) => this.layout.yAt(error)).filter((y) => y >= this.layout.area.top - 1)
  )

  /** Whether a line is drawn strong: few all are, of many the one that matters. */
  standsOut({ key }: Family): boolean {
    return this.#view().families.length < 3 || key === this.prominent
  }

  /** A point as it is read aloud. */
  nameOf({ point }: PlacedPoint): string {
    const { complexity } = this.#view()
    const { mean, standardError } = point.validation
    const noise = standardError === null ? '' : ` plus or minus ${this.write(standardError)}`
    return [
      `${nameTopology(point)}: validation ${this.write(mean)}${noise}`,
      `${point.seeds} ${complexity.folds === null ? 'seeds' : 'folds'}`,
      ...(point.key === complexity.suggested ? ['suggested'] : []),
      ...(point.key === complexity.best ? ['best'] : [])
    ].join(', ')
  }

  readonly #complexityOf = (point: ComplexityPoint) => complexityOf(point, this.#view().axis)
}
