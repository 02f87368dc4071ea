/**
 * Runs as lines. One run alone has the colours of meaning: training blue and solid, validation orange and dashed.
 * Several runs have a colour and a label each; solid is still training and dashed validation.
 */
import { downsample } from '#renderer/charts/downsample.ts'
import type { Mark, Series } from '#renderer/charts/line-chart.svelte.ts'
import type { Measure } from '#renderer/parts/curves/measures.ts'
import type { Run } from '#contract/runs.ts'
import type { Curve } from '#renderer/state/curve.ts'

export const seriesTokens = [
  'training',
  'validation',
  'class-1',
  'class-2',
  'class-3',
  'class-4',
  'class-5',
  'class-6',
  'class-7',
  'class-8'
] as const

export type SeriesColors = Record<(typeof seriesTokens)[number], string>

export interface ShownRun {
  readonly run: Run
  readonly curve: Curve
}

export interface Parts {
  readonly training: boolean
  readonly validation: boolean
}

const dashes = { training: [], validation: [6, 4] } as const

/** The token of the n-th of several runs. */
export function runToken(index: number): (typeof seriesTokens)[number] {
  return seriesTokens[2 + (index % 8)] ?? 'class-1'
}

/** Makes the lines of one measure, at most about `limit` points each. */
export function toSeries(
  shown: readonly ShownRun[],
  measure: Measure,
  parts: Parts,
  colors: SeriesColors,
  limit: number
): Series[] {
  const alone = shown.length === 1
  return shown.flatMap(({ run, curve }, index) => {
    const color = colors[runToken(index)]
    const training: Series = {
      id: `${run.id}-training`,
      label: alone ? 'training' : parts.validation ? '' : `run ${run.id}`,
      color: alone ? colors.training : color,
      dash: dashes.training,
      width: alone ? 1.75 : 1.25,
      points: downsample(curve.column(`train${measure.column}`), limit)
    }
    const validation: Series = {
      id: `${run.id}-validation`,
      label: alone ? 'validation' : `run ${run.id}`,
      color: alone ? colors.validation : color,
      dash: dashes.validation,
      width: 1.75,
      points: downsample(curve.column(`validation${measure.column}`), limit)
    }
    return [...(parts.training ? [training] : []), ...(parts.validation ? [validation] : [])].filter(
      (series) => series.points.length > 0
    )
  })
}

/** Marks the best epoch of each run on its validation line. */
export function bestMarks(shown: readonly ShownRun[], measure: Measure, colors: SeriesColors): Mark[] {
  return shown.flatMap(({ run, curve }, index) => {
    if (run.bestEpoch === null || run.bestEpoch > curve.epochs) return []
    const onValidation = curve.at(`validation${measure.column}`, run.bestEpoch)
    const value = Number.isFinite(onValidation) ? onValidation : curve.at(`train${measure.column}`, run.bestEpoch)
    const alone = shown.length === 1
    const color = alone ? colors.validation : colors[runToken(index)]
    return [{ epoch: run.bestEpoch, value, color, label: alone ? `best epoch ${run.bestEpoch}` : '' }]
  })
}
