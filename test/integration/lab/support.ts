/** A whole lab in a temporary folder: real store, real tables, real engine process. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { defaultPlan, type TrainingPlan } from '#engine/training/plan.ts'
import type { ContractClient } from '#contract/contract.ts'
import type { Dataset } from '#contract/datasets.ts'
import type { Experiment } from '#contract/experiments.ts'
import type { CurvePiece, Run, RunStatus } from '#contract/runs.ts'
import type { Sweep, SweepSettings } from '#contract/sweeps.ts'
import { createEngineLauncher } from '#lab/engine/launcher.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import { createLab, type Lab, type LabOptions } from '#lab/lab.ts'
import { root } from '#test/services.ts'

/** What a caller gives to start a sweep; the rest has defaults. */
export type SweepRequest = Parameters<ContractClient['sweeps']['start']>[0]

export interface TestLab {
  readonly lab: Lab
  readonly client: ContractClient
  /** Process ids of the engines launched so far. */
  readonly engines: number[]
  /** Lines of the log that are errors. */
  readonly errors: string[]
}

/** Host services that launch the real engine and collect the log. */
export function servicesOf(seen: { engines: number[]; errors: string[] }): HostServices {
  const log: HostServices['log'] = (level, message) => {
    if (level === 'error') seen.errors.push(message)
    const pid = /engine was started as process (\d+)/.exec(message)?.[1]
    if (pid) seen.engines.push(Number(pid))
  }
  return {
    name: 'direct',
    capabilities: { nativeFiles: true, uploads: false },
    launchEngine: createEngineLauncher({ root, threads: 2 }, log),
    log,
    root
  }
}

/** Opens the lab of a folder and closes it with the test. */
export async function openLab(folder: string, options?: LabOptions): Promise<TestLab> {
  const opened = await openSharedLab(folder, options)
  onTestFinished(() => opened.lab.close())
  return opened
}

/** Opens a lab for all tests of a file, which closes it after them: an engine takes longer to start than most to test. */
export async function openSharedLab(folder: string, options?: LabOptions): Promise<TestLab> {
  const seen = { engines: [], errors: [] }
  const lab = await createLab(folder, servicesOf(seen), options)
  return { lab, client: lab.client, ...seen }
}

/** Writes a table of two rings of points, which a network learns and a line does not. */
export async function writeRings(folder: string, rows = 300): Promise<string> {
  const lines = ['x,y,ring']
  for (let row = 0; row < rows; row++) {
    const radius = row % 2 === 0 ? 1 : 2
    const angle = row * 2.399963
    const wobble = 0.25 * Math.sin(row * 12.9898)
    lines.push(
      `${((radius + wobble) * Math.cos(angle)).toFixed(5)},${((radius + wobble) * Math.sin(angle)).toFixed(5)},${row % 2 === 0 ? 'inner' : 'outer'}`
    )
  }
  const path = join(folder, 'rings.csv')
  await writeFile(path, `${lines.join('\n')}\n`)
  return path
}

/** Imports and waits for the end of the job. */
export async function importDataset(
  client: ContractClient,
  source: { files: { path: string }[] } | { sampleId: string }
): Promise<Dataset> {
  const { jobId } = await client.datasets.import({ source })
  for await (const item of await client.datasets.importProgress({ jobId })) {
    if (item.type === 'done') return item.dataset
    if (item.type === 'failed') throw new Error(item.message)
  }
  throw new Error('The import ended without a last item.')
}

/** Creates the experiment that the lab proposes. */
export async function proposedExperiment(
  client: ContractClient,
  dataset: Dataset,
  target?: string
): Promise<Experiment> {
  const { settings } = await client.experiments.propose({ datasetId: dataset.id, target })
  return client.experiments.create({ settings })
}

/** Imports the rings and creates their experiment. */
export async function ringsExperiment(client: ContractClient, folder: string): Promise<Experiment> {
  const dataset = await importDataset(client, { files: [{ path: await writeRings(folder) }] })
  return proposedExperiment(client, dataset, 'ring')
}

/** A classification plan for this many epochs. */
export function planFor(epochs: number, patience: number | null = null): TrainingPlan {
  return { ...defaultPlan('cross_entropy'), stopping: { epochs, patience } }
}

/** Starts runs of a 16x8 network. */
export function startRuns(client: ContractClient, experiment: Experiment, epochs: number, seeds = [1]): Promise<Run[]> {
  const hidden = [16, 8].map((units) => ({ units, activation: 'relu' as const }))
  return client.runs.start({ experimentId: experiment.id, hidden, plan: planFor(epochs), seeds })
}

/** Follows the lab's events until a run is as wanted; looks at how it stands first. */
export async function waitForRun(client: ContractClient, runId: number, isWanted: (run: Run) => boolean): Promise<Run> {
  const events = await client.host.events()
  // Asked for before looking, so that no change falls between the two.
  let next = events.next()
  const now = await client.runs.get({ runId })
  try {
    if (isWanted(now)) return now
    for (;;) {
      const { value, done } = await next
      if (done || !value) throw new Error(`The lab was closed while run ${runId} was waited for.`)
      if (value.type === 'run' && value.run.id === runId && isWanted(value.run)) return value.run
      next = events.next()
    }
  } finally {
    await events.return?.()
  }
}

/** Waits for one of these statuses. */
export function waitForStatus(client: ContractClient, runId: number, ...statuses: RunStatus[]): Promise<Run> {
  return waitForRun(client, runId, (run) => statuses.includes(run.status))
}

/** Reads a column of a run's stored curves by epoch; the first value is epoch 1's. */
export async function curveOf(client: ContractClient, runId: number, column: string): Promise<number[]> {
  return columnOf(await client.runs.curves({ runIds: [runId] }), column)
}

/** Takes a column out of pieces by epoch; later pieces count. */
export function columnOf(pieces: readonly CurvePiece[], column: string): number[] {
  const curve: number[] = []
  for (const piece of pieces) {
    const start = piece.columns.indexOf(column) * piece.epochs
    for (let row = 0; row < piece.epochs; row++) curve[piece.firstEpoch + row - 1] = piece.values[start + row] ?? NaN
  }
  return curve
}

/** Follows a run's curves until they reach an epoch, and gives what was seen. */
export async function watchCurve(client: ContractClient, runId: number, untilEpoch: number): Promise<CurvePiece[]> {
  const seen: CurvePiece[] = []
  for await (const item of await client.runs.metrics({ runIds: [runId] })) {
    if (item.type === 'curves') seen.push(...item.pieces)
    const last = seen.at(-1)
    if (last && last.firstEpoch + last.epochs > untilEpoch) return seen
  }
  throw new Error(`The curves of run ${runId} ended before epoch ${untilEpoch}.`)
}

/** The bits of a run's weights, for comparing exactly. */
export async function weightBits(client: ContractClient, runId: number, which: 'best' | 'last'): Promise<Uint32Array> {
  const { parameters } = await client.runs.weights({ runId, which })
  return new Uint32Array(parameters.slice().buffer)
}

/** Settings of a sweep over these topologies, three seeds each. */
export function sweepOf(
  experiment: Experiment,
  hidden: string[],
  options: { epochs?: number; strategy?: SweepSettings['strategy']; minutes?: number } = {}
): SweepRequest {
  return {
    experimentId: experiment.id,
    space: { hidden },
    plan: planFor(options.epochs ?? 20),
    seeds: [1, 2, 3],
    strategy: options.strategy ?? { name: 'grid' },
    budget: { minutes: options.minutes ?? null }
  }
}

/** Follows the lab's events until a sweep is as wanted; looks at how it stands first. */
export async function waitForSweep(
  client: ContractClient,
  sweepId: number,
  isWanted: (sweep: Sweep) => boolean
): Promise<Sweep> {
  const events = await client.host.events()
  let next = events.next()
  const now = await client.sweeps.get({ sweepId })
  try {
    if (isWanted(now)) return now
    for (;;) {
      const { value, done } = await next
      if (done || !value) throw new Error(`The lab was closed while sweep ${sweepId} was waited for.`)
      if (value.type === 'sweep' && value.sweep.id === sweepId && isWanted(value.sweep)) return value.sweep
      next = events.next()
    }
  } finally {
    await events.return?.()
  }
}
