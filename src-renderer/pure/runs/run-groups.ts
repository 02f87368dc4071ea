/**
 * Runs as groups that differ in nothing but the seed, or the fold, with the figures of these together. Pure; what a run
 * is made of never changes, so it is worked out once a run and kept by its number.
 */
import type { WrittenSetting } from '#engine/training/plan-settings.ts'
import type { Run, RunStatus } from '#contract/runs.ts'
import { describeTopology, runSettings } from '#renderer/pure/runs/describe-run.ts'
import { scoreOf } from '#renderer/pure/runs/run-order.ts'
import { deviation, mean } from '#trials/statistics.ts'
import { foldOf, foldsOf, newestOfEqual, trialKey, wholeSeeds } from '#trials/trials.ts'

/** Topology, plan and rows that runs have in common: everything but the seed and the fold. */
export interface RunKind {
  readonly number: number
  readonly topology: string
  readonly settings: ReadonlyMap<string, WrittenSetting>
  /** How many folds judge its runs; null for the one validation part. */
  readonly folds: number | null
}

/** A figure over the seeds of a group, or over its folds, each with the mean of its seeds. */
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
  /**
   * Those that came to their own end, one a seed and fold: all that the figures are of. Folds differ in how hard they
   * are, so a seed counts once all its folds have ended.
   */
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
  #byKey = new Map<string, RunKind>()

  of(run: Run): RunKind {
    let kind = this.#byRun.get(run.id)
    if (!kind) this.#byRun.set(run.id, (kind = this.#find(run)))
    return kind
  }

  #find(run: Run): RunKind {
    const key = trialKey(run)
    let kind = this.#byKey.get(key)
    if (!kind) {
      const settings = runSettings(run)
      settings.delete('seed')
      const folds = foldsOf(run.data)
      const fold = settings.get('data.fold')
      if (fold) settings.set('data.fold', { ...fold, value: folds ?? 0, text: `${folds} folds` })
      kind = { number: this.#byKey.size, topology: describeTopology(run), settings, folds }
      this.#byKey.set(key, kind)
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

function toGroup(kind: RunKind, runs: readonly Run[]): RunGroup {
  const ended = newestOfEqual(runs.filter(({ status }) => status === 'done'))
  const finished = kind.folds === null ? ended : wholeSeeds(ended, kind.folds)
  const statuses = new Map<RunStatus, number>()
  const tags = new Set<string>()
  let seconds = 0
  for (const run of runs) {
    statuses.set(run.status, (statuses.get(run.status) ?? 0) + 1)
    run.tags?.forEach((tag) => tags.add(tag))
    seconds += run.seconds
  }
  const repeats = kind.folds === null ? finished.map((run) => [run]) : byFold(finished)
  const over = (figure: (run: Run) => number | null | undefined) =>
    spreadOf(repeats.map((own) => (own.length === 1 && own[0] ? figure(own[0]) : spreadOf(own.map(figure))?.mean)))
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

/** Runs fold by fold. */
const byFold = (runs: readonly Run[]): Run[][] => [...Map.groupBy(runs, ({ data }) => foldOf(data)).values()]

/** Mean and deviation of the sample; null where there is no figure. */
export function spreadOf(figures: readonly (number | null | undefined)[]): Spread | null {
  const known = figures.filter((figure): figure is number => Number.isFinite(figure))
  if (known.length === 0) return null
  return { mean: mean(known), deviation: known.length < 2 ? null : deviation(known), count: known.length }
}
