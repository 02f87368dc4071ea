/** What judges the topologies of an experiment: its one validation part, or folds where runs of some are there. Pure. */
import type { Run } from '#contract/runs.ts'

/** What a person chose; null until then. */
export type JudgeChoice = number | 'part' | null

/** The numbers of folds that runs were judged by, ascending. */
export function foldCountsOf(runs: readonly Pick<Run, 'data'>[]): number[] {
  const counts = new Set<number>()
  for (const { data } of runs) if (data.kind === 'fold') counts.add(data.of)
  return [...counts].sort((a, b) => a - b)
}

/**
 * The number of folds that judge, or null for the one part. Until somebody chose, and where what was chosen has no runs
 * any more, folds judge where only they have results.
 */
export function judgingFolds(choice: JudgeChoice, runs: readonly Pick<Run, 'data' | 'status'>[]): number | null {
  const counts = foldCountsOf(runs)
  if (choice === 'part') return null
  if (choice !== null && counts.includes(choice)) return choice
  const hasPart = runs.some(({ data, status }) => data.kind === 'whole' && status === 'done')
  return hasPart ? null : (counts.at(-1) ?? null)
}
