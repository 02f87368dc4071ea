/** Reads the golden files that make_golden.py wrote, and names their shapes. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ReferenceLoss } from '#engine/kernels/reference/losses.ts'
import type { LayerParameters, ReferenceTopology } from '#engine/kernels/reference/network.ts'
import type { ReferenceOptimizer } from '#engine/kernels/reference/optimizers.ts'
import type { LbfgsSettings } from '#engine/kernels/reference/lbfgs.ts'
import type { RunningStatistics } from '#engine/kernels/reference/normalisation.ts'
import type { ReduceOnPlateau, ReferenceSchedule } from '#engine/kernels/reference/schedules.ts'

export interface GoldenFiles {
  activations: {
    points: number[]
    activations: Record<string, { values: number[]; derivatives: number[] }>
  }
  losses: {
    cases: { loss: ReferenceLoss; start: number[][]; targets: number[][]; value: number; gradient: number[][] }[]
  }
  networks: { cases: GoldenNetwork[] }
  optimizers: {
    topology: ReferenceTopology
    loss: ReferenceLoss
    start: number[]
    x: number[][]
    t: number[][]
    cases: { optimizer: ReferenceOptimizer; steps: { loss: number; parameters: number[] }[] }[]
    lbfgs: { settings: LbfgsSettings; steps: number[][] }
  }
  /** As optimizers, with what each row counts. */
  weighted: Omit<GoldenFiles['optimizers'], 'lbfgs'> & { rowWeights: number[] }
  schedules: {
    base: number
    cases: { schedule: ReferenceSchedule; rates: number[] }[]
    warmed: { warmUp: number; schedule: ReferenceSchedule; rates: number[] }
    plateaus: { settings: ReduceOnPlateau; losses: number[]; rates: number[] }[]
  }
  normalisation: {
    gain: number[]
    shift: number[]
    batches: { z: number[][]; output: number[][]; running: RunningStatistics; layerNorm: number[][] }[]
    evaluation: { z: number[][]; output: number[][] }
  }
  clipping: { gradient: number[]; byNorm: Clipped[]; byValue: Clipped[] }
  metrics: {
    classification: {
      classes: number[]
      probabilities: number[][]
      accuracy: number
      confusion: number[][]
      precision: number[]
      recall: number[]
      f1: number[]
      averages: Record<'macro' | 'weighted', [precision: number, recall: number, f1: number]>
      rocAuc: number[]
      logLoss: number
    }
    regression: {
      targets: number[]
      predicted: number[]
      rmse: number
      mae: number
      r2: number
      shares: number[]
      quantiles: number[]
    }
  }
}

export interface GoldenNetwork {
  readonly topology: ReferenceTopology
  readonly loss: ReferenceLoss
  readonly parameters: LayerParameters[]
  readonly x: number[][]
  readonly t: number[][]
  readonly value: number
  readonly outputs: number[][]
  readonly gradients: LayerParameters[]
  readonly inputGradients: number[][]
  /** Running figures after this one batch, of the layers with batch normalisation. */
  readonly running: (RunningStatistics | null)[]
}

interface Clipped {
  readonly limit: number
  readonly clipped: number[]
}

/** Reads one golden file. */
export function readGolden<Name extends keyof GoldenFiles>(name: Name): GoldenFiles[Name] {
  return JSON.parse(readFileSync(resolve(import.meta.dirname, `${name}.json`), 'utf8')) as GoldenFiles[Name]
}

/** Names a network in the title of a test: `3-5 tanh-1 linear, mean_squared_error`. */
export function titleOf({ topology, loss }: GoldenNetwork): string {
  const layers = topology.layers.map((layer) =>
    `${layer.units} ${layer.activation} ${layer.normalisation ?? ''}`.trim()
  )
  return `${[topology.inputs, ...layers].join('-')}, ${loss.name}`
}
