/** Runs in words: their topology, their status, and what sets them apart from the others of their experiment. */
import { sharedActivation, writeHidden } from '#engine/network/topology-text.ts'
import { furtherHiddenSettings, planSettings, type WrittenSetting } from '#engine/training/plan-settings.ts'
import type { Run, RunStatus } from '#contract/runs.ts'

/** Whether a run can still go on by itself or by being resumed. */
export const resumable: readonly RunStatus[] = ['paused', 'interrupted', 'stopped']
export const live: readonly RunStatus[] = ['queued', 'running', 'paused']

/** Whether a run is still to come to its end: also one that goes on once it is asked to. */
export const isToEnd = (status: RunStatus): boolean => live.includes(status) || status === 'interrupted'

/**
 * Tells which runs there are and which of them have come to their end, as text: it changes with any of them, and not
 * with the epochs that those in training tell of.
 */
export const standOf = (runs: readonly Pick<Run, 'id' | 'status'>[]): string =>
  runs.map(({ id, status }) => (isToEnd(status) ? -id : id)).join()

/** Whether a run has a network that can be used: it has completed an epoch and is not in training. */
export function hasNetwork({ status, epochs }: Pick<Run, 'status' | 'epochs'>): boolean {
  return epochs > 0 && status !== 'queued' && status !== 'running'
}

export const statusLabels: Record<RunStatus, string> = {
  queued: 'Queued',
  running: 'Running',
  paused: 'Paused',
  interrupted: 'Interrupted',
  done: 'Done',
  stopped: 'Stopped',
  diverged: 'Diverged',
  failed: 'Failed'
}

/** Writes the hidden layers with the activation they share: `64x32 relu`, `64:tanh x 32:relu`, `no hidden layer`. */
export function describeTopology(run: Pick<Run, 'topology'>): string {
  const hidden = run.topology.layers.slice(0, -1)
  if (hidden.length === 0) return 'no hidden layer'
  const shared = sharedActivation(hidden)
  const text = writeHidden(hidden, shared)
  return shared === null ? text : `${text} ${shared.replace('_', ' ')}`
}

/** The settings of a run by path: everything but the hidden layers' units and activations. */
export function runSettings(
  run: Pick<Run, 'plan' | 'seed' | 'topology'> & Partial<Pick<Run, 'data' | 'source'>>
): Map<string, WrittenSetting> {
  // Of a network that was trained elsewhere nobody knows them.
  if (run.source) return new Map()
  const settings = new Map<string, WrittenSetting>([
    ...furtherHiddenSettings(run.topology.layers.slice(0, -1)),
    ...planSettings(run.plan)
  ])
  const add = (path: string, label: string, value: number | string, text = `${value}`) =>
    settings.set(path, { label, value, text, isSaid: true })
  const { data } = run
  if (data?.kind === 'share') {
    add('data.share', 'Training rows', data.share, `${Number((data.share * 100).toPrecision(3))} %`)
  }
  if (data?.kind === 'fold') add('data.fold', 'Validation', `fold ${data.index} of ${data.of}`)
  add('seed', 'Seed', run.seed)
  return settings
}
