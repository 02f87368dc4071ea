/** Made-up points of a complexity curve, with what their runs say of single rows. */
import { Random } from '#engine/random.ts'
import { type ComplexityPoint, complexityPoints, type TrialGroup } from '#lab/selection/complexity.ts'
import type { RowResult, RowResults } from '#lab/selection/row-results.ts'
import { suggest, type SuggestionFacts } from '#lab/selection/suggestion.ts'

/** A group whose validation errors are given seed by seed. */
export function group(units: number, validation: readonly number[], key = `${units}`): TrialGroup {
  return {
    key,
    hidden: units === 0 ? [] : [{ units, activation: 'relu' }],
    settings: [],
    constant: key === 'constant' ? 'majority class' : null,
    parameters: units * 10,
    multiplyAdds: units * 9,
    hiddenUnits: units,
    depth: units === 0 ? 0 : 1,
    predictionSeconds: 0,
    baseline: units === 0,
    trials: validation.map((error, seed) => ({ seed, trainError: error / 2, validationError: error }))
  }
}

/** The same over folds; the seeds of a fold lie around its error. */
export const foldGroup = (units: number, validation: readonly number[], seeds = 1): TrialGroup => ({
  ...group(units, []),
  trials: validation.flatMap((error, index) =>
    Array.from({ length: seeds }, (_, seed) => {
      const own = error + (seed - (seeds - 1) / 2) * 0.01
      return { seed, fold: index + 1, trainError: own / 2, validationError: own }
    })
  )
})

/** A topology of which each seed's error is the mean of what its rows add. */
export interface Made {
  readonly units: number
  /** By seed, by row. */
  readonly seeds: readonly (readonly number[])[]
  readonly key?: string
}

/** So many rows around a mean: what is hard for all, `common`, and what each seed has for itself. */
export function made(
  units: number,
  centre: number,
  common: readonly number[],
  { seeds = 5, noise = 0.01, seed = 1 }: { seeds?: number; noise?: number; seed?: number } = {}
): Made {
  const random = new Random(1000 * seed + units)
  return {
    units,
    seeds: Array.from({ length: seeds }, () => common.map((row) => centre + row + noise * random.normal()))
  }
}

/** Numbers of mean 0. */
export function commonRows(rows: number, spread: number, seed = 9): number[] {
  const random = new Random(seed)
  const drawn = Array.from({ length: rows }, () => spread * random.normal())
  const centre = drawn.reduce((sum, value) => sum + value, 0) / rows
  return drawn.map((value) => value - centre)
}

/** Made topologies as points that one part has judged, with what their seeds say of its rows. */
export function pointsOf(all: readonly Made[]): { points: ComplexityPoint[]; rows: RowResults } {
  const points = complexityPoints(all.map(({ units, seeds, key }) => group(units, seeds.map(meanOf), key)))
  const kept = all[0]?.seeds[0]?.length ?? 0
  const results = new Map(
    all.map(({ units, seeds, key }) => [
      key ?? `${units}`,
      new Map(
        seeds.map((rows, seed): [number, RowResult] => [seed, { error: meanOf(rows), parts: Float32Array.from(rows) }])
      )
    ])
  )
  return { points, rows: { rows: kept, areShares: false, points: results } }
}

/** Asks for a suggestion among made topologies that one part of `rows` rows has judged. */
export function suggestAmong(all: readonly Made[], facts: Partial<SuggestionFacts> = {}) {
  const { points, rows } = pointsOf(all)
  return suggest({ ...plainFacts(points), rows, ...facts })
}

export function plainFacts(points: readonly ComplexityPoint[]): SuggestionFacts {
  return {
    points,
    rows: null,
    folds: null,
    constant: null,
    zone: 0.02,
    unconverged: new Set(),
    foldFactor: 4,
    isPending: false
  }
}

export const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
