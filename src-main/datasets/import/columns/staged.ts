/**
 * Expressions in stages: each stage is computed once and named, so that a long one is neither written nor planned as often
 * as it is used. DuckDB needs seconds to plan one that is put into itself a few times.
 */

/** SQL of a value from the name of what the stage before gave. */
export type Stage = (input: string) => string

export interface Staged {
  /** SQL over the relation. */
  readonly value: string
  readonly stages: readonly Stage[]
}

/** A relation whose columns `x0`, `x1`, ... are the last stages of the items, in their order. */
export function stagedRelation(relation: string, items: readonly Staged[]): string {
  const depth = Math.max(0, ...items.map(({ stages }) => stages.length))
  let from = `(SELECT ${items.map(({ value }, index) => `${value} AS x${index}`).join(', ')} FROM ${relation})`
  for (let level = 0; level < depth; level++) {
    const columns = items.map(({ stages }, index) => {
      const stage = stages[level]
      return stage ? `${stage(`x${index}`)} AS x${index}` : `x${index}`
    })
    from = `(SELECT ${columns.join(', ')} FROM ${from})`
  }
  return from
}
