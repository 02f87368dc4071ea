/**
 * Short names of what trials have in common, for points of curves, a focus or a stored choice: they depend on the network
 * and its plan alone, not on what other runs there are, and stay the same when the lab learns further settings. Pure.
 */
import { hiddenLayers, type Layer, type Topology } from '#engine/network/topology.ts'
import { planKey } from '#engine/training/plan-settings.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'

export interface TrialKeys {
  /** Of the layers and the plan; the inputs are those of the experiment. */
  readonly key: string
  /** The same for networks that differ in nothing but how many hidden layers of what size they have. */
  readonly settingsKey: string
}

/** Names a network with its plan. */
export function trialKeys({ topology, plan }: { readonly topology: Topology; readonly plan: TrainingPlan }): TrialKeys {
  const planText = planKey(plan)
  const kinds = new Set(hiddenLayers(topology).map(({ units: _, ...kind }) => textOfLayer(kind)))
  return {
    key: shortHash(`${topology.layers.map(textOfLayer).join(' ')} ${planText}`),
    settingsKey: shortHash(`${[...kinds].join(' ')} ${planText}`)
  }
}

/** The same in whatever order its properties were written. */
function textOfLayer(layer: Partial<Layer>): string {
  const said = Object.entries(layer).filter(([, value]) => value !== undefined)
  return JSON.stringify(said.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * Hashes a text to 16 hexadecimal digits.
 * Source: MurmurHash3's mixing (Appleby, public domain) in two lanes of 32 bits with their own multipliers; among 2,000
 * texts two are alike with a probability of about 1e-13.
 */
function shortHash(text: string): string {
  let [a, b] = [0x9e3779b9, 0x85ebca6b]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    a = Math.imul(a ^ code, 0xcc9e2d51)
    b = Math.imul(b ^ code, 0x1b873593)
    a = (a << 15) | (a >>> 17)
    b = (b << 13) | (b >>> 19)
  }
  const [first, second] = [finish(a ^ (b >>> 7)), finish(b ^ text.length)]
  return [first, second].map((lane) => lane.toString(16).padStart(8, '0')).join('')
}

function finish(lane: number): number {
  let hash = lane
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
