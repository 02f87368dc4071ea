/**
 * The complexity curve on the screen: asked of the lab again when runs have ended, but no more often than it can be
 * computed and read; never twice at once.
 */
import type { Complexity, complexityAxes } from '#contract/selection.ts'
import type { LabClient } from '#renderer/lab/client.ts'
import { toFailure } from '#renderer/lab/failure.ts'
import type { JudgeChoice } from '#renderer/pure/judged-by.ts'

export interface ComplexityQuestion {
  readonly axis: (typeof complexityAxes)[number]
  readonly measure: 'error' | 'loss'
  /** Over so many folds; null for the one validation part. */
  readonly folds: number | null
}

/** What a person chose for the curve; kept while the experiment is open. */
export class ComplexityChoices {
  view = $state<'curve' | 'map' | 'learning'>('curve')
  axis = $state<ComplexityQuestion['axis']>('parameters')
  measure = $state<ComplexityQuestion['measure']>('error')
  /** What judges, here and where a topology is chosen. */
  folds = $state<JudgeChoice>(null)
  logX = $state(true)
  logY = $state(false)
  training = $state(true)
}

/** Between two questions a few times what the last answer took, within what is neither a burden nor a wait. */
const pauseMs = { least: 500, most: 2000, factor: 5 }

export class ComplexityView {
  value = $state.raw<Complexity | null>(null)
  /** What `value` is the answer to. */
  answered = $state.raw<ComplexityQuestion | null>(null)
  problem = $state<string | null>(null)
  #selection: Pick<LabClient['selection'], 'complexity'>
  #experimentId: number
  #wanted: ComplexityQuestion | null = null
  #isAsking = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #pauseUntil = 0

  constructor(selection: Pick<LabClient['selection'], 'complexity'>, experimentId: number) {
    this.#selection = selection
    this.#experimentId = experimentId
  }

  /** Asks, at once where the question is another one than before, else when the pause is over. */
  ask(question: ComplexityQuestion): void {
    const { axis, measure, folds } = this.answered ?? {}
    const isNew = question.axis !== axis || question.measure !== measure || question.folds !== folds
    this.#wanted = question
    if (this.#isAsking) return
    clearTimeout(this.#timer)
    const wait = isNew ? 0 : Math.max(0, this.#pauseUntil - performance.now())
    if (wait === 0) void this.#answer()
    else this.#timer = setTimeout(() => void this.#answer(), wait)
  }

  /** Asks the last question anew at once: something else than the runs has changed its answer. */
  again(): void {
    this.#pauseUntil = 0
    if (this.answered) this.ask(this.#wanted ?? this.answered)
  }

  /** Asks no more. */
  close(): void {
    clearTimeout(this.#timer)
    this.#wanted = null
  }

  async #answer(): Promise<void> {
    const question = this.#wanted
    if (!question) return
    this.#wanted = null
    this.#isAsking = true
    const startedAt = performance.now()
    try {
      this.value = await this.#selection.complexity({ experimentId: this.#experimentId, ...question })
      this.answered = question
      this.problem = null
    } catch (error) {
      this.problem = toFailure(error).message
    }
    const now = performance.now()
    this.#pauseUntil = now + Math.min(pauseMs.most, Math.max(pauseMs.least, pauseMs.factor * (now - startedAt)))
    this.#isAsking = false
    if (this.#wanted) this.ask(this.#wanted)
  }
}
