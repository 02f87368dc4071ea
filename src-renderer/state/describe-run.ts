/** Runs in words: their topology, their status, and what sets them apart from the others of their experiment. */
import { losses } from '#engine/network/losses.ts'
import { sharedActivation, writeHidden } from '#engine/network/topology-text.ts'
import { optimizers } from '#engine/training/plan.ts'
import type { Run, RunStatus } from '#contract/runs.ts'

/** Whether a run can still go on by itself or by being resumed. */
export const resumable: readonly RunStatus[] = ['paused', 'interrupted', 'stopped']
export const live: readonly RunStatus[] = ['queued', 'running', 'paused']

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

/** The settings of a run by name, as text: everything but the topology. */
export function runSettings(run: Pick<Run, 'plan' | 'seed'>): Map<string, string> {
  const { optimizer, initialisation, batchSize, stopping, loss, labelSmoothing = 0, classWeights } = run.plan
  const settings = new Map<string, string>([
    ['Optimizer', optimizers[optimizer.name].label],
    ['Learning rate', formatPlain(optimizer.learningRate)]
  ])
  if (optimizer.name === 'momentum') settings.set('Momentum', formatPlain(optimizer.momentum))
  if (optimizer.name === 'adam') {
    settings.set('Beta 1, beta 2', `${formatPlain(optimizer.beta1)}, ${formatPlain(optimizer.beta2)}`)
    settings.set('Epsilon', formatPlain(optimizer.epsilon))
  }
  settings.set('Batch size', batchSize === 'full' ? 'full' : `${batchSize}`)
  settings.set('Epochs', `up to ${stopping.epochs}`)
  settings.set('Patience', stopping.patience === null ? 'off' : `${stopping.patience}`)
  settings.set('Initialisation', describeInitialisation(initialisation))
  settings.set('Loss', losses[loss].label)
  if (labelSmoothing > 0) settings.set('Label smoothing', formatPlain(labelSmoothing))
  if (classWeights) settings.set('Class weights', classWeights === 'balanced' ? classWeights : classWeights.join(', '))
  settings.set('Seed', `${run.seed}`)
  return settings
}

/** Names the settings in which runs differ from each other. */
export function differingSettings(runs: readonly Pick<Run, 'plan' | 'seed'>[]): string[] {
  const values = new Map<string, Set<string>>()
  for (const run of runs) {
    for (const [name, value] of runSettings(run)) {
      let seen = values.get(name)
      if (!seen) values.set(name, (seen = new Set()))
      seen.add(value)
    }
  }
  return [...values].filter(([, seen]) => seen.size > 1).map(([name]) => name)
}

/** Writes the settings of a run that are named, such as `batch size 64, seed 2`. */
export function describeSettings(run: Pick<Run, 'plan' | 'seed'>, names: readonly string[]): string {
  const settings = runSettings(run)
  return names
    .filter((name) => settings.has(name))
    .map((name) => (name === 'Optimizer' ? `${settings.get(name)}` : `${name.toLowerCase()} ${settings.get(name)}`))
    .join(', ')
}

function describeInitialisation(initialisation: Run['plan']['initialisation']): string {
  if ('limit' in initialisation) return `uniform, limit ${formatPlain(initialisation.limit)}`
  if ('deviation' in initialisation) return `normal, deviation ${formatPlain(initialisation.deviation)}`
  return initialisation.name === 'auto' ? 'by activation' : initialisation.name.replace('_', ', ')
}

/** A set number as a person would write it: settings are not measurements, so nothing is rounded away. */
function formatPlain(value: number): string {
  return `${value}`
}
