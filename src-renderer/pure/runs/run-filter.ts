/** Which runs the table shows: by words, status, star and tag. */
import type { Run, RunStatus } from '#contract/runs.ts'
import type { RunKinds } from '#renderer/pure/runs/run-groups.ts'

export const statusFilters = {
  all: { label: 'Any status', statuses: null },
  finished: { label: 'Finished', statuses: ['done'] },
  active: { label: 'Training or waiting', statuses: ['queued', 'running', 'paused'] },
  unfinished: { label: 'Unfinished', statuses: ['stopped', 'interrupted'] },
  failed: { label: 'Diverged or failed', statuses: ['diverged', 'failed'] }
} as const satisfies Record<string, { label: string; statuses: readonly RunStatus[] | null }>

export type StatusFilter = keyof typeof statusFilters

export interface RunFilter {
  /** Each word must be in the topology, a setting, the note, a tag, or be the number of the run. */
  readonly text: string
  readonly status: StatusFilter
  readonly starred: boolean
  readonly tag: string | null
}

export const noFilter: RunFilter = { text: '', status: 'all', starred: false, tag: null }

export function isFiltering(filter: RunFilter): boolean {
  return filter.text.trim() !== '' || filter.status !== 'all' || filter.starred || filter.tag !== null
}

/** Leaves the runs that the filter lets through, in their order; the same array where it lets all through. */
export function filterRuns(runs: readonly Run[], filter: RunFilter, kinds: RunKinds): readonly Run[] {
  if (!isFiltering(filter)) return runs
  const statuses: readonly RunStatus[] | null = statusFilters[filter.status].statuses
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const { starred, tag } = filter
  return runs.filter((run) => {
    if (statuses && !statuses.includes(run.status)) return false
    if (starred && !run.starred) return false
    if (tag !== null && !run.tags?.includes(tag)) return false
    return words.length === 0 || hasWords(run, words, kinds)
  })
}

function hasWords(run: Run, words: readonly string[], kinds: RunKinds): boolean {
  const { topology, settings } = kinds.of(run)
  const said = [...settings.values()].filter(({ isSaid }) => isSaid)
  const text = [topology, run.note, ...(run.tags ?? []), ...said.map((setting) => `${setting.label} ${setting.text}`)]
    .join('\n')
    .toLowerCase()
  return words.every((word) => word === `${run.id}` || word === `#${run.id}` || text.includes(word))
}
