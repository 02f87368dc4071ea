/**
 * Runs as groups that differ in nothing but the seed, with the figures of their seeds together. Pure; what a run is
 * made of never changes, so it is worked out once a run and kept by its number.
 */
import type { Run, RunStatus } from '#contract/runs.ts'
import { describeTopology, runSettings } from '#renderer/state/describe-run.ts'
import { scoreOf } from '#renderer/state/run-order.ts'

/** Topology, plan and rows that runs have in common: everything but the seed. */
export interface RunKind {
  readonly number: number
  readonly topology: string
  readonly settings: ReadonlyMap<string, string>
}

/** A figure over the seeds of a group. */
export interface Spread {
  readonly mean: number
  /** Of the sample (n - 1); null for a single seed. */
  readonly deviation: number | null
  readonly count: number
}

export interface RunGroup {
  readonly kind: RunKind
  /** Newest first. */
  readonly runs: readonly Run[]
  /** Those that came to their own end, one a seed: all that the figures are of. */
  readonly finished: readonly Run[]
  readonly trainLoss: Spread | null
  readonly loss: Spread | null
  readonly score: Spread | null
  readonly bestEpoch: Spread | null
  readonly epochs: Spread | null
  /** Training time of all its runs together. */
  readonly seconds: number
  readonly statuses: ReadonlyMap<RunStatus, number>
  readonly tags: readonly string[]
  readonly starred: boolean
}

/** Remembers what kind each run is of. */
export class RunKinds {
  #byRun = new Map<number, RunKind>()
  #byText = new Map<string, RunKind>()

  of(run: Run): RunKind {
    let kind = this.#byRun.get(run.id)
    if (!kind) this.#byRun.set(run.id, (kind = this.#find(run)))
    return kind
  }

  #find(run: Run): RunKind {
    // A run that began with another run's weights, or was trained elsewhere, is no further seed of anything.
    const beginning = run.fromEpoch === undefined ? null : [run.parentId, run.fromEpoch]
    const text = JSON.stringify([run.topology, run.plan, run.data, run.source, beginning])
    let kind = this.#byText.get(text)
    if (!kind) {
      const settings = runSettings(run)
      settings.delete('Seed')
      kind = { number: this.#byText.size, topology: describeTopology(run), settings }
      this.#byText.set(text, kind)
    }
    return kind
  }
}

/** Groups runs by kind in one pass; groups and runs keep the order they come in. */
export function groupRuns(runs: readonly Run[], kinds: RunKinds): RunGroup[] {
  const members = new Map<RunKind, Run[]>()
  for (const run of runs) {
    const kind = kinds.of(run)
    const known = members.get(kind)
    if (known) known.push(run)
    else members.set(kind, [run])
  }
  return [...members].map(([kind, own]) => toGroup(kind, own))
}

/** Names the settings that are not the same in all kinds, in the order of the settings. */
export function differingNames(kinds: Iterable<RunKind>): string[] {
  const first = new Map<string, string>()
  const differing = new Set<string>()
  let count = 0
  for (const { settings } of kinds) {
    for (const [name, value] of settings) {
      const known = first.get(name)
      if (known === undefined) {
        first.set(name, value)
        if (count > 0) differing.add(name)
      } else if (known !== value) differing.add(name)
    }
    for (const name of first.keys()) if (!settings.has(name)) differing.add(name)
    count++
  }
  return [...first.keys()].filter((name) => differing.has(name))
}

function toGroup(kind: RunKind, runs: readonly Run[]): RunGroup {
  const finished = onePerSeed(runs.filter(({ status }) => status === 'done'))
  const statuses = new Map<RunStatus, number>()
  const tags = new Set<string>()
  let seconds = 0
  for (const run of runs) {
    statuses.set(run.status, (statuses.get(run.status) ?? 0) + 1)
    run.tags?.forEach((tag) => tags.add(tag))
    seconds += run.seconds
  }
  const over = (figure: (run: Run) => number | null | undefined) => spreadOf(finished.map(figure))
  return {
    kind,
    runs,
    finished,
    trainLoss: over((run) => run.train?.loss),
    loss: over((run) => run.validation?.loss),
    score: over((run) => scoreOf(run.validation)),
    bestEpoch: over((run) => run.bestEpoch),
    epochs: over((run) => run.epochs),
    seconds,
    statuses,
    tags: [...tags],
    starred: runs.every((run) => run.starred === true)
  }
}

/** Runs of the same kind and seed are equal: the newest stands for them, so that no seed counts twice. */
function onePerSeed(runs: readonly Run[]): readonly Run[] {
  const bySeed = new Map<number, Run>()
  for (const run of runs) {
    const known = bySeed.get(run.seed)
    if (!known || known.id < run.id) bySeed.set(run.seed, run)
  }
  return bySeed.size === runs.length ? runs : [...bySeed.values()]
}

/** Mean and deviation of the sample; null where there is no figure. */
export function spreadOf(figures: readonly (number | null | undefined)[]): Spread | null {
  const known = figures.filter((figure) => figure !== null && figure !== undefined && Number.isFinite(figure))
  const count = known.length
  if (count === 0) return null
  const mean = known.reduce<number>((sum, figure) => sum + (figure as number), 0) / count
  const squares = known.reduce<number>((sum, figure) => sum + ((figure as number) - mean) ** 2, 0)
  return { mean, deviation: count < 2 ? null : Math.sqrt(squares / (count - 1)), count }
}
