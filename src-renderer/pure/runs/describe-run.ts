/** Runs in words: their topology, their status, and what sets them apart from the others of their experiment. */
import { hiddenLayers } from '#engine/network/topology.ts'
import { furtherHiddenSettings, planSettings, type WrittenSetting } from '#engine/training/plan-settings.ts'
import type { Run, RunStatus } from '#contract/runs.ts'
import { formatSetShare } from '#words/numbers.ts'
import { describeHidden } from '#words/topologies.ts'

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

/** Writes the hidden layers of a run with the activation they share. */
export const describeTopology = (run: Pick<Run, 'topology'>): string => describeHidden(hiddenLayers(run.topology))

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
