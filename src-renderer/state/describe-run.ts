/** Runs in words: their topology, their status, and what sets them apart from the others of their experiment. */
import { losses } from '#engine/network/losses.ts'
import { sharedActivation, writeHidden } from '#engine/network/topology-text.ts'
import { hiddenLayers } from '#engine/network/topology.ts'
import { optimizers } from '#engine/training/plan.ts'
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

/** The settings of a run by name, as text: everything but the hidden layers' units and activations. */
export function runSettings(
  run: Pick<Run, 'plan' | 'seed' | 'topology'> & Partial<Pick<Run, 'data' | 'source'>>
): Map<string, string> {
  // Of a network that was trained elsewhere nobody knows them.
  if (run.source) return new Map()
  const { optimizer, initialisation, batchSize, stopping, schedule, regularisation = {}, loss } = run.plan
  const { labelSmoothing = 0, huberDelta, classWeights, order = 'shuffled', threads = 1 } = run.plan
  const settings = new Map<string, string>([
    ['Optimizer', optimizers[optimizer.name].label],
    ['Learning rate', formatPlain(optimizer.learningRate)]
  ])
  if (optimizer.name === 'adam') settings.set('Beta 1, beta 2', `${optimizer.beta1}, ${optimizer.beta2}`)
  for (const [name, value] of Object.entries(optimizer)) {
    if (['name', 'learningRate', 'beta1', 'beta2'].includes(name)) continue
    settings.set(spell(name), String(value))
  }
  settings.set('Batch size', batchSize === 'full' ? 'full' : `${batchSize}`)
  settings.set('Epochs', `up to ${stopping.epochs}`)
  settings.set('Patience', stopping.patience === null ? 'off' : `${stopping.patience}`)
  for (const [name, value] of Object.entries(stopping)) {
    if (name !== 'epochs' && name !== 'patience' && value !== null)
      settings.set(`Stop by ${spell(name).toLowerCase()}`, `${value}`)
  }
  if (schedule) settings.set('Schedule', describeParts(schedule))
  for (const [name, value] of Object.entries(regularisation)) if (value) settings.set(spell(name), formatPlain(value))
  const hidden = hiddenLayers(run.topology)
  if (hidden.some(({ dropout = 0 }) => dropout > 0)) {
    settings.set('Dropout', shared(hidden.map(({ dropout = 0 }) => `${dropout}`)))
  }
  if (hidden.some(({ normalisation }) => normalisation)) {
    settings.set('Normalisation', shared(hidden.map(({ normalisation = 'none' }) => normalisation)))
  }
  settings.set('Initialisation', describeInitialisation(initialisation))
  settings.set('Loss', losses[loss].label)
  if (huberDelta !== undefined) settings.set('Huber delta', formatPlain(huberDelta))
  if (labelSmoothing > 0) settings.set('Label smoothing', formatPlain(labelSmoothing))
  if (classWeights) settings.set('Class weights', classWeights === 'balanced' ? classWeights : classWeights.join(', '))
  if (order !== 'shuffled') settings.set('Order of rows', order)
  if (threads > 1) settings.set('Threads', `${threads}`)
  if (run.data?.kind === 'share') settings.set('Training rows', formatSetShare(run.data.share))
  if (run.data?.kind === 'fold') settings.set('Validation', `fold ${run.data.index} of ${run.data.of}`)
  settings.set('Seed', `${run.seed}`)
  return settings
}

/** Writes a name of code as words: `weightDecay` is `Weight decay`, `l2` is `L2`. */
function spell(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function describeParts({ name, ...parts }: { readonly name: string }): string {
  const numbers = Object.entries(parts).map(([part, value]) => `${spell(part).toLowerCase()} ${String(value)}`)
  return [name.replace('_', ' '), ...numbers].join(', ')
}

/** The value of all layers, or each in turn. */
function shared(values: readonly string[]): string {
  return new Set(values).size === 1 ? (values[0] ?? '') : values.join(', ')
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
