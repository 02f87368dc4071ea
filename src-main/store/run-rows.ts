/** Rows of the table of runs, and what they mean. */
import type { Topology } from '#engine/network/topology.ts'
import type { PartMetrics } from '#engine/training/metrics.ts'
import type { Divergence, StopReason } from '#engine/training/outcome.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import type { RunData, RunStatus } from '#contract/runs.ts'

/** Networks whose probabilities or values are averaged, by the numbers of their runs. */
export interface StoredEnsemble {
  readonly members: readonly { readonly run: number; readonly topology: Topology; readonly seed: number }[]
  /** Of the averaged probabilities; missing: they stay as they are. */
  readonly temperature?: number | undefined
}

export interface RunRow {
  readonly id: number
  readonly experiment_id: number
  readonly parent_id: number | null
  readonly status: RunStatus
  readonly topology: string
  readonly plan: string
  readonly data: string
  readonly seed: number
  readonly parameters: number
  readonly epochs: number
  readonly best_epoch: number | null
  readonly train: string
  readonly validation: string
  readonly seconds: number
  readonly samples_per_second: number | null
  readonly reason: StopReason | null
  readonly message: string | null
  readonly note: string
  readonly tags: string
  readonly starred: number
  readonly sweep_id: number | null
  readonly sweep_point: number | null
  readonly snapshot_bytes: number
  readonly from_epoch: number | null
  readonly divergence: string
  readonly created_at: number
  readonly source: 'training' | 'onnx' | 'ensemble'
  readonly ensemble: string | null
  readonly started_at: number | null
  readonly ended_at: number | null
  readonly processor: string | null
  readonly test_opened: number
}

export type TrialRow = readonly [
  id: RunRow['id'],
  status: RunStatus,
  reason: RunRow['reason'],
  topology: string,
  plan: string,
  data: string,
  seed: number,
  bestEpoch: number | null,
  train: string,
  validation: string,
  fromEpoch: number | null,
  source: RunRow['source'],
  processor: string | null
]

/** Parses texts that recur once: the runs of a sweep share a few topologies and plans, and nobody changes them. */
function rememberParsed<Value>(): (text: string) => Value {
  const known = new Map<string, Value>()
  return (text) => {
    let value = known.get(text)
    if (value === undefined) {
      if (known.size >= mostRemembered) known.clear()
      known.set(text, (value = JSON.parse(text) as Value))
    }
    return value
  }
}

/** Topologies and plans that are kept: about a kilobyte each. */
const mostRemembered = 10_000
const parseTopology = rememberParsed<Topology>()
const parsePlan = rememberParsed<TrainingPlan>()
const parseData = rememberParsed<RunData>()

export function toRun(row: RunRow) {
  return {
    id: row.id,
    experimentId: row.experiment_id,
    parentId: row.parent_id,
    status: row.status,
    topology: parseTopology(row.topology),
    plan: parsePlan(row.plan),
    data: parseData(row.data),
    seed: row.seed,
    parameters: row.parameters,
    epochs: row.epochs,
    bestEpoch: row.best_epoch,
    train: JSON.parse(row.train) as PartMetrics | null,
    validation: JSON.parse(row.validation) as PartMetrics | null,
    seconds: row.seconds,
    samplesPerSecond: row.samples_per_second,
    reason: row.reason,
    message: row.message,
    note: row.note,
    tags: JSON.parse(row.tags) as string[],
    starred: row.starred === 1,
    testOpened: row.test_opened === 1,
    sweep: row.sweep_id === null ? undefined : { id: row.sweep_id, point: row.sweep_point ?? 0 },
    snapshotBytes: row.snapshot_bytes,
    fromEpoch: row.from_epoch ?? undefined,
    divergence: JSON.parse(row.divergence) as Divergence | null,
    createdAt: row.created_at,
    ...(row.source !== 'training' && { source: row.source }),
    ...(row.processor !== null && { processor: row.processor }),
    ...(row.ensemble !== null && { ensemble: JSON.parse(row.ensemble) as StoredEnsemble }),
    startedAt: row.started_at,
    endedAt: row.ended_at
  }
}

export function toTrialRun([
  id,
  status,
  reason,
  topology,
  plan,
  data,
  seed,
  bestEpoch,
  train,
  validation,
  from,
  source,
  processor
]: TrialRow) {
  return {
    id,
    status,
    reason,
    topology: parseTopology(topology),
    plan: parsePlan(plan),
    data: parseData(data),
    seed,
    bestEpoch,
    train: JSON.parse(train) as PartMetrics | null,
    validation: JSON.parse(validation) as PartMetrics | null,
    fromEpoch: from ?? undefined,
    ...(source !== 'training' && { source }),
    ...(processor !== null && { processor })
  }
}
