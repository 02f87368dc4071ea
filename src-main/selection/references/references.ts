/**
 * Reference models: what a linear model and a forest come to on the very rows that judge the networks, so that "is a
 * network the right tool here?" has an answer. Fitted once, when somebody asks, in a thread of their own, and kept.
 */
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import type { FoldCount } from '#lab/selection/evidence.ts'
import { type Fitting, fitInThread } from '#lab/selection/references/fit-in-thread.ts'
import {
  type FittedReference,
  type ReferenceName,
  referenceNames,
  referenceVersion
} from '#lab/selection/references/fitted.ts'
import type { StoredExperiment } from '#lab/store/experiments.ts'
import type { Store } from '#lab/store/store.ts'

export interface ReferencesOptions {
  readonly store: Pick<Store, 'referenceModels'>
  readonly prepared: PreparedTables
  readonly root: string
  readonly log: (level: 'warning', message: string) => void
  /** False where the store may only be read: what is fitted is kept in memory then. */
  readonly keeps: boolean
}

export interface FoundReferences {
  /** Those that are known for all folds: one fit a fold, or one. */
  readonly fits: ReadonlyMap<ReferenceName, readonly FittedReference[]>
  /** Why others are not to be had. */
  readonly problems: ReadonlyMap<ReferenceName, string>
  /** Whether some are still being fitted; ask again. */
  readonly isPending: boolean
}

/** How long an answer waits for what has to be fitted. */
const mostWaitMs = 2000

export class References {
  readonly #options: ReferencesOptions
  readonly #jobs = new Map<string, Job>()
  #last: Promise<void> = Promise.resolve()
  #fitting: Fitting | null = null
  #isClosed = false

  constructor(options: ReferencesOptions) {
    this.#options = options
  }

  /** Finds the models of an experiment over so many folds, or on its validation part. */
  async find(experiment: StoredExperiment, folds: FoldCount): Promise<FoundReferences> {
    const stored = this.#stored(experiment, folds)
    if (referenceNames.every((name) => stored.has(name))) {
      return { fits: stored, problems: new Map(), isPending: false }
    }
    const key = `${experiment.id} ${folds}`
    const job = this.#jobs.get(key) ?? this.#begin(key, experiment, folds, stored)
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, mostWaitMs)
    await Promise.race([job.work, late])
    clearTimeout(timer)
    const complete = [...job.fits].filter(([, fits]) => fits.length === (folds ?? 1))
    return { fits: new Map([...stored, ...complete]), problems: job.problems, isPending: !job.isDone }
  }

  /** Ends what is being fitted. */
  close(): void {
    this.#isClosed = true
    this.#fitting?.stop()
  }

  #stored({ id: experimentId }: StoredExperiment, folds: FoldCount): Map<ReferenceName, FittedReference[]> {
    const all = this.#options.store.referenceModels.of({ experimentId, folds, version: referenceVersion })
    const own = referenceNames.map((name) => [name, all.filter((fit) => fit.name === name)] as const)
    return new Map(own.filter(([, fits]) => fits.length === (folds ?? 1)))
  }

  /** Fits one after another, whatever is asked for: training goes on beside it. */
  #begin(
    key: string,
    experiment: StoredExperiment,
    folds: FoldCount,
    stored: ReadonlyMap<ReferenceName, unknown>
  ): Job {
    const names = referenceNames.filter((name) => !stored.has(name))
    const job: Job = {
      fits: new Map(names.map((name) => [name, []])),
      problems: new Map(),
      isDone: false,
      work: this.#last.then(() => this.#work(job, experiment, folds))
    }
    this.#jobs.set(key, job)
    this.#last = job.work
    return job
  }

  async #work(job: Job, experiment: StoredExperiment, folds: FoldCount): Promise<void> {
    const { log } = this.#options
    try {
      for (let fold = 1; fold <= (folds ?? 1) && !this.#isClosed; fold++) await this.#fit(job, experiment, folds, fold)
    } catch (error) {
      log('warning', `The reference models of experiment ${experiment.id} can't be fitted: ${String(error)}`)
      for (const name of job.fits.keys()) job.problems.set(name, 'It could not be fitted; the log says why.')
    }
    job.isDone = true
  }

  async #fit(job: Job, experiment: StoredExperiment, folds: FoldCount, fold: number): Promise<void> {
    const { store, prepared, root, log, keeps } = this.#options
    const names = [...job.fits.keys()].filter((name) => !job.problems.has(name))
    if (names.length === 0) return
    const data = folds === null ? ({ kind: 'whole' } as const) : ({ kind: 'fold', index: fold, of: folds } as const)
    this.#fitting = fitInThread(root, { table: await prepared.prepare(experiment, data), names })
    const answers = await this.#fitting.answers
    this.#fitting = null
    for (const name of names) {
      const answer = answers.find((each) => each.name === name)
      if (answer && 'fitted' in answer) {
        job.fits.get(name)?.push(answer.fitted)
        const key = { experimentId: experiment.id, folds, version: referenceVersion }
        if (keeps && !this.#isClosed) store.referenceModels.save(key, { ...answer.fitted, fold, name })
      } else if (!this.#isClosed) {
        if (answer) log('warning', `The ${name} of experiment ${experiment.id} can't be fitted: ${answer.problem}`)
        job.problems.set(
          name,
          answer ? 'It could not be fitted; the log says why.' : 'It took longer than three minutes.'
        )
      }
    }
  }
}

interface Job {
  readonly fits: Map<ReferenceName, FittedReference[]>
  readonly problems: Map<ReferenceName, string>
  readonly work: Promise<void>
  isDone: boolean
}
