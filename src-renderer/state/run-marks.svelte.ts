/** Stars, tags and notes of runs: shown at once, and as they were again where the lab refuses; and their averages. */
import type { Run } from '#contract/runs.ts'
import { toFailure } from '#renderer/lab/failure.ts'
import type { App } from '#renderer/state/app.svelte.ts'

/** Reads tags as a person writes them: separated by commas. */
export function parseTags(text: string): string[] {
  const tags = text.split(',').map((tag) => tag.trim().slice(0, 40))
  return [...new Set(tags.filter((tag) => tag !== ''))].slice(0, 20)
}

export class RunMarks {
  problem = $state<string | null>(null)
  #app: App

  constructor(app: App) {
    this.#app = app
  }

  /** Stars all of the runs, or where all are starred none. */
  toggleStar(runs: readonly Run[]): Promise<void> {
    const starred = !runs.every((run) => run.starred)
    const runIds = runs.map(({ id }) => id)
    return this.#change(runs, { starred }, () => this.#app.client.runs.mark({ runIds, starred }))
  }

  /** Gives the runs these tags: adds what is new to what they had in common, takes away what is gone from it. */
  setTags(runs: readonly Run[], tags: readonly string[]): Promise<void> {
    const before = new Set(runs.flatMap((run) => run.tags ?? []))
    const addTags = tags.filter((tag) => !runs.every((run) => run.tags?.includes(tag)))
    const removeTags = [...before].filter((tag) => !tags.includes(tag))
    if (addTags.length === 0 && removeTags.length === 0) return Promise.resolve()
    const runIds = runs.map(({ id }) => id)
    return this.#change(runs, { tags: [...tags] }, () => this.#app.client.runs.mark({ runIds, addTags, removeTags }))
  }

  addTags(runs: readonly Run[], addTags: readonly string[]): Promise<void> {
    const runIds = runs.map(({ id }) => id)
    return this.#change(runs, {}, () => this.#app.client.runs.mark({ runIds, addTags: [...addTags] }))
  }

  setNote(run: Run, note: string): Promise<void> {
    if (note === run.note) return Promise.resolve()
    return this.#change([run], { note }, () => this.#app.client.runs.update({ runId: run.id, note }))
  }

  /** Makes an ensemble of the runs, which joins the list as a run of its own. */
  async average(runs: readonly Run[]): Promise<void> {
    try {
      const run = await this.#app.client.models.ensemble({ runIds: runs.map(({ id }) => id) })
      this.#app.runs.put([run])
      this.problem = null
    } catch (error) {
      this.problem = toFailure(error).message
    }
  }

  async #change(runs: readonly Run[], shown: Partial<Run>, tell: () => Promise<unknown>): Promise<void> {
    this.#app.runs.put(runs.map((run) => ({ ...run, ...shown })))
    try {
      await tell()
      this.problem = null
    } catch (error) {
      this.#app.runs.put(runs)
      this.problem = toFailure(error).message
    }
  }
}
