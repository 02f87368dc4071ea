/** Runs of an experiment as groups that differ in nothing but the seed, with a name that tells them apart. */
import {
  formatHidden,
  hiddenLayers,
  type Layer,
  multiplyAdds,
  parameterCount,
  type Topology
} from '#engine/network/topology.ts'
import {
  differingSettings,
  hiddenSettings,
  planSettings,
  tellApart,
  type WrittenSetting
} from '#engine/training/plan-settings.ts'
import { noHiddenLayer } from '#contract/selection.ts'
import type { Trial, TrialGroup } from '#lab/selection/complexity.ts'
import type { TrialRun } from '#lab/store/runs.ts'
import { errorOf, type Measure } from '#trials/measure.ts'
import { foldOf, isOwnTrial, networkKey, newestOfEqual } from '#trials/trials.ts'

export interface RunTrial extends Trial {
  readonly runId: number | null
  readonly bestEpoch: number | null
}

export interface RunGroup extends TrialGroup {
  readonly trials: readonly RunTrial[]
  /** Runs of the group that give no result. */
  readonly unfinished: number
  /** Whether its runs were stopped before any had a result: it was compared as well, and lost. */
  readonly isGivenUp: boolean
  /** Units of each hidden layer. */
  readonly units: readonly number[]
  /** The settings in which the groups differ, as text. */
  readonly settings: string
  readonly network: Topology
}

/**
 * Groups runs by topology and plan. Only runs that came to their own end count; of several with the same seed and fold,
 * which are equal, the newest does. Names tell apart those groups that have a result.
 */
export function groupRuns(runs: readonly TrialRun[], measure: Measure): RunGroup[] {
  const results = kindsOf(runs).flatMap((members) => {
    const [first] = members
    return first ? [{ first, members, ...trialsOf(members, measure) }] : []
  })
  const compared = results.filter(({ trials }) => trials.length > 0).map(({ first }) => first)
  const names = new Map(namesOf(compared).map((name, index) => [compared[index], name]))
  return results.map(({ first, members, trials, unfinished }) => {
    const hidden = hiddenLayers(first.topology)
    const name = names.get(first)
    return {
      topology: name?.name ?? inWords(hidden),
      settings: name?.settings ?? '',
      units: hidden.map(({ units }) => units),
      network: first.topology,
      predictionSeconds: 0,
      parameters: parameterCount(first.topology),
      multiplyAdds: multiplyAdds(first.topology),
      hiddenUnits: hidden.reduce((sum, { units }) => sum + units, 0),
      depth: hidden.length,
      baseline: hidden.length === 0,
      trials,
      unfinished,
      isGivenUp: trials.length === 0 && members.some(({ status, validation }) => status === 'stopped' && validation)
    }
  })
}

/** Runs by topology and plan, without those that are no trial of these alone. */
export function kindsOf(runs: readonly TrialRun[]): TrialRun[][] {
  return [...Map.groupBy(runs.filter(isOwnTrial), networkKey).values()]
}

/** The results of runs that differ in nothing but the seed, and how many of them give none. */
export function trialsOf(members: readonly TrialRun[], measure: Measure): Pick<RunGroup, 'trials' | 'unfinished'> {
  const finished = members.filter(({ status, train, validation }) => status === 'done' && train && validation)
  const trials = newestOfEqual(finished).map((run) => ({
    runId: run.id,
    seed: run.seed,
    fold: foldOf(run.data),
    bestEpoch: run.bestEpoch,
    trainError: run.train ? errorOf(run.train, measure) : NaN,
    validationError: run.validation ? errorOf(run.validation, measure) : NaN
  }))
  return { trials, unfinished: members.length - finished.length }
}

/** What is worked out of a topology or a plan once, however many runs share it; the store gives equal ones as one. */
function remember<Of extends object, Value>(work: (of: Of) => Value): (of: Of) => Value {
  const known = new WeakMap<Of, Value>()
  return (of) => {
    let value = known.get(of)
    if (value === undefined) known.set(of, (value = work(of)))
    return value
  }
}

const settingsOfPlan = remember(planSettings)

/** Names each run by its hidden layers, and by the settings that differ between the runs. */
export function namesOf(runs: readonly TrialRun[]): { readonly name: string; readonly settings: string }[] {
  const hidden = runs.map(({ topology }) => hiddenLayers(topology))
  const settings = runs.map(({ plan }, index) => {
    return new Map<string, WrittenSetting>([...hiddenSettings(hidden[index] ?? []), ...settingsOfPlan(plan)])
  })
  const hasActivation = differingSettings(settings).has('hidden.activation')
  // Read with the units, it needs no label.
  for (const each of settings) each.delete('hidden.activation')
  const names = tellApart(settings).map((texts, index) => {
    const layers = hidden[index] ?? []
    const activations = hasActivation ? [...new Set(layers.map(({ activation }) => activation))] : []
    const activation = activations.length > 0 ? [activations.join('/')] : []
    const network = [inWords(layers), ...activation].join(' ')
    // In brackets, so that names in a sentence stay apart: `32 tanh (max epochs 40, patience 20) and 64 relu (max epochs 80)`.
    const name = texts.length > 0 ? `${network} (${texts.join(', ')})` : network
    return { name, settings: [...activation, ...texts].join(', ') }
  })
  // Layers that differ among themselves may still look alike in words.
  const seen = new Map<string, number>()
  return names.map(({ name, settings: written }) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return { name: count === 1 ? name : `${name} (${count})`, settings: written }
  })
}

/** Hidden layers as they stand in a sentence, where `none` would say that there is no topology. */
const inWords = (hidden: readonly Layer[]) => (hidden.length === 0 ? noHiddenLayer : formatHidden(hidden))
