/** Topologies in words: hidden layers, and the name of one among others. Words are for people; nothing is read back from them. */
import { sharedActivation, writeHidden } from '#engine/network/topology-text.ts'
import { formatHidden, type Layer } from '#engine/network/topology.ts'

/** As it stands in a sentence, where `none` would say that there is no topology. */
export const noHiddenLayer = 'no hidden layer'

/** A setting in which a topology differs from others, as words. */
export interface SettingWords {
  readonly path: string
  /** With what it is, such as `learning rate 0.01`; an activation stands for itself. */
  readonly text: string
}

/** What a topology among others is named by. */
export interface NamedTopology {
  readonly hidden: readonly Layer[]
  /** The settings in which those that are compared differ. */
  readonly settings: readonly SettingWords[]
  /** What the model is called that sees no input; null for a network. */
  readonly constant: string | null
}

/** Of hidden layers, by its path. */
export const activationPath = 'hidden.activation'

/**
 * Names a topology among others: `64x32`, `32 tanh (max epochs 40, patience 20)`. Settings stand in brackets, so that names
 * in a sentence stay apart.
 * @param none how the network without hidden layers is called, where not in a sentence
 */
export function nameTopology({ hidden, settings, constant }: NamedTopology, none = noHiddenLayer): string {
  if (constant !== null) return constant
  const network = hidden.length === 0 ? none : formatHidden(hidden)
  // Layers with activations of their own have them in their text.
  const activation = sharedActivation(hidden) === null ? [] : settings.filter(({ path }) => path === activationPath)
  const others = settings.filter(({ path }) => path !== activationPath)
  const brackets = others.length > 0 ? [`(${nameSettings(others)})`] : []
  return [network, ...activation.map(({ text }) => text), ...brackets].join(' ')
}

/** Writes the settings in which topologies differ; empty where in none. */
export const nameSettings = (settings: readonly SettingWords[]): string => settings.map(({ text }) => text).join(', ')

/** Writes hidden layers with the activation they share: `64x32 relu`, `64:tanh x 32:relu`, `no hidden layer`. */
export function describeHidden(hidden: readonly Layer[]): string {
  if (hidden.length === 0) return noHiddenLayer
  const shared = sharedActivation(hidden)
  const text = writeHidden(hidden, shared)
  return shared === null ? text : `${text} ${shared.replace('_', ' ')}`
}
