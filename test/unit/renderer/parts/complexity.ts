/** Points of a complexity curve, made up as a test needs them. */
import type { Complexity, ComplexityPoint } from '#contract/selection.ts'
import { formatHidden, type Layer } from '#engine/network/topology.ts'

/** Hidden layers of these widths. */
export const layers = (...units: number[]): Layer[] =>
  units.map((width) => ({ units: width, activation: 'relu' as const }))

/** A point whose parts all have this error. */
export function point(
  units: number[],
  error: number,
  seeds = [1, 2],
  settings: readonly string[] = []
): ComplexityPoint {
  const spread = { median: error, q1: error, q3: error }
  return {
    key: [formatHidden(layers(...units)), ...settings].join(' '),
    settingsKey: settings.join(' '),
    hidden: layers(...units),
    settings: settings.map((text) => ({ path: `hidden.${text}`, text })),
    constant: null,
    parameters: 10 * units.reduce((sum, width) => sum + width, 1),
    multiplyAdds: 9 * units.reduce((sum, width) => sum + width, 1),
    hiddenUnits: units.reduce((sum, width) => sum + width, 0),
    depth: units.length,
    predictionSeconds: null,
    baseline: units.length === 0,
    seeds: seeds.length,
    unfinished: 0,
    train: spread,
    validation: { ...spread, mean: error, standardError: 0.01, low: error, high: error },
    unconverged: 0,
    beside: null,
    trials: seeds.map((seed) => ({ runId: seed, seed, fold: null, train: error, validation: error, bestEpoch: 1 })),
    pareto: false
  }
}

/** A curve of these points, judged by the share of rows that are wrong. */
export function curveOf(points: ComplexityPoint[], change: Partial<Complexity> = {}): Complexity {
  return {
    measure: { name: 'error', label: 'Error' },
    folds: null,
    foldCounts: [],
    points,
    best: null,
    suggested: null,
    zone: { share: 0.02, value: 0 },
    signal: 'unknown',
    noise: null,
    decided: true,
    extraSeeds: 0,
    contested: [],
    unconverged: [],
    unpredicted: [],
    trainOn: null,
    help: null,
    price: null,
    reason: '',
    unfinished: 0,
    tried: points.length,
    luck: { mean: 0, single: 0, method: '' },
    pending: 0,
    ...change
  }
}
