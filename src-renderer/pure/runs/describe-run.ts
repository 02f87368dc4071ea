/** Runs in words: their topology, their status, and what sets them apart from the others of their experiment. */
import { sharedActivation, writeHidden } from '#engine/network/topology-text.ts'
import { hiddenLayers } from '#engine/network/topology.ts'
import { furtherHiddenSettings, planSettings, type WrittenSetting } from '#engine/training/plan-settings.ts'
import type { Run, RunStatus } from '#contract/runs.ts'
import { formatSetShare } from '#words/numbers.ts'

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
  const hidden = hiddenLayers(run.topology)
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
    ...furtherHiddenSettings(hiddenLayers(run.topology)),
    ...planSettings(run.plan)
  ])
  const add = (path: string, label: string, value: number | string, text = `${value}`) =>
    settings.set(path, { label, value, text, isSaid: true })
  const { data } = run
  if (data?.kind === 'share') {
    add('data.share', 'Training rows', data.share, formatSetShare(data.share))
  }
  if (data?.kind === 'fold') add('data.fold', 'Validation', `fold ${data.index} of ${data.of}`)
  add('seed', 'Seed', run.seed)
  return settings
}
