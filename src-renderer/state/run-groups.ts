/**
 * Runs as groups that differ in nothing but the seed, or the fold, with the figures of these together. Pure; what a run
 * is made of never changes, so it is worked out once a run and kept by its number.
 */
import { planKey, type WrittenSetting } from '#engine/training/plan-settings.ts'
import type { Run, RunStatus } from '#contract/runs.ts'
import { describeTopology, runSettings } from '#renderer/state/describe-run.ts'
import { scoreOf } from '#renderer/state/run-order.ts'

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
  #byText = new Map<string, RunKind>()
  #parts = new Numbered((part: object) => JSON.stringify(part))
  #plans = new Numbered(planKey)

  of(run: Run): RunKind {
    let kind = this.#byRun.get(run.id)
    if (!kind) this.#byRun.set(run.id, (kind = this.#find(run)))
    return kind
  }

  #find(run: Run): RunKind {
    // A run that began with another run's weights, or was trained elsewhere, is no further seed of anything.
    const beginning = run.fromEpoch === undefined ? null : [run.parentId, run.fromEpoch]
    const { data, topology, source = null } = run
    // A fold may see fewer levels of a column than others, so that its networks have fewer inputs.
    const shape = data.kind === 'fold' ? topology.layers : topology
    const rows = data.kind === 'fold' ? { folds: data.of } : data
    const text = JSON.stringify([this.#parts.of(shape), this.#plans.of(run.plan), rows, source, beginning])
    let kind = this.#byText.get(text)
    if (!kind) {
      const settings = runSettings(run)
      settings.delete('seed')
      const folds = data.kind === 'fold' ? data.of : null
      const fold = settings.get('data.fold')
      if (fold) settings.set('data.fold', { ...fold, value: folds, text: `${folds} folds` })
      kind = { number: this.#byText.size, topology: describeTopology(run), settings, folds }
      this.#byText.set(text, kind)
    }
    return kind
  }
}

/** Numbers objects, equal ones alike; what many runs share is written as text once. */
class Numbered<Value extends object> {
  #byObject = new WeakMap<Value, number>()
  #byText = new Map<string, number>()
  #toText: (value: Value) => string

  constructor(toText: (value: Value) => string) {
    this.#toText = toText
  }

  of(value: Value): number {
    let number = this.#byObject.get(value)
    if (number === undefined) {
      const text = this.#toText(value)
      number = this.#byText.get(text) ?? this.#byText.size
      this.#byText.set(text, number)
      this.#byObject.set(value, number)
    }
    return number
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
  const ended = onePerSeed(runs.filter(({ status }) => status === 'done'))
  const finished = kind.folds === null ? ended : withAllFolds(ended, kind.folds)
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

/** Runs of the same kind, seed and fold are equal: the newest stands for them, so that no seed counts twice. */
function onePerSeed(runs: readonly Run[]): readonly Run[] {
  const bySeed = new Map<string | number, Run>()
  for (const run of runs) {
    const key = run.data.kind === 'fold' ? `${run.seed} ${run.data.index}` : run.seed
    const known = bySeed.get(key)
    if (!known || known.id < run.id) bySeed.set(key, run)
  }
  return bySeed.size === runs.length ? runs : [...bySeed.values()]
}

/** The runs of those seeds that all folds have judged. */
function withAllFolds(runs: readonly Run[], folds: number): readonly Run[] {
  return [...Map.groupBy(runs, ({ seed }) => seed).values()].filter((own) => own.length === folds).flat()
}

/** Runs fold by fold. */
function byFold(runs: readonly Run[]): Run[][] {
  return [...Map.groupBy(runs, ({ data }) => (data.kind === 'fold' ? data.index : 0)).values()]
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
